// What the command line prints: events and traced messages, readable and as JSON.

import assert from "node:assert/strict";
import { test } from "node:test";
import { EventKind, RecordKind } from "../../host/node/abi.js";
import { jsonLine, readableLine } from "../../host/node/print.js";
import type { Event } from "../../host/node/records.js";
import { jsonTrace, readableTrace } from "../../host/node/trace.js";

const EVENT: Event = {
  kind: RecordKind.Event,
  event: EventKind.CallEnded,
  name: "call.ended",
  call: 0x1234,
  number: 3,
  fields: { by: "remote", status: 486, media: { address: "::1", port: 4 }, reason: 'say "no"\n', empty: "" },
};

const TRACED = {
  direction: "sent" as const,
  peer: { address: "::1", port: 5060 },
  local: { address: "127.0.0.1", port: 5062 },
  bytes: Buffer.from("FIRST line\r\nSecond: \u001b[31m\u0007\r\n\r\n"),
};

const TIME = new Date("2030-01-02T03:04:05.678Z");

test("an event is one readable line; only what is no single word is quoted", () => {
  const line =
    'call.ended 3 by=remote status=486 media.address=::1 media.port=4 reason="say \\"no\\"\\n" empty=""';
  assert.equal(readableLine(EVENT), line);
});

test("an event without a call has no number", () => {
  assert.equal(readableLine({ ...EVENT, number: 0, name: "fault", fields: { what: "x" } }), "fault what=x");
});

test("as JSON: the name, the number of the call, the fields", () => {
  assert.deepEqual(JSON.parse(jsonLine(EVENT)), { event: "call.ended", call: 3, ...EVENT.fields });
  assert.equal("call" in JSON.parse(jsonLine({ ...EVENT, number: 0 })), false);
});

test("a traced message has its time, direction and peer, and can't command the terminal", () => {
  assert.equal(
    readableTrace(TRACED, TIME),
    [
      "trace 2030-01-02T03:04:05.678Z sent [::1]:5060 30 bytes",
      "  | FIRST line",
      "  | Second: \\x1b[31m\\x07",
    ].join("\n"),
  );
  assert.deepEqual(JSON.parse(jsonTrace(TRACED, TIME)), {
    event: "trace",
    time: "2030-01-02T03:04:05.678Z",
    direction: "sent",
    peer: "[::1]:5060",
    local: "127.0.0.1:5062",
    message: TRACED.bytes.toString(),
  });
});
