// Switches that the server has to hear of: the phone calls the code of the settings.

import assert from "node:assert/strict";
import { test } from "node:test";
import { registered } from "../support/registrar.js";

const QUIET = "account.1.nat.udp_update_enable = 0";

function phoneWith(config: string) {
  const all = registered({ config: `${QUIET}\n${config}` });
  /** The number that the phone calls now; it is answered, and hangs up. */
  const called = (): string => {
    const invite = all.peer.expects("INVITE");
    all.peer.replies(invite, 603);
    all.peer.expects("ACK");
    return invite.uri;
  };
  return { ...all, called };
}

test("features.dnd.on_code and off_code are called when do not disturb is switched", () => {
  const { phone, peer, called } = phoneWith("features.dnd.on_code = *78\nfeatures.dnd.off_code = *79#");
  phone.sets("features.dnd.enable", "1");
  assert.equal(called(), "sip:*78@192.0.2.20");
  phone.sets("features.dnd.enable", "1");
  peer.expectsNothing();
  phone.sets("features.dnd.enable", "0");
  assert.equal(called(), "sip:*79%23@192.0.2.20");
});

test("forward.X.on_code has the target behind it, for each of the three kinds; another target is told as well", () => {
  for (const [kind, code] of [
    ["always", "*72"],
    ["busy", "*90"],
    ["no_answer", "*92"],
  ] as const) {
    const { phone, peer, called } = phoneWith(
      `forward.${kind}.on_code = ${code}\nforward.${kind}.off_code = ${code}0`,
    );
    phone.sets(`forward.${kind}.target`, "2002");
    peer.expectsNothing();
    phone.sets(`forward.${kind}.enable`, "1");
    assert.equal(called(), `sip:${code}2002@192.0.2.20`);
    phone.sets(`forward.${kind}.target`, "2003");
    assert.equal(called(), `sip:${code}2003@192.0.2.20`);
    phone.sets(`forward.${kind}.enable`, "0");
    assert.equal(called(), `sip:${code}0@192.0.2.20`);
  }
});

test("features.fwd_mode and dnd_mode = 1: the account's switches and codes count", () => {
  const { phone, peer, called } = phoneWith(
    `features.fwd_mode = 1
features.dnd_mode = 1
account.1.dnd.on_code = *1
account.1.always_fwd.on_code = *2
account.1.busy_fwd.on_code = *3
account.1.timeout_fwd.off_code = *4
account.1.timeout_fwd.enable = 1
forward.always.on_code = *9`,
  );
  phone.sets("features.dnd.enable", "1");
  phone.sets("forward.always.enable", "1");
  peer.expectsNothing();
  phone.sets("account.1.dnd.enable", "1");
  assert.equal(called(), "sip:*1@192.0.2.20");
  phone.sets("account.1.always_fwd.target", "7");
  phone.sets("account.1.always_fwd.enable", "1");
  assert.equal(called(), "sip:*27@192.0.2.20");
  phone.sets("account.1.busy_fwd.enable", "1");
  assert.equal(called(), "sip:*3@192.0.2.20");
  phone.sets("account.1.timeout_fwd.enable", "0");
  assert.equal(called(), "sip:*4@192.0.2.20");
});

test("without a code, and for what the files said at the start, nothing is called", () => {
  const { phone, peer } = phoneWith(
    "features.dnd.enable = 1\nfeatures.dnd.on_code = *78\nforward.always.target = 2",
  );
  peer.expectsNothing();
  phone.sets("features.dnd.enable", "0");
  phone.sets("forward.always.enable", "1");
  peer.expectsNothing();
});
