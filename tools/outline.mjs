// Makes a module smaller by what Binaryen leaves: on the module's text, after all passes, before it is emitted.
//
//   if (a && b) {...}           two ifs, one in the other, instead of one whose condition is an if with a value
//   put(w("..."))               a constant Slice is 7 bytes; packed in an i32 it is 4, and one function unpacks it
//   f(x, 0, 0)                  calls with the same constants go through a function that knows them
//   any expression seen often   becomes a function of the locals in it
//
// The rooms on the path of every message stay as they are: they are to be fast, not small.

const HOT = /^\$assembly\/(message|bytes|crypto|output|time)\//;
/** What a function in the module costs beside its code: its type, its length, its locals and its end. */
const FUNCTION_BYTES = 4;
const CALL_BYTES = 2.6;
const LEAST_GAIN = 6;
const ROUNDS = 6;
/** Bits of a packed Slice's address, counted from the first text, and of its size. */
const [ADDRESS_BITS, SIZE_BITS] = [14, 6];

// ---- text to lists and back ----

function parse(text) {
  const stack = [[]];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[()]|[^\s()"]+/g)) {
    if (token === "(") stack.push([]);
    else if (token === ")") stack.at(-2).push(stack.pop());
    else stack.at(-1).push(token);
  }
  return stack[0][0];
}

const print = (node) => (typeof node === "string" ? node : `(${node.map(print).join(" ")})`);

const isNode = (part) => Array.isArray(part);
const nodesIn = (node) => node.filter(isNode);
const DECLARATIONS = new Set(["param", "result", "local", "type", "export"]);
const bodyOf = (func) => func.slice(2).filter((part) => isNode(part) && !DECLARATIONS.has(part[0]));

/** Calls visit(node) for every expression below, the inner ones first. */
function walk(node, visit) {
  for (const part of node) if (isNode(part) && !DECLARATIONS.has(part[0])) walk(part, visit);
  visit(node);
}

const replace = (node, by) => node.splice(0, node.length, ...by);

// ---- sizes and types ----

function signedBytes(value) {
  let bytes = 1;
  for (let rest = BigInt(value); rest < -64n || rest >= 64n; rest >>= 7n) bytes++;
  return bytes;
}

const constBytes = ([op, value]) =>
  1 + signedBytes(op === "i32.const" ? Number(value) | 0 : BigInt.asIntN(64, BigInt(value)));

const OWN_BYTES = { if: 3, then: 0, else: 1, "memory.copy": 4, "memory.fill": 3, call: CALL_BYTES };

function bytesOf(node) {
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
function typeOf(node, module, locals) {
  const [op] = node;
  if (op === "call") return module.results.get(node[1]);
  if (op === "local.get") return locals.get(node[1]);
  if (op === "global.get") return module.globals.get(node[1]);
  if (op === "if") return node[1][0] === "result" ? node[1][1] : "";
  if (op === "select") return typeOf(node[1], module, locals);
  if (/^(drop|global\.set|memory\.(copy|fill))$|\.store/.test(op)) return "";
  if (op === "memory.size" || /^i64\.(eqz?|ne|[lg][te]_[su])$/.test(op)) return "i32";
  return /^(i32|i64|f64)\./.exec(op)?.[1] ?? null;
}

function open(text) {
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

const cold = (module) => module.functions.filter(([, name]) => !HOT.test(name));

const typesOfLocals = (func) =>
  new Map(
    nodesIn(func)
      .filter(([kind]) => kind === "param" || kind === "local")
      .map(([, name, type]) => [name, type]),
  );

/** Adds a function; answers its name. */
function add(module, parameters, result, body) {
  const name = `$assembly/shared/code/${module.made++}`;
  const func = ["func", name, ...parameters.map((type, i) => ["param", `$${i}`, type])];
  if (result) func.push(["result", result]);
  func.push(body);
  module.tree.push(func);
  module.results.set(name, result);
  return name;
}

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
    unpack ??= add(
      module,
      ["i32"],
      "i64",
      parse(`(i64.or (i64.shl (i64.extend_i32_u (i32.shr_u (local.get $0) (i32.const ${ADDRESS_BITS}))) (i64.const 32))
        (i64.extend_i32_u (i32.add (i32.and (local.get $0) (i32.const ${(1 << ADDRESS_BITS) - 1})) (i32.const ${texts.at}))))`),
    );
    const body = ["call", name, ...types.map((_, i) => (i === at ? ["call", unpack, get(i)] : get(i)))];
    const by = add(
      module,
      types.map((type, i) => (i === at ? "i32" : type)),
      module.results.get(name),
      body,
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
      body,
    );
    for (const call of calls) replace(call, ["call", by, ...call.slice(2).filter((_, i) => !isFixed[i])]);
  }
}

// ---- expressions seen often ----

const NEVER_MOVED = /^(local\.(set|tee)|return|br|br_if|br_table|block|loop|unreachable|data\.drop)$/;

/** The expression with its locals as parameters in the order in which they come; null if it can't move. */
function patternOf(node, locals) {
  const order = new Map();
  const written = (part) => {
    if (!isNode(part)) return part;
    if (NEVER_MOVED.test(part[0])) throw new Error("stays");
    if (part[0] !== "local.get") return `(${part.map(written).join(" ")})`;
    if (!order.has(part[1])) order.set(part[1], order.size);
    return `(local.get $${order.get(part[1])})`;
  };
  try {
    const text = written(node);
    return {
      text,
      names: [...order.keys()],
      key: [text, ...[...order.keys()].map((name) => locals.get(name))].join(" "),
    };
  } catch {
    return null;
  }
}

function candidates(module) {
  const found = [];
  for (const func of cold(module)) {
    const locals = typesOfLocals(func);
    for (const part of bodyOf(func)) {
      walk(part, (node) => {
        if (/^(then|else|local\.get|i32\.const|i64\.const|global\.get)$/.test(node[0])) return;
        const pattern = patternOf(node, locals);
        if (pattern) found.push({ node, locals, ...pattern });
      });
    }
  }
  return found;
}

function shareExpressions(module) {
  const groups = [...groupBy(candidates(module), ({ key }) => key).values()].filter(
    (group) => group.length > 1,
  );
  const ranked = groups
    .map((group) => {
      const [{ node, names }] = group;
      const bytes = bytesOf(node);
      return {
        group,
        gain: group.length * (bytes - 2 * names.length - CALL_BYTES) - (bytes + FUNCTION_BYTES),
      };
    })
    .filter(({ gain }) => gain >= LEAST_GAIN)
    .sort((a, b) => b.gain - a.gain);
  const gone = new Set();
  for (const { group } of ranked) {
    const left = group.filter(({ node }) => !gone.has(node));
    if (left.length < group.length) continue;
    const [{ node, text, names, locals }] = left;
    const type = typeOf(node, module, locals);
    if (type === null || type === undefined) continue;
    const by = add(
      module,
      names.map((name) => locals.get(name)),
      type,
      parse(text),
    );
    for (const one of left) {
      // What stands in it, and what it stands in, has changed: the next round sees it anew.
      walk(one.node, (inner) => gone.add(inner));
      replace(one.node, ["call", by, ...one.names.map((name) => ["local.get", name])]);
    }
  }
  return ranked.length;
}

/** The same module, smaller, as text. */
export function outlined(text) {
  const module = open(text);
  for (const func of module.functions) for (const part of bodyOf(func)) walk(part, splitConditions);
  if (module.tree.some(([kind]) => kind === "data")) packWords(module);
  knowConstants(module);
  for (let round = 0; round < ROUNDS && shareExpressions(module); round++);
  return print(module.tree);
}
