// The messages of tests/torture/corpora.

import { readFileSync } from "node:fs";
import path from "node:path";
import { filesBelow, readText, ROOT } from "../support/files.js";

export const CORPORA = "tests/torture/corpora";

export interface Sample {
  /** Path below corpora. */
  name: string;
  bytes: Buffer;
}

/** Every message of a folder: rfc4475, rfc5118, flows or field. */
export function samplesOf(folder: string): Sample[] {
  return [".dat", ".sip"]
    .flatMap((ending) => filesBelow(`${CORPORA}/${folder}`, ending))
    .map((file) => ({ name: path.relative(CORPORA, file), bytes: readFileSync(path.join(ROOT, file)) }));
}

export function allSamples(): Sample[] {
  return ["rfc4475", "rfc5118", "flows", "field"].flatMap(samplesOf);
}

/** What a strict UA does with a message, and what the RFC permits as well: "accept", "drop" or a status. */
export interface Expected {
  name: string;
  bytes: Buffer;
  action: string;
  alternatives: string[];
}

/** The rows of a folder's expected.tsv. */
export function expectedOf(folder: string): Expected[] {
  const [head, ...rows] = readText(`${CORPORA}/${folder}/expected.tsv`).trim().split("\n");
  const columns = (head ?? "").split("\t");
  return rows.map((row) => {
    const cells = row.split("\t");
    const cell = (name: string) => cells[columns.indexOf(name)] ?? "";
    return {
      name: cell("name"),
      bytes: readFileSync(path.join(ROOT, CORPORA, folder, cell("file"))),
      action: cell("ua_action"),
      alternatives: cell("alt_ok")
        .split(",")
        .filter((action) => action !== "-"),
    };
  });
}
