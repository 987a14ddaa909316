// Every message of the flows and the field, read and written: the same message.
//
// Each header field that has a typed form is read into it and written from it, descriptions and multipart
// bodies are too. What was written is read by another reader (same-message.ts), and once more by the same
// one, which must write it again to the byte.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Answered, Outcome, Rewriter, type Rewritten } from "../support/rewriter.js";
import { allSamples, type Sample, samplesOf } from "./corpus.js";
import { normal } from "./same-message.js";
import { cellWords, tableBelow } from "./page.js";

const rewriter = new Rewriter();
/** Header fields that the phone hands on, or shows, as text. */
const TEXT =
  "User-Agent Server Subject Identity Session-ID Info-Package SIP-ETag SIP-If-Match Timestamp".split(" ");

const messages = ["flows", "field"].flatMap(samplesOf);
const PAGE = "docs/parsing.md";
const refused = tableBelow(PAGE, "Not well formed").flatMap(([names = "", verdict = ""]) =>
  cellWords(names).map((name) => ({ name, verdict })),
);
const unread = tableBelow(PAGE, "Header fields that stay as they came").flatMap(
  ([names = "", headers = ""]) =>
    cellWords(names).flatMap((name) => cellWords(headers).map((header) => `${name} ${header}`)),
);

/** One whose Content-Length promises more than there is, with the length that it has. */
function mended({ name, bytes }: Sample): Sample {
  const text = bytes.toString("latin1");
  const length = text.length - text.indexOf("\r\n\r\n") - 4;
  return {
    name,
    bytes: Buffer.from(text.replace(/^(Content-Length|l)( *: *)\d*/im, `$1$2${length}`), "latin1"),
  };
}

function rewritten(sample: Sample): { bytes: Buffer; written: Rewritten } {
  const written = rewriter.rewrite(sample.bytes);
  if (written) return { bytes: sample.bytes, written };
  const known = refused.find(({ name }) => `${name}.sip` === sample.name);
  assert.match(known?.verdict ?? "none", /Body Too Short|Bad Content-Length/, `${sample.name} is refused`);
  const { bytes } = mended(sample);
  const again = rewriter.rewrite(bytes);
  assert.ok(again, `${sample.name} is refused with the right length too`);
  return { bytes, written: again };
}

const results = messages.map((sample) => ({ name: sample.name, ...rewritten(sample) }));

test("the corpora are whole", () => {
  assert.deepEqual(
    [samplesOf("flows").length, samplesOf("field").length, allSamples().length],
    [719, 160, 944],
  );
});

test("parse, write, parse gives the same message", () => {
  for (const { name, bytes, written } of results) {
    const [before, after] = [normal(bytes), normal(written.bytes)];
    // That of the body that was written; of the one that came only if nothing in it changed.
    assert.equal(lengthSaid(written.bytes), lengthThere(written.bytes), name);
    delete before.fields["content-length"];
    delete after.fields["content-length"];
    assert.deepEqual(after, before, name);
  }
});

test("what was written is written again to the byte", () => {
  for (const { name, written } of results) {
    const again = rewriter.rewrite(written.bytes);
    assert.equal(again?.bytes.toString("latin1"), written.bytes.toString("latin1"), name);
    assert.deepEqual(again?.outcomes, written.outcomes, name);
  }
});

test("a header field that has a typed form went through it, or docs/parsing.md says why not", (t) => {
  const count = (wanted: Outcome) =>
    results.flatMap(({ written }) => [...written.outcomes].filter(([, outcome]) => outcome === wanted));
  const asText = new Set(count(Outcome.Text).map(([name]) => name));
  assert.deepEqual([...asText].sort(), [...TEXT].sort());
  const found = results.flatMap(({ name, written }) =>
    [...written.outcomes]
      .filter(([, outcome]) => outcome === Outcome.Refused)
      .map(([header]) => `${name.replace(/\.sip$/, "")} ${header || "Request-URI"}`),
  );
  assert.deepEqual(found.sort(), unread.sort());
  t.diagnostic(
    `${count(Outcome.Typed).length} typed header fields, ${new Set(count(Outcome.Typed).map(([n]) => n)).size} kinds`,
  );
});

test("our answer to each description has its lines", () => {
  const answers = results
    .filter(({ bytes }) => /^application\/sdp\b/i.test(normal(bytes).fields["content-type"]?.[0] ?? ""))
    .map(({ name, bytes }) => ({ name, body: bodyOf(bytes) }))
    .filter(({ body }) => body.length > 0)
    .map(({ name, body }) => ({ name, answered: rewriter.answer(body) }));
  const others = answers.filter(({ answered }) => answered !== Answered.Same);
  assert.ok(answers.length > 150, `${answers.length}`);
  assert.deepEqual(others, [
    // Content-Length cuts the formats off its m= line.
    { name: "field/oss-resiprocate-016.sip", answered: Answered.Refused },
    // It has no v= line.
    { name: "field/oss-rsipstack-020.sip", answered: Answered.Unreadable },
  ]);
  const unreadBodies = results.filter(({ written }) => !written.isBodyRead).map(({ name }) => name);
  assert.deepEqual(unreadBodies, ["field/oss-rsipstack-020.sip"]);
});

function bodyOf(message: Buffer): Buffer {
  const there = message.subarray(message.indexOf("\r\n\r\n") + 4);
  return there.subarray(0, Number(normal(message).fields["content-length"]?.[0] ?? there.length));
}

function lengthSaid(message: Buffer): number {
  const [, said] = /^Content-Length: (\d+)\r$/m.exec(message.toString("latin1")) ?? [];
  return said === undefined ? lengthThere(message) : Number(said);
}

function lengthThere(message: Buffer): number {
  return message.length - message.indexOf("\r\n\r\n") - 4;
}
