// Compiles w("text") to a Slice over static ASCII bytes.
//
// A string literal costs 20 bytes of header and two bytes a character in the module; the same text as
// bytes costs one byte a character and needs no conversion when it is written into a message. All texts of
// a program stand in one place, each once, and a text that is part of another one stands in it.
// w("Via: ")  becomes  __word(__WORDS + 1234, 5).
import { Transform } from "assemblyscript/transform";
import * as assemblyscript from "assemblyscript";
import { packed } from "./packed-words.mjs";

const { Node, NodeKind, Token } = assemblyscript.default ?? assemblyscript;

/** Calls visit(node) for every node below root, whatever fields the kind of node has. */
function walk(root, visit) {
  const seen = new Set();
  const pending = [root];
  while (pending.length) {
    const item = pending.pop();
    if (item === null || typeof item !== "object" || seen.has(item)) continue;
    seen.add(item);
    if (Array.isArray(item)) {
      pending.push(...item);
      continue;
    }
    if (typeof item.kind !== "number" || !("range" in item)) continue;
    visit(item);
    for (const [name, value] of Object.entries(item)) {
      if (name !== "range" && name !== "parent") pending.push(value);
    }
  }
}

/** The text of w("text"), or null for any other node. */
function wordOf(node) {
  if (node.kind !== NodeKind.Call || node.expression.kind !== NodeKind.Identifier) return null;
  if (node.expression.text !== "w" || node.args.length !== 1) return null;
  const literal = node.args[0];
  if (literal.kind !== NodeKind.Literal) return null;
  if (literal.parts?.length === 1) return literal.parts[0]; // `lines`
  return typeof literal.value === "string" ? literal.value : null;
}

/** w("...") at `at` bytes behind __WORDS. */
function rewrite(node, at, size) {
  const { range } = node;
  const name = (text) => Node.createIdentifierExpression(text, range);
  const number = (value) => Node.createIntegerLiteralExpression(globalThis.i64_new(value, 0), range);
  node.expression = name("__word");
  node.args = [Node.createBinaryExpression(Token.Plus, name("__WORDS"), number(at), range), number(size)];
}

export default class WordsTransform extends Transform {
  afterParse(parser) {
    const calls = [];
    for (const source of parser.sources) {
      if (source.isLibrary) continue;
      walk(source.statements, (node) => {
        const text = wordOf(node);
        // As latin1, so that a character is a byte.
        if (text !== null) calls.push({ node, bytes: Buffer.from(text, "utf8").toString("latin1") });
      });
    }
    if (calls.length === 0) return;
    const { text, placeOf } = packed(calls.map(({ bytes }) => bytes));
    for (const { node, bytes } of calls) rewrite(node, placeOf.get(bytes), bytes.length);
    const list = [...Buffer.from(text, "latin1")].join();
    parser.parseFile(
      `@global @lazy const __WORDS: usize = memory.data<u8>([${list}]);`,
      "~lib/words.ts",
      false,
    );
  }
}
