// docs/cli.md has every command that is obeyed and every event that is said, with its fields in their order.

import assert from "node:assert/strict";
import { test } from "node:test";
import { filesBelow, readText } from "../support/files.js";

const PAGE = readText("docs/cli.md");

/** Rows of the page whose first cell begins so: the cells behind it. */
function rowOf(first: RegExp): string[] | undefined {
  const line = PAGE.split("\n").find((row) => first.test(row));
  return line?.split(" | ").slice(1);
}

function escaped(name: string): string {
  return name.replace(/\./g, "\\.");
}

/** Numbers of events that nothing says yet. */
const UNSAID: string[] = [];

/** Fields that helpers write, in the place of a call of theirs. */
const HELPERS: Record<string, string> = {
  whoFields: "`account`# `server`#",
  whichFields: "`account`# `subscription`# `package` `uri`",
  timerFields: "`refresher` `expires`# `rule` `words` [`remark`]",
};

/** Every event of the module's source: its kind, name, and its fields as the page writes them. */
function* said(): Generator<{ kind: string; name: string; fields: string }> {
  for (const file of filesBelow("assembly", ".ts")) {
    const text = readText(file);
    for (const found of text.matchAll(
      /begin(?:CallEvent\(call, |Event\()EventKind\.(\w+), w\("([^"]+)"\)([\s\S]*?)endEvent/g,
    ))
      yield { kind: found[1] ?? "", name: found[2] ?? "", fields: fieldsOf(found[3] ?? "") };
    for (const found of text.matchAll(/sayNumber\(call, EventKind\.(\w+), w\("([^"]+)"\), w\("(\w+)"\)/g))
      yield { kind: found[1] ?? "", name: found[2] ?? "", fields: `\`${found[3]}\`#` };
    for (const found of text.matchAll(/EventKind\.(Server\w+)/g))
      yield {
        kind: found[1] ?? "",
        name: found[1] === "ServerReachable" ? "server.reachable" : "server.unreachable",
        fields: "`account`# `server`# `address` `port`# `status`#",
      };
  }
}

function fieldsOf(body: string): string {
  const calls = body.matchAll(/(if \([^\n]*\) )?(text|number|secret)Field\(w\("([^"]+)"\)|(\w+Fields)\(/g);
  return [...calls]
    .map(([, condition, type, name, helper]) => {
      if (helper !== undefined) return HELPERS[helper] ?? helper;
      const field = `\`${name}\`${type === "number" ? "#" : ""}`;
      return condition === undefined ? field : `[${field}]`;
    })
    .join(" ");
}

test("every command of the hosts stands in docs/cli.md", () => {
  const source = readText("host/node/commands.ts");
  const table = source.slice(source.indexOf("const COMMANDS"), source.indexOf("satisfies"));
  const verbs = [...table.matchAll(/^ {2}(\w+): \(/gm)].map(([, verb = ""]) => verb);
  assert.ok(verbs.length >= 17, verbs.join(" "));
  assert.deepEqual(
    [...verbs, "quit"].filter((verb) => !rowOf(new RegExp(`^\\| \`${verb}[ \`]`))),
    [],
  );
});

test("the host in C obeys the same commands", () => {
  const inC = [...readText("host/c/phone/commands.c").matchAll(/^ {4}\{"(\w+)", /gm)].map(
    ([, verb = ""]) => verb,
  );
  const source = readText("host/node/commands.ts");
  const table = source.slice(source.indexOf("const COMMANDS"), source.indexOf("satisfies"));
  const inNode = [...table.matchAll(/^ {2}(\w+): \(/gm)].map(([, verb = ""]) => verb);
  assert.deepEqual(inC.sort(), inNode.sort());
});

test("every event stands in docs/cli.md with its fields, and in docs/abi.md", () => {
  const numbers = readText("assembly/output/abi-numbers.ts");
  const list = /export const enum EventKind \{([\s\S]*?)\n\}/.exec(numbers)?.[1] ?? "";
  const kinds = [...list.matchAll(/^ {2}(\w+) = \d+,/gm)].map(([, kind = ""]) => kind);
  const events = [...said()];
  assert.deepEqual(
    kinds.filter((kind) => !events.some((event) => event.kind === kind)),
    UNSAID,
  );
  const abi = readText("docs/abi.md");
  for (const { name, fields } of events) {
    const row = rowOf(new RegExp(`^\\| \`${escaped(name)}\` \\|`));
    assert.ok(row, `docs/cli.md: ${name}`);
    if (fields !== "") assert.ok(matches(row[0] ?? "", fields), `${name}: ${row[0]} is not ${fields}`);
    assert.match(abi, new RegExp(`\`${escaped(name)}\``), `docs/abi.md: ${name}`);
  }
});

/** A host puts the file's name in the place of a layer, and tells more of a trap. */
function matches(cell: string, fields: string): boolean {
  return (
    cell === fields ||
    cell === fields.replace("`layer`#", "`layer`") ||
    cell === `${fields} [\`export\` \`input\`]`
  );
}

test("no event stands there that nobody says", () => {
  const names = new Set(["setting", "calls", "trace", ...[...said()].map(({ name }) => name)]);
  const listed = [...PAGE.slice(PAGE.indexOf("## Events")).matchAll(/^\| `([\w.]+)` \|/gm)].map(
    ([, name = ""]) => name,
  );
  assert.ok(listed.length >= 35);
  assert.deepEqual(
    listed.filter((name) => !names.has(name)),
    [],
  );
});
