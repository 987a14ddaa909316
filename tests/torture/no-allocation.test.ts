// Parsing allocates nothing: no message of the corpora moves the end of the arena, takes a block or an
// object, or makes memory grow, and the module has nothing that could allocate while it runs.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { ROOT } from "../support/files.js";
import { globalOf, inUse } from "../support/inside.js";
import { Instance } from "../support/instance.js";
import { allSamples } from "./corpus.js";

const phone = new Instance({ configs: ["ringlet.bind.address = 192.0.2.10\n"] });
phone.start();

/** Whatever grows when something is made. */
function made(): Record<string, number> {
  const { module } = phone;
  return { arenaTop: globalOf(module, "top"), memory: module.size, ...inUse(module) };
}

/** The functions of a module with names, as their "name" section has them. */
function functionNames(file: string): string[] {
  const module = new WebAssembly.Module(readFileSync(path.join(ROOT, file)));
  const [section] = WebAssembly.Module.customSections(module, "name");
  assert.ok(section, `${file} has no names`);
  const bytes = Buffer.from(section);
  let at = 0;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes.readUInt8(at++);
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const FUNCTIONS = 1;
  while (at < bytes.length) {
    const kind = bytes.readUInt8(at++);
    const size = number();
    if (kind !== FUNCTIONS) {
      at += size;
      continue;
    }
    return Array.from({ length: number() }, () => {
      number();
      const length = number();
      return bytes.toString("utf8", at, (at += length));
    });
  }
  return [];
}

test("no message of the corpora makes anything while it is parsed", () => {
  const samples = allSamples();
  assert.equal(samples.length, 944);
  const before = made();
  assert.ok((before["arenaTop"] ?? 0) > 0 && (before["memory"] ?? 0) > 0);
  for (const { name, bytes } of samples) {
    phone.module.judge(bytes);
    assert.deepEqual(made(), before, name);
  }
});

test("a message that is kept does show: a ringing call", () => {
  const before = made();
  const invite = allSamples().find(({ name }) => name === "flows/rfc3665/3.1-F1.sip");
  assert.ok(invite);
  phone.receive(phone.flow, "192.0.2.101", 5060, invite.bytes, 0);
  assert.notDeepEqual(made(), before);
});

test("no allocator is in the module", () => {
  const names = functionNames("build/ringlet.debug.wasm");
  assert.ok(names.length > 300, `${names.length} functions`);
  assert.ok(names.includes("assembly/bytes/arena/reserve"), "the names are those of the source");
  const allocators = names.filter((name) =>
    /(^|\/)(__new|__alloc|__realloc|__free|__renew|__collect|__pin|__newArray|__newBuffer|heap\.alloc)\b|^~lib\/(rt|memory\/heap|array|string|map|set|arraybuffer|typedarray)\b/.test(
      name,
    ),
  );
  assert.deepEqual(allocators, []);
});
