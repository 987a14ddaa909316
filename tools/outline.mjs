// Makes a module smaller by what Binaryen leaves: on the module's text, after all passes, before it is emitted.
//
//   if (a && b) {...}           two ifs, one in the other, instead of one whose condition is an if with a value
//   a && b of plain tests       one `and`, without a branch
//   put(w("..."))               a constant Slice is 7 bytes; packed in an i32 it is 4, and one function unpacks it
//   f(x, 0, 0)                  calls with the same constants go through a function that knows them
//   if (a) return 0             one conditional branch to the end of the function (unwrap.mjs)
//   any code seen often         becomes a function (share-code.mjs)
//
// What is on the path of every message stays as it is: it is to be fast, not small.

import { shareCode } from "./share-code.mjs";
import {
  add,
  bodyOf,
  CALL_BYTES,
  constBytes,
  FUNCTION_BYTES,
  isNode,
  LEAST_GAIN,
  nodesIn,
  open,
  parse,
  print,
  replace,
  walk,
} from "./wat.mjs";

const HOT = new RegExp(
  "^\\$(assembly/(bytes|crypto|output|time)/|bench/|assembly/message/(" +
    "call-id|check|components|contact|cseq|escapes|fault|grammar|header|host|list|max-forwards|message|method|name-addr|" +
    "number|open|parameters|parse|quoted|route|row|session-expires|tag|token-list|uri|valued|via|via-parameters)/)",
);
const ROUNDS = 12;
/** Bits of a packed Slice's address, counted from the first text, and of its size. */
const [ADDRESS_BITS, SIZE_BITS] = [14, 6];

const cold = (module) => module.functions.filter(([, name]) => !HOT.test(name));

// ---- if (a && b) ----

const isResultIf = (node) =>
  node[0] === "if" && node[1][0] === "result" && node[1][1] === "i32" && node.length === 5;
const isConst = (branch, value) =>
  branch.length === 2 && branch[1][0] === "i32.const" && branch[1][1] === value;

/** [a, b] of a condition that is `a && b`, or `!(a || b)` as [!a, !b]; null for another one. */
function bothOf(condition) {
  if (isResultIf(condition) && isConst(condition[4], "0") && condition[3].length === 2)
    return [condition[2], condition[3][1]];
  const inner = condition[0] === "i32.eqz" ? condition[1] : [];
  if (isNode(inner) && inner.length && isResultIf(inner) && isConst(inner[3], "1") && inner[4].length === 2)
    return [inner[2], inner[4][1]].map((part) => (part[0] === "i32.eqz" ? part[1] : ["i32.eqz", part]));
  return null;
}

const COMPARES = /^i(32|64)\.(eqz?|ne|[lg][te](_[su])?)$/;
const CALCULATES =
  /^i(32|64)\.(eqz?|ne|[lg][te]_[su]|add|sub|mul|and|or|xor|shl|shr_[su]|const|wrap_i64|extend\w+)$/;
const LOADS = /^i(32|64)\.load/;

/** Where a load ends, counted from its address. */
function endOfLoad(node) {
  const width = /load(8|16|32)/.exec(node[0])?.[1] ?? node[0].slice(1, 3);
  return Number(/offset=(\d+)/.exec(node.join(" "))?.[1] ?? 0) + Number(width) / 8;
}

/** Up to where the expression certainly reads, from the address in each local. */
function readsAt(node, found = new Map()) {
  const base = nodesIn(node).at(-1);
  if (LOADS.test(node[0]) && base[0] === "local.get")
    found.set(base[1], Math.max(found.get(base[1]) ?? 0, endOfLoad(node)));
  if (CALCULATES.test(node[0]) || LOADS.test(node[0])) for (const part of nodesIn(node)) readsAt(part, found);
  return found;
}

/** Has the expression no effect and can't trap, as memory up to there has been read? */
function isHarmless(node, read) {
  if (/^(local|global)\.get$/.test(node[0])) return true;
  if (LOADS.test(node[0])) {
    const base = nodesIn(node).at(-1);
    return base[0] === "local.get" && endOfLoad(node) <= (read.get(base[1]) ?? 0);
  }
  return CALCULATES.test(node[0]) && nodesIn(node).every((part) => isHarmless(part, read));
}

const isTruth = ([op, left, right]) =>
  COMPARES.test(op) || (/^i32\.(and|or)$/.test(op) && isTruth(left) && isTruth(right));

/** `a && b` and `a || b` of plain tests, without a branch: two numbers 0 or 1. */
function joinConditions(node) {
  if (!isResultIf(node) || node[2].length < 2) return;
  const [, , first, then, otherwise] = node;
  const [op, second] = isConst(otherwise, "0")
    ? ["i32.and", then[1]]
    : isConst(then, "1")
      ? ["i32.or", otherwise[1]]
      : [];
  const isPlain = op && then.length === 2 && otherwise.length === 2 && isTruth(first) && isTruth(second);
  if (isPlain && isHarmless(second, readsAt(first))) replace(node, [op, first, second]);
}

function splitConditions(node) {
  const isPlainIf = node[0] === "if" && node[1][0] !== "result" && node.length === 3;
  const both = isPlainIf ? bothOf(node[1]) : null;
  if (!both) return;
  const inner = ["if", both[1], node[2]];
  replace(node, ["if", both[0], ["then", inner]]);
  splitConditions(inner);
  splitConditions(node);
}

// ---- constants in calls ----

function textsOf(tree) {
  const data = tree
    .filter(([kind]) => kind === "data")
    .map((field) => {
      const at = Number(nodesIn(field).find(([op]) => op === "i32.const")[1]);
      return { at, size: Buffer.from(field.at(-1)).length };
    });
  return data.sort((a, b) => b.size - a.size)[0];
}

/** The Slice's place as an i32, or null where it is none of the texts, or too long. */
function packedOf([op, value], texts) {
  if (op !== "i64.const") return null;
  const [size, at] = [BigInt(value) >> 32n, Number(BigInt(value) & 0xffffffffn) - texts.at];
  const isText =
    size > 0n && size < 1n << BigInt(SIZE_BITS) && at >= 0 && at < Math.min(texts.size, 1 << ADDRESS_BITS);
  return isText ? String((Number(size) << ADDRESS_BITS) | at) : null;
}

/** Calls of hot functions are meant too: only those that stand in a hot one are left alone. */
function callsIn(module) {
  const calls = [];
  for (const func of cold(module))
    for (const part of bodyOf(func)) walk(part, (node) => node[0] === "call" && calls.push(node));
  return calls;
}

function parametersOf(module) {
  return new Map(
    module.tree
      .filter(([kind]) => kind === "func")
      .map((func) => [
        func[1],
        nodesIn(func)
          .filter(([kind]) => kind === "param")
          .map(([, , type]) => type),
      ]),
  );
}

const groupBy = (items, keyOf) => {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
};

function packWords(module) {
  const texts = textsOf(module.tree);
  const parameters = parametersOf(module);
  const get = (i) => ["local.get", `$${i}`];
  let unpack = null;
  const place = (call) => call.slice(2).findIndex((part) => packedOf(part, texts) !== null);
  for (const [key, calls] of groupBy(callsIn(module), (call) =>
    place(call) < 0 ? null : `${call[1]} ${place(call)}`,
  )) {
    const [name, at] = [key.split(" ")[0], Number(key.split(" ")[1])];
    const types = parameters.get(name);
    if (calls.length * 3 < FUNCTION_BYTES + 2 * types.length + 2 * CALL_BYTES + LEAST_GAIN) continue;
    unpack ??= add(module, ["i32"], "i64", [
      parse(`(i64.or (i64.shl (i64.extend_i32_u (i32.shr_u (local.get $0) (i32.const ${ADDRESS_BITS}))) (i64.const 32))
        (i64.extend_i32_u (i32.add (i32.and (local.get $0) (i32.const ${(1 << ADDRESS_BITS) - 1})) (i32.const ${texts.at}))))`),
    ]);
    const body = ["call", name, ...types.map((_, i) => (i === at ? ["call", unpack, get(i)] : get(i)))];
    const by = add(
      module,
      types.map((type, i) => (i === at ? "i32" : type)),
      module.results.get(name),
      [body],
    );
    for (const call of calls) {
      call[1] = by;
      replace(call[at + 2], ["i32.const", packedOf(call[at + 2], texts)]);
    }
  }
}

/** Calls that share some constants: those go into a function. */
function knowConstants(module) {
  const parameters = parametersOf(module);
  const constants = (call) => call.slice(2).map((part) => (/\.const$/.test(part[0]) ? part.join(" ") : "_"));
  const keyOf = (call) =>
    constants(call).some((one) => one !== "_") ? [call[1], ...constants(call)].join("|") : null;
  for (const calls of groupBy(callsIn(module), keyOf).values()) {
    const [, name, ...operands] = calls[0];
    const isFixed = operands.map((part) => /\.const$/.test(part[0]));
    const fixed = operands.reduce((sum, part, i) => sum + (isFixed[i] ? constBytes(part) : 0), 0);
    const free = isFixed.filter((one) => !one).length;
    const gain = calls.length * fixed - (FUNCTION_BYTES + CALL_BYTES + fixed + 2 * free);
    if (gain < LEAST_GAIN) continue;
    const types = parameters.get(name);
    let next = 0;
    const body = [
      "call",
      name,
      ...operands.map((part, i) => (isFixed[i] ? [...part] : ["local.get", `$${next++}`])),
    ];
    const by = add(
      module,
      types.filter((_, i) => !isFixed[i]),
      module.results.get(name),
      [body],
    );
    for (const call of calls) replace(call, ["call", by, ...call.slice(2).filter((_, i) => !isFixed[i])]);
  }
}

// ---- if (a) return ----

const RETURN = "$return";

/** The branch that an if becomes which only returns: nothing, a constant, or a local that its condition does not write. */
function branchFor([op, condition, then, otherwise]) {
  if (op !== "if" || otherwise || then[0] !== "then" || then.length !== 2 || then[1][0] !== "return")
    return null;
  const [, value] = then[1];
  if (!value) return ["br_if", RETURN, condition];
  let isFree = /\.const$|^local\.get$/.test(value[0]);
  walk(condition, ([inner, name]) => {
    if (/^local\.(set|tee)$/.test(inner) && name === value[1]) isFree = false;
  });
  return isFree ? ["drop", ["br_if", RETURN, value, condition]] : null;
}

function branchToTheEnd(func, result) {
  let found = 0;
  const body = bodyOf(func);
  for (const part of body)
    walk(part, (node) => {
      const branch = node[0] === "if" ? branchFor(node) : null;
      if (!branch) return;
      replace(node, branch);
      found++;
    });
  if (found === 0) return;
  func.splice(func.indexOf(body[0]), body.length, [
    "block",
    RETURN,
    ...(result ? [["result", result]] : []),
    ...body,
  ]);
}

/** The same module, smaller, as text. */
export function outlined(text) {
  const module = open(text);
  for (const func of module.functions) {
    for (const part of bodyOf(func)) {
      if (!HOT.test(func[1])) walk(part, joinConditions);
      walk(part, splitConditions);
    }
  }
  if (module.tree.some(([kind]) => kind === "data")) packWords(module);
  knowConstants(module);
  for (let round = 0; round < ROUNDS && shareCode(module, cold(module)); round++);
  for (const func of module.functions) branchToTheEnd(func, module.results.get(func[1]));
  // Each function says its type itself: the names of types, old and new, would meet.
  const isType = (part) => isNode(part) && part[0] === "type";
  for (const func of module.tree.filter(([kind]) => kind === "func"))
    replace(
      func,
      func.filter((part) => !isType(part)),
    );
  return print(module.tree.filter((part) => !isType(part)));
}
