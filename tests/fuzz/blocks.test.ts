// The counter of executed blocks: what tests of cost rely on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { countBlocks, noBlocks } from "../support/blocks.js";

const OPTIONS = [
  "OPTIONS sip:alice@192.0.2.10 SIP/2.0",
  "Via: SIP/2.0/UDP 192.0.2.20;branch=z9hG4bK1",
  "From: <sip:bob@192.0.2.20>;tag=a",
  "To: <sip:alice@192.0.2.10>",
  "Call-ID: 1@192.0.2.20",
  "CSeq: 1 OPTIONS",
  "Subject: SUBJECT",
  "",
  "",
].join("\r\n");

const skip = noBlocks();

test("the same message costs the same number of blocks, whatever came before", { skip }, () => {
  const [first, junk, again] = countBlocks([OPTIONS, "junk", OPTIONS]);
  assert.ok(first && junk && again);
  assert.deepEqual(again, first);
  assert.ok(first.judged > OPTIONS.length, `${first.judged} blocks`);
  assert.ok(first.received > first.judged, "an answer is work too");
  assert.ok(junk.received < first.received / 2, `${junk.received} blocks`);
});

test(
  "what is longer costs more, and no more than a block a byte where nobody looks into it",
  { skip },
  () => {
    const [short, long] = countBlocks([OPTIONS, OPTIONS.replace("SUBJECT", "x".repeat(4007))]);
    assert.ok(short && long);
    assert.ok(long.judged > short.judged);
    assert.ok(long.judged - short.judged <= 4000, `${long.judged - short.judged} blocks for 4000 bytes`);
  },
);
