// Tables of a page, for tests that hold them against the program.

import { readText } from "../support/files.js";

/** The rows of the first table below that heading, without its head. */
export function tableBelow(page: string, heading: string): string[][] {
  const lines = readText(page).split("\n");
  const from = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, "") === heading);
  if (from < 0) throw new Error(`${page} has no heading "${heading}"`);
  const first = lines.findIndex((line, i) => i > from && line.startsWith("|"));
  const behind = lines.findIndex((line, i) => i > first && !line.startsWith("|"));
  return lines.slice(first + 2, behind).map((row) =>
    row
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

/** Names in a cell, with or without code marks; `rfc3842/a b c` stands for three of one folder. */
export function cellWords(cell: string): string[] {
  let folder = "";
  return cell
    .replace(/`/g, "")
    .split(/[\s,]+/)
    .filter((word) => word !== "")
    .map((word) => {
      const slash = word.lastIndexOf("/") + 1;
      if (slash > 0) folder = word.slice(0, slash);
      return folder + word.slice(slash);
    });
}
