// Writes the list of settings where people read it: `node tools/settings-doc.mjs [--check]`.
//
// assembly/settings/keys.ts is the one source; docs/settings.md gets its tables between the two markers.
// With --check nothing is written, and a page that is not up to date is an error.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./files.mjs";

const SOURCE = "assembly/settings/keys.ts";
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

/** What row(), flag() and words() are called with, by the name of the key. */
function rowsOf(source) {
  const rows = new Map();
  const call = /\b(row|flag|words|list)\(Key\.(\w+), w\("([^"]+)"\)(?:, ([^)]*))?\);/g;
  for (const [, kind, key, name, rest] of source.matchAll(call)) {
    rows.set(key, {
      name,
      ...columns(
        kind,
        (rest ?? "").split(",").map((word) => word.trim()),
      ),
    });
  }
  const twins = /\bpair\(\s*Key\.(\w+),\s*w\("([^"]+)"\),\s*w\("([^"]+)"\),\s*([^)]*?),?\s*\);/g;
  for (const [, key, first, second, rest] of source.matchAll(twins)) {
    const [type, least, most, preset] = rest.split(",").map((word) => word.trim());
    const about = columns("row", [type, least, most, preset]);
    rows.set(key, { name: first, ...about });
    rows.set(`${key}2`, { name: second, ...about });
  }
  return rows;
}

function columns(kind, [first, least, most = 128, preset]) {
  if (kind === "list") return columns("row", ["Type.Text", 0, 511]);
  if (kind === "flag") return { range: "0 or 1", preset: first };
  const type = first.replace("Type.", "");
  if (type === "Text") return { range: `printable text, at most ${most} bytes`, preset: "blank" };
  if (type === "Host") return { range: "host name or address, at most 128 bytes", preset: "blank" };
  if (type === "CodecName") return { range: "PCMU, PCMA, G722, G729; others are skipped", preset: "by slot" };
  if (type === "Code") {
    const permitted = CODES.filter((_, i) => (Number(least) >> i) & 1);
    return { range: permitted.join(", "), preset };
  }
  if (type === "Seconds") {
    return { range: `${least / 1000} to ${most / 1000} s`, preset: String(preset / 1000) };
  }
  if (type.startsWith("ZeroOr")) return { range: `0, ${least} to ${most}`, preset };
  if (type === "Tens") return { range: `${least} to ${most} in tens`, preset };
  if (type === "Role") return { range: "0 or 1, uac or uas", preset };
  return { range: `${least} to ${most}`, preset };
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
    if (!row) throw new Error(`${member.name} has no row in ${SOURCE}`);
    const { name, range, preset } = slotted(member, row);
    // The one key of an account that is written the other way round.
    const whole = member.name === "VoiceMail" ? `${name}.X` : `${prefix}${name}`;
    lines.push(`| \`${whole}\` | ${range} | ${preset} | ${member.about} |`);
  }
  return lines;
}

function markdown(source) {
  const members = membersOf(source);
  const rows = rowsOf(source);
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
  const source = readFileSync(path.join(root, SOURCE), "utf8");
  return { text, wanted: text.slice(0, from + BEGIN.length) + "\n" + markdown(source) + text.slice(to) };
}

if (existsSync(path.join(root, PAGE))) {
  const { text, wanted } = documented();
  if (text !== wanted && process.argv.includes("--check")) {
    console.error(`settings: ${PAGE} is not up to date: run "node tools/settings-doc.mjs"`);
    process.exitCode = 1;
  } else if (text !== wanted) writeFileSync(path.join(root, PAGE), wanted);
}
