// What docs/parsing.md says of the example messages is what `ringlet parse` says.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readText } from "../support/files.js";
import { Instance } from "../support/instance.js";
import { CORPORA, samplesOf } from "./corpus.js";
import { cellWords, tableBelow } from "./page.js";

const PAGE = "docs/parsing.md";
const FOLDERS = ["flows", "field"];
/** Verdicts that speak of what an idle phone does with a message that it could read. */
const WELL_FORMED = /^accept|Too Many Via|^403|^405|^481|^489|Bad Extension|^488|^415/;

const phone = new Instance({ configs: ["ringlet.bind.address = 192.0.2.10\n"] });
phone.start();

const verdicts = new Map(
  FOLDERS.flatMap(samplesOf).map(({ name, bytes }) => {
    const { status, reason } = phone.module.judge(bytes);
    const word = status === 0 ? "accept" : status < 0 ? "drop" : String(status);
    return [name.replace(/\.sip$/, ""), `${word}, ${reason}`];
  }),
);

/** flows/index.tsv: the defects of each message that has one. */
function printedDefects(): Map<string, string> {
  const [head = "", ...rows] = readText(`${CORPORA}/flows/index.tsv`).trim().split("\n");
  const column = head.split("\t").indexOf("printed_defects");
  const cells = rows.map((row) => row.split("\t"));
  return new Map(
    cells
      .filter((row) => row[column] !== "none")
      .map((row) => [`flows/${(row[0] ?? "").replace(/\.sip$/, "")}`, row[column] ?? ""]),
  );
}

test("every message of both folders is counted under its verdict", () => {
  const told = tableBelow(PAGE, "Example messages").map(([verdict, ...counts]) => [
    verdict,
    ...counts.slice(0, FOLDERS.length).map(Number),
  ]);
  const found = [...new Set(verdicts.values())].map((verdict) => [
    verdict,
    ...FOLDERS.map(
      (folder) => [...verdicts].filter(([name, one]) => name.startsWith(folder) && one === verdict).length,
    ),
  ]);
  assert.deepEqual(told.sort(), found.sort());
});

test("every printed fault has the verdict that the page says", () => {
  const defects = printedDefects();
  const told = tableBelow(PAGE, "Printed faults").flatMap(([names = "", defect, verdict, why = ""]) => {
    assert.ok(why.length >= 8, names);
    return cellWords(names).map((name) => [`flows/${name}`, defect, verdict]);
  });
  const found = [...defects].map(([name, defect]) => [name, defect, verdicts.get(name)]);
  assert.equal(found.length, 73);
  assert.deepEqual(told.sort(), found.sort());
});

test("so has every other message that is not well formed", () => {
  const defects = printedDefects();
  const told = tableBelow(PAGE, "Not well formed").flatMap(([names = "", verdict, why = ""]) => {
    assert.ok(why.length >= 8, names);
    return cellWords(names).map((name) => [name, verdict]);
  });
  const found = [...verdicts].filter(([name, verdict]) => !WELL_FORMED.test(verdict) && !defects.has(name));
  assert.deepEqual(told.sort(), found.sort());
});
