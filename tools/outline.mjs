// Makes a module smaller by what Binaryen leaves: on the module's text, after all passes, before it is emitted.
//
//   if (a && b) {...}           two ifs, one in the other, instead of one whose condition is an if with a value
//   a && b of plain tests       one `and`, without a branch
//   put(w("..."))               a constant Slice is 7 bytes; packed in an i32 it is 4, and one function unpacks it
//   f(x, 0, 0)                  calls with the same constants go through a function that knows them
//   any code seen often         becomes a function of the locals in it, and of the constants that differ
//
// What is on the path of every message stays as it is: it is to be fast, not small.

const HOT = new RegExp(
  "^\\$(assembly/(bytes|crypto|output|time)/|bench/|assembly/message/(" +
    "call-id|check|components|contact|cseq|escapes|fault|grammar|header|host|list|max-forwards|message|method|name-addr|" +
    "number|open|parameters|parse|quoted|route|row|session-expires|tag|token-list|uri|valued|via|via-parameters)/)",
);
/** What a function in the module costs beside its code: its type, its length, its locals and its end. */
const FUNCTION_BYTES = 4;
const CALL_BYTES = 2.6;
const LEAST_GAIN = 2;
const MOST_PARAMETERS = 6;
const ROUNDS = 12;
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
  if (op === "if" || op === "block" || op === "loop")
    return nodesIn(node).find(([kind]) => kind === "result")?.[1] ?? "";
  if (op === "local.tee") return locals.get(node[1]);
  if (op === "select") return typeOf(node[1], module, locals);
  if (/^(drop|nop|br_if|(local|global)\.set|memory\.(copy|fill))$|\.store/.test(op)) return "";
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

/** Adds a function of these statements; answers its name. */
function add(module, parameters, result, bodies, locals = []) {
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

// ---- what is seen often: expressions, and statements that follow one another ----

const NEVER_MOVED = /^(return|unreachable|data\.drop|memory\.grow)$/;
const WRITES = /^local\.(set|tee)$/;
const BRANCHES = /^br(_if|_table)?$/;
const TOO_SMALL = /^(then|else|local\.get|i32\.const|i64\.const|global\.get|br|br_if|block|loop|return)$/;
const HAS_STATEMENTS = /^(func|block|loop|then|else)$/;
const CONSTANT = /\((i32|i64)\.const ([^()]*)\)/g;
const MOST_STATEMENTS = 8;

/** How often each local stands in the function. */
function usesIn(func) {
  const uses = new Map();
  for (const part of bodyOf(func))
    walk(part, ([op, name]) => /^local\./.test(op) && uses.set(name, (uses.get(name) ?? 0) + 1));
  return uses;
}

/** Stands the first use of the local where it is certainly written, before any branch? */
function isWrittenFirst(nodes, name) {
  let answer = null;
  const look = (node, isCertain) => {
    for (const part of node) {
      if (!isNode(part) || answer !== null) continue;
      if (DECLARATIONS.has(part[0])) continue;
      look(part, isCertain && !/^(then|else|loop|block)$/.test(part[0]));
    }
    if (answer === null && /^local\./.test(node[0]) && node[1] === name)
      answer = isCertain && WRITES.test(node[0]);
  };
  for (const node of nodes) look(node, !/^(loop|block)$/.test(node[0]));
  return answer === true;
}

/**
 * The nodes with their locals as parameters in the order in which they come, and those that nothing else uses as
 * locals of the new function; null if they can't move.
 */
function patternOf(nodes, locals, uses) {
  const order = new Map();
  const written = new Set();
  const labels = new Map();
  const seen = new Map();
  let isMovable = true;
  const print = (part) => {
    if (!isNode(part)) return part;
    const [op, name] = part;
    if (NEVER_MOVED.test(op)) isMovable = false;
    if (!isMovable) return "";
    if (BRANCHES.test(op)) {
      const words = part
        .slice(1)
        .map((word) => (isNode(word) ? print(word) : (labels.get(word) ?? (isMovable = false))));
      return `(${op} ${words.join(" ")})`;
    }
    if ((op === "block" || op === "loop") && typeof name === "string") {
      labels.set(name, `$l${labels.size}`);
      return `(${op} ${labels.get(name)} ${part.slice(2).map(print).join(" ")})`;
    }
    if (!/^local\./.test(op)) return `(${part.map(print).join(" ")})`;
    if (!order.has(name)) order.set(name, order.size);
    seen.set(name, (seen.get(name) ?? 0) + 1);
    if (WRITES.test(op)) written.add(name);
    return `(${op} $${order.get(name)}${part
      .slice(2)
      .map((inner) => ` ${print(inner)}`)
      .join("")})`;
  };
  const text = nodes.map(print).join(" ");
  if (!isMovable) return null;
  for (const name of written)
    if (seen.get(name) !== uses.get(name) || !isWrittenFirst(nodes, name)) return null;
  const all = [...order.keys()];
  const kind = (name) => `${locals.get(name)}${written.has(name) ? "!" : ""}`;
  return {
    text: `${text} ${all.map(kind).join(" ")}`,
    code: text,
    all,
    names: all.filter((name) => !written.has(name)),
    written,
  };
}

/** Everything that could move, from all functions. */
function candidates(module) {
  const found = [];
  for (const func of cold(module)) {
    const [locals, uses] = [typesOfLocals(func), usesIn(func)];
    const consider = (nodes, container) => {
      const type = typeOf(nodes.at(-1), module, locals);
      const pattern = type === null || type === undefined ? null : patternOf(nodes, locals, uses);
      if (pattern) found.push({ nodes, container, locals, type, ...pattern });
      return pattern !== null;
    };
    const sequences = (container) => {
      const parts = container.slice(container[0] === "func" ? 2 : 1);
      for (let from = 0; from < parts.length; from++) {
        for (let count = 2; count <= MOST_STATEMENTS && from + count <= parts.length; count++) {
          const nodes = parts.slice(from, from + count);
          if (nodes.some((node) => !isNode(node) || DECLARATIONS.has(node[0]) || node[0] === "result")) break;
          if (nodes.some((node) => NEVER_MOVED.test(node[0]) || node[0] === "br")) break;
          if (nodes.slice(0, -1).some((node) => typeOf(node, module, locals) !== "")) break;
          consider(nodes, container);
        }
      }
    };
    sequences(func);
    for (const part of bodyOf(func)) {
      walk(part, (node) => {
        if (HAS_STATEMENTS.test(node[0])) sequences(node);
        if (!TOO_SMALL.test(node[0])) consider([node], null);
      });
    }
  }
  return found;
}

/** The places of one pattern whose constants may differ: which of these do, and what sharing saves. */
function groupOf(group) {
  const constants = group.map(({ code }) => [...code.matchAll(CONSTANT)].map(([whole]) => whole));
  const differs = constants[0].map((one, i) => constants.some((others) => others[i] !== one));
  const size = (list) => list.reduce((sum, one, i) => sum + (differs[i] ? constBytes(parse(one)) : 0), 0);
  const [{ nodes, names }] = group;
  const bytes = nodes.reduce((sum, node) => sum + bytesOf(node), 0);
  const fixed = bytes - size(constants[0]);
  const parameters = names.length + differs.filter(Boolean).length;
  if (parameters > MOST_PARAMETERS) return { gain: 0 };
  const gain =
    group.length * (fixed - 2 * names.length - CALL_BYTES) -
    (fixed + 2 * differs.filter(Boolean).length + FUNCTION_BYTES);
  return { group, constants, differs, gain };
}

function shareCode(module) {
  const all = candidates(module);
  const typed = (one) => `${one.type} ${one.text}`;
  const exact = groupBy(all, typed);
  const loose = groupBy(all, (one) => typed(one).replace(CONSTANT, "($1.const #)"));
  const ranked = [...exact.values(), ...loose.values()]
    .filter((group) => group.length > 1)
    .map(groupOf)
    .filter(({ gain }) => gain >= LEAST_GAIN)
    .sort((a, b) => b.gain - a.gain);
  const gone = new Set();
  let shared = 0;
  for (const { group, constants, differs } of ranked) {
    if (!areApart(group, gone)) continue;
    shareOne(module, group, constants, differs, gone);
    shared++;
  }
  return shared;
}

/** Is nothing of it changed yet, and stands none in another one? */
function areApart(group, gone) {
  const own = new Set();
  for (const { nodes } of group) {
    if (nodes.some((node) => gone.has(node) || own.has(node))) return false;
    for (const node of nodes) walk(node, (inner) => own.add(inner));
  }
  return true;
}

function shareOne(module, group, constants, differs, gone) {
  const [{ code, all, written, locals, names, type }] = group;
  const varied = constants[0].map((one, i) => (differs[i] ? one : null)).filter((one) => one !== null);
  // Parameters first, then the differing constants, then the locals of its own.
  const kept = all.filter((name) => !written.has(name));
  const own = all.filter((name) => written.has(name));
  const place = new Map();
  kept.forEach((name, i) => place.set(`$${all.indexOf(name)}`, `$${i}`));
  own.forEach((name, i) => place.set(`$${all.indexOf(name)}`, `$${kept.length + varied.length + i}`));
  let [constant, parameter] = [0, kept.length];
  const body = code
    .replace(/\(local\.(get|set|tee) (\$\d+)/g, (_, op, name) => `(local.${op} ${place.get(name)}`)
    .replace(CONSTANT, (whole) => (differs[constant++] ? `(local.get $${parameter++})` : whole));
  const by = add(
    module,
    [...kept.map((name) => locals.get(name)), ...varied.map((one) => one.slice(1, 4))],
    type,
    parse(`(${body})`),
    own.map((name) => locals.get(name)),
  );
  group.forEach(({ nodes, container, names: own }, i) => {
    // What stands in it, and what it stands in, has changed: the next round sees it anew.
    const call = [
      "call",
      by,
      ...own.map((name) => ["local.get", name]),
      ...constants[i].filter((_, j) => differs[j]).map(parse),
    ];
    for (const node of nodes) walk(node, (inner) => gone.add(inner));
    if (container) container.splice(container.indexOf(nodes[0]), nodes.length, call);
    else replace(nodes[0], call);
  });
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
  for (let round = 0; round < ROUNDS && shareCode(module); round++);
  // Each function says its type itself: the names of types, old and new, would meet.
  const isType = (part) => isNode(part) && part[0] === "type";
  for (const func of module.tree.filter(([kind]) => kind === "func"))
    replace(
      func,
      func.filter((part) => !isType(part)),
    );
  return print(module.tree.filter((part) => !isType(part)));
}
