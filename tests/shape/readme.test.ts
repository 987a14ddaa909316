// What the pages tell a reader to type or to open exists.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { filesBelow, readText, ROOT } from "../support/files.js";

const scripts = (JSON.parse(readText("package.json")) as { scripts: Record<string, string> }).scripts;
/** npm's own, which need no script. */
const OF_NPM = ["ci", "install", "exec"];

const pages = ["README.md", ...filesBelow("docs", ".md"), ...filesBelow("examples", ".md")];

for (const page of pages) {
  test(`${page}: every npm command exists`, () => {
    const named = [...readText(page).matchAll(/\bnpm (?:run )?([a-z][a-z:-]*)/g)].map(
      ([, name = ""]) => name,
    );
    const missing = named.filter((name) => !(name in scripts) && !OF_NPM.includes(name));
    assert.deepEqual(missing, []);
  });

  test(`${page}: every program and file exists`, () => {
    const text = readText(page);
    const typed = [...text.matchAll(/\bnode ([\w./-]+\.m?js)/g)].map(([, file = ""]) => file);
    const quoted = [
      ...text.matchAll(/`((?:assembly|bin|docs|examples|host|tests|tools|\.ci)\/[\w./-]*)`/g),
    ].map(([, file = ""]) => file);
    const linked = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, file = ""]) =>
      path.join(path.dirname(page), file),
    );
    const missing = [...typed, ...quoted, ...linked].filter((file) => !existsSync(path.join(ROOT, file)));
    assert.deepEqual(missing, []);
  });
}

test("README.md names the two commands", () => {
  const text = readText("README.md");
  for (const words of ["npm start", "npm test"]) assert.ok(text.includes(words), words);
});

test("every script of package.json runs a file that exists", () => {
  for (const [name, line] of Object.entries(scripts)) {
    const file = /^node (\S+)/.exec(line)?.[1] ?? "";
    assert.ok(existsSync(path.join(ROOT, file)), `${name}: ${line}`);
  }
});
