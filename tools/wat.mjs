// A module's text as lists of words and lists, what they weigh as bytes, and functions added to them.

/** About what a call takes: most functions have a number of two bytes. */
export const CALL_BYTES = 2.6;
/** What a function in the module costs beside its code: its type, its length, its locals and its end. */
export const FUNCTION_BYTES = 4.5;
/** Less than that is not worth a function. */
export const LEAST_GAIN = 2;

export function parse(text) {
  const stack = [[]];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[()]|[^\s()"]+/g)) {
    if (token === "(") stack.push([]);
    else if (token === ")") stack.at(-2).push(stack.pop());
    else stack.at(-1).push(token);
  }
  return stack[0][0];
}

export const print = (node) => (typeof node === "string" ? node : `(${node.map(print).join(" ")})`);

export const isNode = (part) => Array.isArray(part);
export const nodesIn = (node) => node.filter(isNode);
export const DECLARATIONS = new Set(["param", "result", "local", "type", "export"]);
export const bodyOf = (func) => func.slice(2).filter((part) => isNode(part) && !DECLARATIONS.has(part[0]));

/** Calls visit(node) for every expression below, the inner ones first. */
export function walk(node, visit) {
  for (const part of node) if (isNode(part) && !DECLARATIONS.has(part[0])) walk(part, visit);
  visit(node);
}

export const replace = (node, by) => node.splice(0, node.length, ...by);

function signedBytes(value) {
  let bytes = 1;
  for (let rest = BigInt(value); rest < -64n || rest >= 64n; rest >>= 7n) bytes++;
  return bytes;
}

export const constBytes = ([op, value]) =>
  1 + signedBytes(op === "i32.const" ? Number(value) | 0 : BigInt.asIntN(64, BigInt(value)));

const OWN_BYTES = { if: 3, then: 0, else: 1, "memory.copy": 4, "memory.fill": 3, call: CALL_BYTES };

export function bytesOf(node) {
  const [op] = node;
  const inner = nodesIn(node).reduce((sum, part) => sum + bytesOf(part), 0);
  if (DECLARATIONS.has(op)) return 0;
  if (/^i(32|64)\.const$/.test(op)) return constBytes(node);
  if (op === "f64.const") return 9;
  if (/^(local|global)\./.test(op)) return 2 + inner;
  if (/\.(load|store)/.test(op)) {
    const offset = Number(/offset=(\d+)/.exec(node.join(" "))?.[1] ?? 0);
    return (offset < 128 ? 3 : offset < 16384 ? 4 : 5) + inner;
  }
  return (OWN_BYTES[op] ?? 1) + inner;
}

/** i32, i64, f64, or "" for none; null where it can't be told. */
export function typeOf(node, module, locals) {
  const [op] = node;
  if (op === "call") return module.results.get(node[1]);
  if (op === "local.get") return locals.get(node[1]);
  if (op === "global.get") return module.globals.get(node[1]);
  if (op === "if" || op === "block" || op === "loop")
    return nodesIn(node).find(([kind]) => kind === "result")?.[1] ?? "";
  if (op === "local.tee") return locals.get(node[1]);
  if (op === "select") return typeOf(node[1], module, locals);
  if (/^(drop|nop|br_if|(local|global)\.set|memory\.(copy|fill))$|\.store/.test(op)) return "";
  if (op === "memory.size" || /^i64\.(eqz?|ne|[lg][te]_[su])$/.test(op)) return "i32";
  return /^(i32|i64|f64)\./.exec(op)?.[1] ?? null;
}

export function open(text) {
  const tree = parse(text);
  const module = { tree, functions: [], results: new Map(), globals: new Map(), made: 0 };
  for (const field of tree) {
    if (field[0] === "func") {
      module.functions.push(field);
      module.results.set(field[1], nodesIn(field).find(([kind]) => kind === "result")?.[1] ?? "");
    } else if (field[0] === "global") module.globals.set(field[1], isNode(field[2]) ? field[2][1] : field[2]);
  }
  return module;
}

export const typesOfLocals = (func) =>
  new Map(
    nodesIn(func)
      .filter(([kind]) => kind === "param" || kind === "local")
      .map(([, name, type]) => [name, type]),
  );

/** Adds a function of these statements; answers its name. */
export function add(module, parameters, result, bodies, locals = []) {
  const name = `$assembly/shared/code/${module.made++}`;
  const func = ["func", name, ...parameters.map((type, i) => ["param", `$${i}`, type])];
  if (result) func.push(["result", result]);
  locals.forEach((type, i) => func.push(["local", `$${parameters.length + i}`, type]));
  func.push(...bodies);
  module.tree.push(func);
  module.functions.push(func);
  module.results.set(name, result);
  return name;
}
