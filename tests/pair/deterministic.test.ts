// The same inputs, times and seed: the same outputs, byte for byte. Another seed: other secrets.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Pair } from "../support/pair.js";
import { readWire } from "./wire.js";

const CONFIG = [
  "account.1.auto_answer = 1",
  "account.1.session_timer.enable = 1",
  "account.1.session_timer.expires = 90",
  "",
].join("\n");
const BAD_LINK = { loss: 0.2, duplicate: 0.2, leastDelay: 10, mostDelay: 400 };

/** Everything that both phones send and tell during ten minutes of a call, holds included. */
function lifeOf(seed: number): { digest: string; datagrams: Buffer[] } {
  const hash = createHash("sha256");
  const datagrams: Buffer[] = [];
  const pair = new Pair({
    configs: [CONFIG, CONFIG],
    seed,
    link: BAD_LINK,
    watcher: {
      sent: (side, bytes, now) => {
        hash.update(`${side} ${now}\n`).update(bytes);
        datagrams.push(bytes);
      },
      said: (side, event, now) => hash.update(`${side} ${now} ${JSON.stringify(event)}\n`),
    },
  });
  const call = pair.dial(0);
  for (const deed of ["hold", "resume"] as const) {
    pair.drive(pair.now + 100_000);
    pair.command(0, (module, now) => module[deed](call, now));
  }
  pair.drive(600_000);
  return { digest: hash.digest("hex"), datagrams };
}

test("same inputs, same times, same seed: the same bytes", () => {
  const once = lifeOf(7);
  assert.ok(once.datagrams.length > 30);
  assert.equal(lifeOf(7).digest, once.digest);
});

test("another seed: other Call-IDs, tags and branches", () => {
  const [one, two] = [lifeOf(7), lifeOf(8)].map(({ datagrams }) => readWire(datagrams[0] as Buffer));
  assert.notEqual(one?.callId, two?.callId);
  for (const what of [/;tag=([^;\r]+)/, /;branch=([^;\r]+)/])
    assert.notEqual(what.exec(one?.text ?? "")?.[1], what.exec(two?.text ?? "")?.[1]);
});
