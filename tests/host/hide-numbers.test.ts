// `ringlet run --record FILE --hide-numbers`, of the Node host: ringlet-phone has no such option yet.

import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { after, test } from "node:test";
import { ask, assertSame, OPTIONS } from "../support/recorded.js";
import { folderOf, NODE_COMMAND, programOf } from "../support/program.js";

const files = folderOf({
  "numbers.cfg": `#!version:1.0.0.1
ringlet.bind.address = 127.0.0.1
sip.listen_port = 0
sip.listen_mode = 1
account.1.enable = 1
account.1.user_name = 471100
account.1.display_name = 471100
account.1.label = Room 3344
account.1.auth_name = 88120
`,
});
after(files.remove);
const Program = programOf(NODE_COMMAND);

/** Of the phone, of whom it calls, of who asks it, and of their names. */
const NUMBERS = ["471100", "081512", "0715", "4930998877", "2200 at home", "88120"];

test("--hide-numbers: none is left, and it replays; from the start, over a connection, and from a snapshot", async () => {
  const file = files.path("numbers.rec");
  const words = ["--config", files.path("numbers.cfg"), "--record", file, "--hide-numbers"];
  const phone = new Program("run", "--json", ...words);
  let ready = await phone.event("phone.ready");
  const port = Number(ready["port"]);
  while (ready["transport"] !== "TCP") ready = await phone.event("phone.ready");
  for (const target of [
    "sip:081512@127.0.0.1:9",
    "081512",
    "tel:+4930998877",
    "sip:+4930998877@127.0.0.1:9;user=phone",
  ]) {
    phone.type(`call ${target}`);
    phone.type("get account.1.user_name");
    await phone.event("setting");
  }
  const asks = OPTIONS.replaceAll("alice", "471100")
    .replace("<sip:bob", '"2200 at home" <sip:2200')
    .replace("bob", "2200");
  await pieces(Number(ready["port"]), asks);
  await ask(port, 10, asks);
  phone.signal("SIGUSR2");
  while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 10));
  const first = readFileSync(file, "utf8");
  await ask(port, 350, asks);
  phone.type("quit");
  assert.equal(await phone.exited, 0);
  const second = readFileSync(file, "utf8");
  assert.match(first, /^in sip_init /m);
  assert.match(second, /^state /m);
  for (const text of [first, second]) {
    for (const number of NUMBERS) {
      // Four digits may well stand within a tag or a key.
      const found = text.search(new RegExp(`(?<![0-9a-f])${number}(?![0-9a-f])`));
      assert.ok(found < 0, `${number}: ${text.slice(Math.max(found - 60, 0), found + 60)}`);
    }
    assertSame(text);
  }
});

/** Over a connection, cut in the middle of everything. */
async function pieces(port: number, request: string): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay(true);
  await once(socket, "connect");
  const text = request
    .replace("PORT", String(socket.localPort))
    .replace("/UDP", "/TCP")
    .replaceAll("NUMBER", "tcp1");
  const answered = once(socket, "data", { signal: AbortSignal.timeout(10_000) });
  for (let at = 0; at < text.length; at += 7) {
    socket.write(text.slice(at, at + 7));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await answered;
  socket.destroy();
}
