// Writes the list of settings where people read it: `node tools/settings-doc.mjs [--check]`.
//
// assembly/settings/keys.ts and rows.ts are the source; docs/settings.md gets its tables between the two markers.
// With --check nothing is written, and a page that is not up to date is an error.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./files.mjs";

const KEYS = "assembly/settings/keys.ts";
const ROWS = "assembly/settings/rows.ts";
const PAGE = "docs/settings.md";
const BEGIN = "<!-- keys: written by tools/settings-doc.mjs -->";
const END = "<!-- end of keys -->";
const CODES = [404, 480, 486, 600, 603];

/** The members of `Key` in order, with their comments. */
function membersOf(source) {
  const body = source.match(/export const enum Key \{\n(.*?)\n\}/s)[1];
  const members = [];
  for (const [, about, name] of body.matchAll(/\/\*\*(.*?)\*\/\s*(\w+)(?: = [^,]+)?,/gs)) {
    members.push({ name, about: about.replace(/\s*\n\s*\*\s?/g, " ").trim() });
  }
  return members;
}

/** The rows of the table in the order of the keys: name, permitted and default. */
function rowsOf(source) {
  const rows = [];
  let before = "";
  for (const line of source
    .match(/w\(`(.*?)`\)/s)[1]
    .trim()
    .split("\n")) {
    const [written, about] = line.split(" ");
    const name = written.replace("^", before.slice(0, before.lastIndexOf(".") + 1));
    before = name;
    const names = name.includes("#") ? ["1", "2"].map((digit) => name.replace("#", digit)) : [name];
    for (const one of names) rows.push({ name: one, ...columns(about) });
  }
  return rows;
}

/** What stands behind a name: a type's letter and its numbers, or only the default of 0 or 1. */
function columns(about) {
  const letter = /^[a-z]/i.test(about) ? about[0] : "";
  const [least, most, preset] = about.slice(letter.length).split(",");
  switch (letter) {
    case "":
      return { range: "0 or 1", preset: least };
    case "x":
      return { range: `printable text, at most ${most ?? 128} bytes`, preset: "blank" };
    case "h":
      return { range: "host name or address, at most 128 bytes", preset: "blank" };
    case "k":
      return { range: "PCMU, PCMA, G722, G729; others are skipped", preset: "by slot" };
    case "C":
      return { range: CODES.filter((_, i) => (Number(least) >> i) & 1).join(", "), preset };
    case "s":
      return { range: `${least / 1000} to ${most / 1000} s`, preset: String(preset / 1000) };
    case "z":
    case "y":
      return { range: `0, ${least} to ${most}`, preset };
    case "t":
      return { range: `${least} to ${most} in tens`, preset };
    case "r":
      return { range: "0 or 1, uac or uas", preset };
    default:
      return { range: `${least} to ${most}`, preset };
  }
}

/** A slot of the old list is preset by the codec that it stands for. */
function slotted(member, row) {
  if (!member.name.startsWith("CodecSlot")) return row;
  return { ...row, name: `codec.Y.${row.name}`, preset: "by slot" };
}

function aliasesOf(source) {
  return [...source.matchAll(/\balias\(Key\.(\w+), w\("([^"]+)"\)\);/g)].map(([, key, name]) => ({
    key,
    name,
  }));
}

function table(members, rows, prefix) {
  const lines = ["", "| key | permitted | default | meaning |", "|---|---|---|---|"];
  for (const member of members) {
    const row = rows.get(member.name);
    if (!row) throw new Error(`${member.name} has no row in ${ROWS}`);
    const { name, range, preset } = slotted(member, row);
    // The one key of an account that is written the other way round.
    const whole = member.name === "VoiceMail" ? `${name}.X` : `${prefix}${name}`;
    lines.push(`| \`${whole}\` | ${range} | ${preset} | ${member.about} |`);
  }
  return lines;
}

function markdown(keys, source) {
  const members = membersOf(keys);
  const read = rowsOf(source);
  if (read.length !== members.length) throw new Error(`${members.length} keys, but ${read.length} rows`);
  const rows = new Map(members.map(({ name }, i) => [name, read[i]]));
  const first = members.findIndex(({ name }) => name === "AccountTimerT1");
  const lines = ["", "## The phone", ...table(members.slice(0, first), rows, "")];
  lines.push("", "## Each account", "", "X is 1 to 16, Y, a slot of the old codec list, too.");
  lines.push(...table(members.slice(first), rows, "account.X."));
  lines.push("", "## Other spellings", "", "| older name | today |", "|---|---|");
  for (const { key, name } of aliasesOf(source)) {
    lines.push(`| \`account.X.${name}\` | \`account.X.${rows.get(key).name}\` |`);
  }
  lines.push("| any key of the phone | the same with `static.` in front |");
  return lines.join("\n") + "\n\n";
}

function documented() {
  const text = readFileSync(path.join(root, PAGE), "utf8");
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${PAGE} has lost its markers`);
  const [keys, rows] = [KEYS, ROWS].map((file) => readFileSync(path.join(root, file), "utf8"));
  return { text, wanted: text.slice(0, from + BEGIN.length) + "\n" + markdown(keys, rows) + text.slice(to) };
}

if (existsSync(path.join(root, PAGE))) {
  const { text, wanted } = documented();
  if (text !== wanted && process.argv.includes("--check")) {
    console.error(`settings: ${PAGE} is not up to date: run "node tools/settings-doc.mjs"`);
    process.exitCode = 1;
  } else if (text !== wanted) writeFileSync(path.join(root, PAGE), wanted);
}
