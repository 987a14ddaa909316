// Code that a module has in several places becomes a function: whole statements, or a piece of an expression.
//
//   put(a); put(b)              statements that follow one another: the locals in them are the parameters
//   f(g(ANYTHING), 5)           a piece of an expression: what stands below it is handed in
//   f(x, 5), f(y, 6)            constants that differ, and places in an object that differ, are handed in
//
// Whatever saves most comes first; what the others then still have in common is weighed anew.
import {
  add,
  bodyOf,
  bytesOf,
  CALL_BYTES,
  constBytes,
  DECLARATIONS,
  FUNCTION_BYTES,
  isNode,
  LEAST_GAIN,
  nodesIn,
  parse,
  replace,
  typeOf,
  typesOfLocals,
  walk,
} from "./wat.mjs";

const MOST_PARAMETERS = 6;
const MOST_STATEMENTS = 8;
/** Words and lists in what is moved as a whole: larger code is never the same in two places. */
const MOST_NODES = 100;
/** Nodes of a piece of an expression. */
const MOST_KEPT = 4;
/** With so many constants every choice of those that differ is tried; with more, all and none. */
const MOST_CHOICES = 3;

const NEVER_MOVED = /^(return|unreachable|data\.drop|memory\.grow)$/;
const WRITES_LOCAL = /^local\.(set|tee)$/;
const BRANCHES = /^br(_if|_table)?$/;
const TOO_SMALL = /^(then|else|local\.get|i32\.const|i64\.const|global\.get|br|br_if|block|loop|return)$/;
const HAS_STATEMENTS = /^(func|block|loop|then|else)$/;
const HAS_EFFECT = /^call|\.store|^global\.set$|^memory\.|^br|^return$|^unreachable$|^data\./;
const READS = /\.load|^global\.get$/;
/** In a pattern the offset of a load or store is an operand of its own. */
const CONSTANT = /\((i32|i64)\.(const|offset) ([^()]*)\)/g;

const isLeaf = ([op]) => op === "local.get" || /\.const$/.test(op);
const operandsOf = (node) => nodesIn(node).filter(([kind]) => !DECLARATIONS.has(kind));

// ---- what is known of a function, and of its code ----

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
      answer = isCertain && WRITES_LOCAL.test(node[0]);
  };
  for (const node of nodes) look(node, !/^(loop|block)$/.test(node[0]));
  return answer === true;
}

const [NOTHING, READING, CHANGING] = [0, 1, 2];
const ownEffect = (op) => (HAS_EFFECT.test(op) ? CHANGING : READS.test(op) ? READING : NOTHING);

/** Does the code change what other code sees, or read what other code may change? */
function effectOf(node, known) {
  if (!known.has(node)) {
    const inner = operandsOf(node).map((part) => effectOf(part, known));
    known.set(node, Math.max(ownEffect(node[0]), ...inner));
  }
  return known.get(node);
}

function sizeOf(node, sizes) {
  const size = node.reduce((sum, part) => sum + (isNode(part) ? sizeOf(part, sizes) : 0), 1);
  sizes.set(node, size);
  return size;
}

// ---- one piece of code as a pattern ----

/**
 * The text of some nodes, in which locals have the numbers of the order in which they come. With `kept`, what is not in
 * that set is a hole: the text has a local in its place, and the code there is handed in.
 */
class Pattern {
  constructor(nodes, known, kept = null) {
    this.nodes = nodes;
    this.known = known;
    this.kept = kept;
    /** Locals, and holes as `#` and a number, by their place. */
    this.order = new Map();
    this.written = new Set();
    this.holes = new Map();
    this.labels = new Map();
    this.seen = new Map();
    this.isMovable = true;
    this.effect = NOTHING;
    this.code = nodes.map((node) => this.textOf(node, kept === null)).join(" ");
    this.isMovable &&= this.keepsItsLocals() && this.holesMayComeFirst();
  }

  place(name) {
    if (!this.order.has(name)) this.order.set(name, this.order.size);
    return `$${this.order.get(name)}`;
  }

  textOf(node, isWhole) {
    if (!isNode(node)) return node;
    const [op] = node;
    if (NEVER_MOVED.test(op)) this.isMovable = false;
    if (!this.isMovable) return "";
    const isHole = !isWhole && !isLeaf(node) && !DECLARATIONS.has(op) && !this.kept.has(node);
    if (isHole) return this.textOfHole(node);
    const text = this.textOfKept(node, isWhole);
    this.effect = Math.max(this.effect, ownEffect(op));
    return text;
  }

  /** It is computed before everything else of the pattern, which must make no difference. */
  textOfHole(node) {
    const effect = effectOf(node, this.known.effects);
    if (!this.known.typeOf(node) || (effect && this.effect + effect > CHANGING)) this.isMovable = false;
    const name = `#${this.holes.size}`;
    this.holes.set(name, node);
    return `(local.get ${this.place(name)})`;
  }

  textOfKept(node, isWhole) {
    const [op, name] = node;
    const rest = (from, whole = isWhole) =>
      node
        .slice(from)
        .map((part) => ` ${this.textOf(part, whole)}`)
        .join("");
    if (/^local\./.test(op)) {
      const place = this.place(name);
      this.seen.set(name, (this.seen.get(name) ?? 0) + 1);
      if (WRITES_LOCAL.test(op)) this.written.add(name);
      return `(${op} ${place}${rest(2)})`;
    }
    if (/\.(load|store)/.test(op)) return this.textOfAccess(node, isWhole);
    if (BRANCHES.test(op)) return `(${op}${node.slice(1).map((part) => ` ${this.target(part, isWhole)}`)})`;
    if (/^(block|loop)$/.test(op) && typeof name === "string") {
      this.labels.set(name, `$l${this.labels.size}`);
      return `(${op} ${this.labels.get(name)}${rest(2, true)})`;
    }
    if (op !== "if") return `(${op}${rest(1)})`;
    const arms = node.findIndex(([kind]) => kind === "then");
    const head = node.slice(1, arms).map((part) => ` ${this.textOf(part, isWhole)}`);
    return `(if${head.join("")}${rest(arms, true)})`;
  }

  textOfAccess(node, isWhole) {
    const words = node.slice(1).filter((part) => !isNode(part));
    const offset = words.find((word) => word.startsWith("offset="))?.slice("offset=".length) ?? "0";
    const align = words.filter((word) => !word.startsWith("offset="));
    const [address, ...value] = nodesIn(node).map((part) => this.textOf(part, isWhole));
    return `(${[`${node[0]}@`, ...align, address, `(i32.offset ${offset})`, ...value].join(" ")})`;
  }

  target(part, isWhole) {
    if (isNode(part)) return this.textOf(part, isWhole);
    if (!this.labels.has(part)) this.isMovable = false;
    return this.labels.get(part);
  }

  /** What is written here is used nowhere else. */
  keepsItsLocals() {
    return [...this.written].every(
      (name) => this.seen.get(name) === this.known.uses.get(name) && isWrittenFirst(this.nodes, name),
    );
  }

  /** No hole writes a local that the pattern has too. */
  holesMayComeFirst() {
    let isFine = true;
    for (const hole of this.holes.values())
      walk(hole, ([op, name]) => {
        if (WRITES_LOCAL.test(op) && this.order.has(name)) isFine = false;
      });
    return isFine;
  }

  typeOfName(name) {
    return this.holes.has(name) ? this.known.typeOf(this.holes.get(name)) : this.known.locals.get(name);
  }

  get parameters() {
    return [...this.order.keys()].filter((name) => !this.written.has(name));
  }

  get constants() {
    return (this.all ??= this.code.match(CONSTANT) ?? []);
  }

  /** Bytes of the nodes, each hole as a local. */
  get bytes() {
    const isHole = new Set(this.holes.values());
    const weigh = (node) => {
      if (isHole.has(node)) return 2;
      const inner = operandsOf(node);
      const own = bytesOf(node.filter((part) => !inner.includes(part)));
      return inner.reduce((sum, part) => sum + weigh(part), own);
    };
    return (this.weight ??= this.nodes.reduce((sum, node) => sum + weigh(node), 0));
  }

  /** Two patterns with a key in common can be one function. A # is a constant that may differ. */
  get keys() {
    const names = [...this.order.keys()];
    const kinds = names.map((name) => this.typeOfName(name) + (this.written.has(name) ? "!" : ""));
    const text = [this.type, ...kinds, this.code].join(" ");
    const count = this.constants.length;
    const loose = (mayDiffer) => {
      let i = 0;
      return text.replace(CONSTANT, (all, type, kind) =>
        mayDiffer(i++, kind) ? `(${type}.${kind} #)` : all,
      );
    };
    if (count === 0) return [text];
    if (count <= MOST_CHOICES)
      return Array.from({ length: 1 << count }, (_, choice) => loose((i) => (choice >> i) & 1));
    return [...new Set([text, loose(() => true), loose((_, kind) => kind === "const")])];
  }

  /** Calls visit(node) for what is moved. */
  eachNode(visit) {
    const isHole = new Set(this.holes.values());
    const look = (node) => {
      if (isHole.has(node)) return;
      visit(node);
      for (const part of node) if (isNode(part)) look(part);
    };
    this.nodes.forEach(look);
  }
}

// ---- everything that could move ----

/** Calls visit(nodes) for each piece of the expression that has its root. */
function eachPiece(root, visit) {
  const below = (node) => {
    if (/^(block|loop)$/.test(node[0])) return [];
    const parts = operandsOf(node);
    return (node[0] === "if" ? parts.slice(0, 1) : parts).filter((part) => !isLeaf(part));
  };
  const grow = (kept, edge, from) => {
    visit(kept);
    if (kept.size === MOST_KEPT) return;
    for (let i = from; i < edge.length; i++)
      grow(new Set(kept).add(edge[i]), [...edge, ...below(edge[i])], i + 1);
  };
  grow(new Set([root]), below(root), 0);
}

/** Calls visit(nodes) for statements that follow one another. */
function eachSequence(container, known, visit) {
  const isStatement = (part) =>
    isNode(part) && !DECLARATIONS.has(part[0]) && !NEVER_MOVED.test(part[0]) && part[0] !== "br";
  const parts = container.slice(1);
  for (let from = 0; from < parts.length; from++) {
    const nodes = [];
    for (let size = 0; nodes.length < MOST_STATEMENTS;) {
      const next = parts[from + nodes.length];
      if (next === undefined || !isStatement(next)) break;
      if (nodes.length > 0 && known.typeOf(nodes.at(-1)) !== "") break;
      size += known.sizes.get(next);
      if (size > MOST_NODES) break;
      nodes.push(next);
      if (nodes.length > 1) visit([...nodes]);
    }
  }
}

function knownOf(func, module) {
  const locals = typesOfLocals(func);
  const types = new Map();
  const typeOfNode = (node) => {
    if (!types.has(node)) types.set(node, typeOf(node, module, locals));
    return types.get(node);
  };
  const known = { locals, uses: usesIn(func), sizes: new Map(), effects: new Map(), typeOf: typeOfNode };
  sizeOf(func, known.sizes);
  return known;
}

function patternsIn(func, module) {
  const known = knownOf(func, module);
  const found = [];
  const consider = (nodes, kept, container) => {
    const type = known.typeOf(nodes.at(-1));
    if (type === null || type === undefined) return;
    const pattern = new Pattern(nodes, known, kept);
    if (!pattern.isMovable || (kept && pattern.holes.size === 0)) return;
    found.push(Object.assign(pattern, { type, container }));
  };
  walk(func, (node) => {
    if (HAS_STATEMENTS.test(node[0])) eachSequence(node, known, (nodes) => consider(nodes, null, node));
    if (node === func || TOO_SMALL.test(node[0])) return;
    if (known.sizes.get(node) <= MOST_NODES) consider([node], null, null);
    if (!/^local\./.test(node[0])) eachPiece(node, (kept) => consider([node], kept, null));
  });
  return found;
}

// ---- what sharing saves ----

/** Patterns with a key in common: which constants differ, and what a function for them saves. */
function weighed(patterns) {
  if (patterns.length < 2) return { gain: 0 };
  const [first] = patterns;
  const differs = first.constants.map((one, i) => patterns.some(({ constants }) => constants[i] !== one));
  const { length } = first.parameters;
  if (length + differs.filter(Boolean).length > MOST_PARAMETERS) return { gain: 0 };
  let gain = -FUNCTION_BYTES - first.bytes;
  for (const { bytes } of patterns) gain += bytes - CALL_BYTES - 2 * length;
  const bytesOfConstant = (text) => constBytes(["i32.const", text.slice(0, -1).split(" ")[1]]);
  const wide = (text) => constBytes(["i64.const", text.slice(0, -1).split(" ")[1]]);
  const weigh = (text) => (text.startsWith("(i64") ? wide(text) : bytesOfConstant(text));
  differs.forEach((is, i) => {
    if (!is) return;
    // A place is added to the address; a constant's own place is a local's.
    gain -= first.constants[i].includes("offset") ? 3 : 2 - weigh(first.constants[i]);
    for (const { constants } of patterns) gain -= weigh(constants[i]);
  });
  return { patterns, differs, gain };
}

function groupsOf(patterns) {
  const groups = new Map();
  for (const pattern of patterns) {
    for (const key of pattern.keys) {
      const group = groups.get(key);
      if (group) group.push(pattern);
      else groups.set(key, [pattern]);
    }
  }
  return [...groups.values()]
    .map(weighed)
    .filter(({ gain }) => gain >= LEAST_GAIN)
    .sort((a, b) => a.gain - b.gain);
}

/** Those that nothing has changed yet, and of which none stands in another one. */
function apart(patterns, gone) {
  const own = new Set();
  return patterns.filter((pattern) => {
    let isFree = true;
    pattern.eachNode((node) => (gone.has(node) || own.has(node)) && (isFree = false));
    if (isFree) for (const node of pattern.nodes) walk(node, (inner) => own.add(inner));
    return isFree;
  });
}

/** Puts a group where its gain belongs, the least first. */
function insert(groups, group) {
  let [low, high] = [0, groups.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (groups[middle].gain < group.gain) low = middle + 1;
    else high = middle;
  }
  groups.splice(low, 0, group);
}

// ---- sharing ----

/** Offsets of loads and stores where the module's text has them. */
function folded(node) {
  if (!isNode(node)) return node;
  const parts = node.map(folded);
  if (!node[0].endsWith("@")) return parts;
  const words = parts.slice(1).filter((part) => !isNode(part));
  const [address, offset, ...value] = parts.filter(isNode);
  const op = node[0].slice(0, -1);
  if (offset[0] === "local.get") return [op, ...words, ["i32.add", address, offset], ...value];
  return [op, ...(offset[1] === "0" ? [] : [`offset=${offset[1]}`]), ...words, address, ...value];
}

/** The function of a group: parameters first, then the constants that differ, then the locals of its own. */
function addFunction(module, [pattern], differs) {
  const varied = pattern.constants.filter((_, i) => differs[i]);
  const { parameters } = pattern;
  const locals = [...pattern.written];
  const numbers = new Map();
  parameters.forEach((name, i) => numbers.set(pattern.place(name), i));
  locals.forEach((name, i) => numbers.set(pattern.place(name), parameters.length + varied.length + i));
  let [constant, next] = [0, parameters.length];
  const body = pattern.code
    .replace(/\(local\.(get|set|tee) (\$\d+)/g, (_, op, place) => `(local.${op} $${numbers.get(place)}`)
    .replace(CONSTANT, (whole) => (differs[constant++] ? `(local.get $${next++})` : whole));
  const typeOfName = (name) => pattern.typeOfName(name);
  return add(
    module,
    [...parameters.map(typeOfName), ...varied.map((one) => one.slice(1, 4))],
    pattern.type,
    parse(`(${body})`).map(folded),
    locals.map(typeOfName),
  );
}

function shareOne(module, { patterns, differs }, gone) {
  const by = addFunction(module, patterns, differs);
  for (const { nodes, container, parameters, holes, constants } of patterns) {
    const varied = constants.filter((_, i) => differs[i]).map((one) => parse(one.replace("offset", "const")));
    const call = ["call", by, ...parameters.map((name) => holes.get(name) ?? ["local.get", name]), ...varied];
    if (container) container.splice(container.indexOf(nodes[0]), nodes.length, call);
    else replace(nodes[0], call);
  }
}

/** Shares what these functions have in common, as far as nothing of it meets; answers how many functions that made. */
export function shareCode(module, functions) {
  const groups = groupsOf(functions.flatMap((func) => patternsIn(func, module)));
  const gone = new Set();
  let shared = 0;
  while (groups.length > 0) {
    const best = groups.pop();
    const patterns = apart(best.patterns, gone);
    if (patterns.length === best.patterns.length) {
      for (const pattern of patterns) pattern.eachNode((node) => gone.add(node));
      shareOne(module, best, gone);
      shared++;
      continue;
    }
    const rest = weighed(patterns);
    if (rest.gain >= LEAST_GAIN) insert(groups, rest);
  }
  return shared;
}
