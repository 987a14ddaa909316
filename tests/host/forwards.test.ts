// forward and dnd on the command line: settings under their short names.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandError, obey } from "../../host/node/commands.js";
import type { Phone } from "../../host/node/phone.js";

/** What these lines set, and the errors in between. */
function sets(settings: Record<string, string>, ...lines: string[]): string[] {
  const said: string[] = [];
  const phone = {
    get: (key: string) => settings[key] ?? "0",
    set: (key: string, value: string) => said.push(`${key} = ${value}`),
  };
  for (const line of lines) {
    try {
      obey(phone as unknown as Phone, line, () => undefined);
    } catch (error) {
      assert.ok(error instanceof CommandError);
      said.push(error.message);
    }
  }
  return said;
}

test("forward URI and forward off: the phone's, or an account's where those count", () => {
  assert.deepEqual(sets({}, "forward sip:carol@example.com", "forward off"), [
    "forward.always.target = sip:carol@example.com",
    "forward.always.enable = 1",
    "forward.always.enable = 0",
  ]);
  assert.deepEqual(sets({ "features.fwd_mode": "1" }, "forward 2003 2", "forward off"), [
    "account.2.always_fwd.target = 2003",
    "account.2.always_fwd.enable = 1",
    "account.1.always_fwd.enable = 0",
  ]);
});

test("dnd on and off", () => {
  assert.deepEqual(sets({}, "dnd on", "dnd off"), ["features.dnd.enable = 1", "features.dnd.enable = 0"]);
  assert.deepEqual(sets({ "features.dnd_mode": "1" }, "dnd on 3"), ["account.3.dnd.enable = 1"]);
});

test("what can't be obeyed is said", () => {
  assert.deepEqual(sets({}, "forward", "forward a b c", "dnd", "dnd maybe", "dnd on 2", "forward off 17"), [
    "forward needs URI [ACCOUNT], or off",
    "forward needs URI [ACCOUNT], or off",
    "dnd needs on or off, and [ACCOUNT]",
    "dnd needs on or off, and [ACCOUNT]",
    "ACCOUNT needs features.dnd_mode = 1",
    'ACCOUNT is a number from 1 to 16, not "17"',
  ]);
});
