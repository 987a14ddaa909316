// The host puts each datagram flush against the end of memory: whoever reads behind it traps.
//
// Here messages end where they must not, and bits of them are wrong, before an idle phone, a ringing one
// and one with a call up. phones.test.ts cuts the messages of RFC 4475, mutations.test.ts does the rest.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Counter } from "../../host/node/abi.js";
import { allSamples, type Sample, samplesOf } from "./corpus.js";
import { Target } from "./target.js";

const MESSAGES = 20;
const SMALL = 10;
const PAUSE_MS = 20;
/** Room for all of them at once, so that none is turned away before it is looked into. */
const ROOM = "ringlet.capacity.transactions = 40000\n";

/** Of the flows and the field, every so many: requests and responses, with and without SDP. */
function representatives(): Sample[] {
  const short = allSamples().filter(({ name, bytes }) => !name.startsWith("rfc4475") && bytes.length < 2000);
  const step = Math.floor(short.length / MESSAGES);
  return Array.from({ length: MESSAGES }, (_, i) => short[i * step] as Sample);
}

const KINDS: [name: string, target: () => Target][] = [
  ["an idle phone", () => new Target(ROOM)],
  ["a phone that rings", ringing],
  [
    "a phone with a call up",
    () => {
      const target = ringing();
      target.answer();
      return target;
    },
  ],
];

function ringing(): Target {
  const target = new Target(`${ROOM}phone_setting.ringing_timeout = 0\n`);
  assert.ok(target.ring());
  return target;
}

/** Every one of them reaches the phone, and is judged besides; then the call goes on, or can be made. */
function shootAll(target: Target, datagrams: Iterable<Buffer>): number {
  let shots = 0;
  const { module } = target.pair.phones[1];
  for (const bytes of datagrams) {
    module.judge(bytes);
    target.shoot(renewed(bytes, shots));
    if (++shots % 50 === 0) target.pass(PAUSE_MS);
  }
  assert.equal(module.counter(Counter.NoRoom), 0);
  target.mustBeSmall();
  return shots;
}

/** The same as a new request: otherwise it would be a retransmission of the one before, or a merged one. */
function renewed(bytes: Buffer, n: number): Buffer {
  const text = bytes.toString("latin1");
  const again = text.replace(/branch=z9hG4bK/, `$&${n}x`).replace(/^(Call-ID|i): */im, `$&${n}x`);
  return Buffer.from(again, "latin1");
}

function finish(target: Target, kind: string): void {
  if (kind === "an idle phone") {
    target.pass(60_000);
    assert.ok(target.ring());
  }
  if (kind !== "a phone with a call up") target.answer();
  target.mustGoOn();
  target.mustBeEmpty();
}

function* cut(samples: Sample[]): Generator<Buffer> {
  for (const { bytes } of samples)
    for (let length = 0; length <= bytes.length; length++) yield bytes.subarray(0, length);
}

function* flipped(samples: Sample[]): Generator<Buffer> {
  for (const { bytes } of samples)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const wrong = Buffer.from(bytes);
      wrong[bit >> 3] = (wrong[bit >> 3] as number) ^ (1 << (bit & 7));
      yield wrong;
    }
}

for (const [kind, make] of KINDS) {
  test(`${MESSAGES} messages of the flows and the field, cut at every octet, before ${kind}`, (t) => {
    const target = make();
    t.diagnostic(`${shootAll(target, cut(representatives()))} datagrams`);
    finish(target, kind);
  });

  test(`the ${SMALL} smallest messages of RFC 4475 with any one bit wrong, before ${kind}`, (t) => {
    const target = make();
    const small = samplesOf("rfc4475").sort((a, b) => a.bytes.length - b.bytes.length);
    t.diagnostic(`${shootAll(target, flipped(small.slice(0, SMALL)))} datagrams`);
    finish(target, kind);
  });
}

test("a datagram ends at the last byte of memory", () => {
  const { module } = new Target().pair.phones[1];
  const bytes = Buffer.from("OPTIONS sip:alice@192.0.2.10 SIP/2.0\r\nX-End: of memory");
  module.judge(bytes);
  const memory = Buffer.from(module["memory"].buffer);
  assert.deepEqual(memory.subarray(memory.length - bytes.length), bytes);
});
