// Writes the numbers of the ABI where hosts and readers want them: `node tools/abi.mjs [--check]`.
//
// assembly/output/abi-numbers.ts is the one source. host/node/abi.ts and host/c/ringlet_abi.h are written whole;
// docs/abi.md between its two markers. With --check nothing is written, and a file that is not up to date is an error.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./files.mjs";

const SOURCE = "assembly/output/abi-numbers.ts";
const BEGIN = "<!-- numbers: written by tools/abi.mjs -->";
const END = "<!-- end of numbers -->";

/** Every enum of the source: {name, comment, members: [{name, value, comment}]}. */
function enumsOf(text) {
  const found = [];
  const block = /(?:\/\*\*(.*?)\*\/\n)?export const enum (\w+) \{\n(.*?)\n\}/gs;
  for (const [, comment, name, body] of text.matchAll(block)) {
    const members = [];
    const member = /(?:\/\*\*(.*?)\*\/\s*)?(\w+) = (-?\d+),/gs;
    for (const [, about, word, value] of body.matchAll(member)) {
      members.push({ name: word, value: Number(value), comment: oneLine(about) });
    }
    found.push({ name, comment: oneLine(comment), members });
  }
  return found;
}

function oneLine(comment) {
  return (comment ?? "").replace(/\s*\n\s*\*\s?/g, " ").trim();
}

function typescript(enums) {
  const lines = [
    `// The numbers of the ABI. Written by tools/abi.mjs from ${SOURCE}: change that file instead.`,
  ];
  for (const { name, comment, members } of enums) {
    lines.push("");
    if (comment) lines.push(`/** ${comment} */`);
    lines.push(`export enum ${name} {`);
    for (const member of members) {
      if (member.comment) lines.push(`  /** ${member.comment} */`);
      lines.push(`  ${member.name} = ${member.value},`);
    }
    lines.push("}");
  }
  return lines.join("\n") + "\n";
}

/** What stands before the members of an enum in C; Status has the library's own prefix only. */
const C_PREFIX = { Status: "", RecordKind: "RECORD_", FieldType: "FIELD_", EventKind: "EVENT_" };

/** "NoSuchThing" -> "NO_SUCH_THING" */
function snake(name) {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toUpperCase();
}

function header(enums) {
  const lines = [
    `/* The numbers of the ABI. Written by tools/abi.mjs from ${SOURCE}: change that file instead. */`,
    "#ifndef RINGLET_ABI_H",
    "#define RINGLET_ABI_H",
    "",
    "#define RINGLET_ABI 1",
  ];
  for (const { name, comment, members } of enums) {
    const prefix = `RINGLET_${C_PREFIX[name] ?? `${snake(name)}_`}`;
    lines.push("");
    if (comment) lines.push(`/** ${comment} */`);
    lines.push(`enum ringlet_${snake(name).toLowerCase()} {`);
    members.forEach((member, index) => {
      if (member.comment) lines.push(`  /** ${member.comment} */`);
      lines.push(
        `  ${prefix}${snake(member.name)} = ${member.value}${index + 1 < members.length ? "," : ""}`,
      );
    });
    lines.push("};");
  }
  return lines.join("\n") + "\n\n#endif\n";
}

function markdown(enums) {
  const lines = [];
  for (const { name, comment, members } of enums) {
    lines.push("", `### ${name}`, "");
    if (comment) lines.push(comment, "");
    lines.push("| number | name | meaning |", "|---:|---|---|");
    for (const member of members) {
      lines.push(`| ${member.value} | \`${member.name}\` | ${member.comment.replaceAll("|", "\\|")} |`);
    }
  }
  return lines.join("\n") + "\n\n";
}

/** docs/abi.md with its list replaced; null where there is no such page or no markers. */
function documented(enums) {
  const file = path.join(root, "docs/abi.md");
  if (!existsSync(file)) return null;
  const text = readFileSync(file, "utf8");
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from < 0 || to < from) return null;
  return text.slice(0, from + BEGIN.length) + "\n" + markdown(enums) + text.slice(to);
}

/** Brings `file` up to date; with `check` says whether it was. */
function update(file, wanted, check) {
  const target = path.join(root, file);
  const present = existsSync(target) ? readFileSync(target, "utf8") : "";
  if (wanted === null || present === wanted) return true;
  if (check) return false;
  writeFileSync(target, wanted);
  return true;
}

const check = process.argv.includes("--check");
const enums = enumsOf(readFileSync(path.join(root, SOURCE), "utf8"));
for (const [file, wanted] of [
  ["host/node/abi.ts", typescript(enums)],
  ["host/c/ringlet_abi.h", header(enums)],
  ["docs/abi.md", documented(enums)],
]) {
  if (update(file, wanted, check)) continue;
  console.error(`abi: ${file} is not up to date: run "node tools/abi.mjs"`);
  process.exitCode = 1;
}
