// docs/interop.md has a row for every id of the systems that phones meet; a file that a row names is there and has the id.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { readText, ROOT } from "../support/files.js";

const COUNTS = { TDR: 38, LY: 14, RCC: 14, YL: 8 };

const page = readText("docs/interop.md");
const table = page.slice(page.indexOf("## Every id")).split("\n## ")[0] ?? "";

for (const [system, count] of Object.entries(COUNTS))
  test(`${system}-01 to ${system}-${String(count).padStart(2, "0")}: each has its row, and its test or a reason`, () => {
    for (let n = 1; n <= count; n++) {
      const id = `${system}-${String(n).padStart(2, "0")}`;
      const rows = table.split("\n").filter((line) => line.startsWith(`| ${id} `));
      assert.equal(rows.length, 1, id);
      const [, , what = "", tests = ""] = (rows[0] ?? "").split("|").map((cell) => cell.trim());
      if (tests === "none") {
        assert.ok(what.length > 40, `${id}: why?`);
        continue;
      }
      const files = [...tests.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file);
      assert.ok(files.length > 0, id);
      for (const file of files) {
        assert.ok(existsSync(path.join(ROOT, file)), `${id}: ${file}`);
        assert.ok(readText(file).includes(id), `${id} is not in ${file}`);
      }
    }
  });
