// `ringlet run --record FILE`: the session as a file that `ringlet replay` makes happen once more.

import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { after, test } from "node:test";
import { compileModule } from "../../host/node/module.js";
import { readRecording } from "../../host/node/recording-file.js";
import { replay } from "../../host/node/replay.js";
import { folderOf, IS_NODE_HOST, Program } from "../support/program.js";

const SECRET = "kept-to-myself";

const files = folderOf({
  "phone.cfg": `#!version:1.0.0.1
ringlet.bind.address = 127.0.0.1
sip.listen_port = 0
account.1.enable = 1
account.1.user_name = alice
account.1.password = ${SECRET}
`,
});
after(files.remove);

const why = IS_NODE_HOST ? false : "ringlet-phone does not record yet";

test("--record writes the session when the phone ends, without its password", { skip: why }, async () => {
  const file = files.path("session.rec");
  const phone = new Program("run", "--json", "--config", files.path("phone.cfg"), "--record", file);
  await phone.event("phone.ready");
  phone.type("call sip:nobody@127.0.0.1:9");
  await phone.event("call.outgoing");
  phone.type("quit");
  assert.equal(await phone.exited, 0);
  const text = readFileSync(file, "utf8");
  assert.ok(!text.includes(SECRET));
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const recording = readRecording(text);
  assert.match(text, /^out event call\.outgoing /m);
  const different = [...replay(recording, compileModule())].filter(({ isSame }) => !isSame);
  assert.deepEqual(
    different.map(({ call }) => call.line),
    [],
  );
});

test("replay tells what happened, and that it is the same", { skip: why }, async () => {
  const told = new Program("replay", files.path("session.rec"));
  assert.equal(await told.exited, 0);
  assert.match(told.output, /^\+\d+\.\d{3} {3}call\.outgoing 1 to="sip:nobody@127\.0\.0\.1:9" account=1$/m);
  assert.match(told.output, /^ {2}\| INVITE sip:nobody@127\.0\.0\.1:9 SIP\/2\.0$/m);
  assert.match(told.output, /^\d+ inputs, \d+ outputs, all the same$/m);
});
