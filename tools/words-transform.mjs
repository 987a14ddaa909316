// Compiles w("text") to a Slice over static ASCII bytes.
//
// A string literal costs 20 bytes of header and two bytes a character in the module; the same text as
// bytes costs one byte a character and needs no conversion when it is written into a message.
// w("Via: ")  becomes  __word(memory.data<u8>([86, 105, 97, 58, 32]), 5).
import { Transform } from "assemblyscript/transform";
import * as assemblyscript from "assemblyscript";

const { Node, NodeKind } = assemblyscript.default ?? assemblyscript;

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

export default class WordsTransform extends Transform {
  afterParse(parser) {
    for (const source of parser.sources) {
      if (source.isLibrary) continue;
      walk(source.statements, (node) => this.rewrite(node));
    }
  }

  rewrite(node) {
    if (node.kind !== NodeKind.Call || node.expression.kind !== NodeKind.Identifier) return;
    if (node.expression.text !== "w" || node.args.length !== 1) return;
    const literal = node.args[0];
    if (literal.kind !== NodeKind.Literal || typeof literal.value !== "string") return;
    const range = node.range;
    const number = (value) => Node.createIntegerLiteralExpression(globalThis.i64_new(value, 0), range);
    const bytes = [...Buffer.from(literal.value, "utf8")];
    const data = Node.createCallExpression(
      Node.createPropertyAccessExpression(
        Node.createIdentifierExpression("memory", range),
        Node.createIdentifierExpression("data", range),
        range,
      ),
      [Node.createNamedType(Node.createSimpleTypeName("u8", range), null, false, range)],
      [Node.createArrayLiteralExpression(bytes.map(number), range)],
      range,
    );
    node.expression = Node.createIdentifierExpression("__word", range);
    node.args = [data, number(bytes.length)];
  }
}
