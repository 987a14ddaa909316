// The fuzzer's dictionary: libFuzzer refuses one that it can't read, and a word that is missing there is found by
// nobody.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readText } from "../support/files.js";

const lines = readText("tests/fuzz/sip.dict").split("\n");
const words = lines.filter((line) => line !== "" && !line.startsWith("#"));

/** The names inside `w("...")` of a file, cut at commas; what is no name is of no use, and harmless. */
function namesIn(file: string, pattern: RegExp): string[] {
  const texts = [...readText(file).matchAll(pattern)].map(([, text = ""]) => text);
  return texts.flatMap((text) => text.split(",")).map((name) => name.replace(/ .*$/, ""));
}

test("every line of the dictionary is one that libFuzzer reads", () => {
  const wrong = words.filter((line) => !/^"(?:[^"\\]|\\\\|\\"|\\x[0-9a-f]{2})+"$/.test(line));
  assert.deepEqual(wrong, []);
});

test("no word stands there twice", () => {
  assert.deepEqual(
    words.filter((word, i) => words.indexOf(word) !== i),
    [],
  );
});

test("every header that the module knows is a word", () => {
  const names = namesIn("assembly/message/header.ts", /enterAll\(w\("([^"]*)"\)/g);
  assert.ok(names.length > 70, `${names.length} names`);
  assert.deepEqual(
    names.filter((name) => !words.includes(`"${name}: "`)),
    [],
  );
});

test("every method that the module knows is a word", () => {
  const names = namesIn("assembly/message/method.ts", /"([A-Z]+(?:,[A-Z]+)+)"/g);
  assert.ok(names.length > 10, `${names.length} names`);
  assert.deepEqual(
    names.filter((name) => !words.includes(`"${name} "`)),
    [],
  );
});

/** The names of the table in rows.ts; where a name has two, that of the first server. */
function settingNames(): string[] {
  const source = readText("assembly/settings/rows.ts");
  const lines = (/w\(`([^`]*)`\)/.exec(source)?.[1] ?? "").trim().split("\n");
  let before = "";
  return lines.map((line) => {
    const start = before.slice(0, before.lastIndexOf(".") + 1);
    before = line.replace(/ .*$/, "").replace("^", start);
    return before.replace("#", "1");
  });
}

test("every setting is a word", () => {
  const aliases = namesIn("assembly/settings/rows.ts", /alias\(Key\.\w+, w\("([^"]+)"\)/g);
  const names = [...settingNames(), ...aliases];
  assert.ok(names.length > 60, `${names.length} names`);
  const isWord = (name: string): boolean =>
    words.includes(`"${name} = "`) || words.includes(`"account.1.${name} = "`);
  assert.deepEqual(
    names.filter((name) => !isWord(name)),
    [],
  );
});
