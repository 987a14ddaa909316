// A function's body that is one block from end to end loses that block: its label is the function's own then.
//
// Binaryen knows no label of a function, but WebAssembly has one: a branch there returns. In outline.mjs early
// returns become such branches; Binaryen writes a block for them, which takes 3 bytes and does nothing.

const [BLOCK, IF, END] = [0x02, 0x04, 0x0b];
const [CODE, NO_RESULT] = [10, 0x40];

/** Where an unsigned or signed LEB128 number at `at` ends. */
function behindNumber(bytes, at) {
  while (bytes[at] & 128) at++;
  return at + 1;
}

function numberAt(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7, at++) {
    value += (bytes[at] & 127) * 2 ** shift;
    if (bytes[at] < 128) return value;
  }
}

function numberBytes(value) {
  const bytes = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

/** How many numbers follow an instruction; -1 for one that this module does not have. */
function operandsOf(op) {
  if (op >= 0x28 && op <= 0x3e) return 2;
  if ((op >= BLOCK && op <= IF) || op === 0x0c || op === 0x0d || op === 0x10) return 1;
  if ((op >= 0x20 && op <= 0x24) || (op >= 0x3f && op <= 0x42)) return 1;
  return [0x06, 0x07, 0x08, 0x09, 0x0a, 0x11, 0x1c, 0x25, 0x26].includes(op) || op > 0xc4 ? -1 : 0;
}

/** Behind the instruction at `at`. */
function behind(bytes, at) {
  const op = bytes[at++];
  if (op === 0x43) return at + 4;
  if (op === 0x44) return at + 8;
  let count = operandsOf(op);
  // br_table: the labels, and one more. 0xfc: a number says what it is.
  if (op === 0x0e) count = numberAt(bytes, at) + 2;
  if (op === 0xfc) count = { 8: 3, 9: 2, 10: 3, 11: 2 }[bytes[at]] ?? 1;
  if (count < 0) throw new Error(`instruction 0x${op.toString(16)} is not known here`);
  while (count-- > 0) at = behindNumber(bytes, at);
  return at;
}

/** Is the block that begins the instructions at `from` the whole of them? */
function isOneBlock(bytes, from) {
  if (bytes[from] !== BLOCK) return false;
  let depth = 0;
  for (let at = from; ; at = behind(bytes, at)) {
    if (bytes[at] >= BLOCK && bytes[at] <= IF) depth++;
    if (bytes[at] === END && --depth === 0) return at === bytes.length - 2;
  }
}

/** A function's locals and instructions, without the block that holds them all. */
function unwrappedBody(body) {
  let from = behindNumber(body, 0);
  for (let left = numberAt(body, 0); left > 0; left--) from = behindNumber(body, from) + 1;
  if (!isOneBlock(body, from)) return body;
  // The type of such a block is a byte: none, or the one of the function's value.
  const isPlain = body[from + 1] === NO_RESULT || body[from + 1] >= 0x7c;
  return isPlain ? Buffer.concat([body.subarray(0, from), body.subarray(from + 2, -1)]) : body;
}

function unwrappedCode(section) {
  const count = numberAt(section, 0);
  const parts = [Buffer.from(numberBytes(count))];
  let at = behindNumber(section, 0);
  for (let i = 0; i < count; i++) {
    const from = behindNumber(section, at);
    const body = unwrappedBody(section.subarray(from, from + numberAt(section, at)));
    at = from + numberAt(section, at);
    parts.push(Buffer.from(numberBytes(body.length)), body);
  }
  return Buffer.concat(parts);
}

/** The same module without such blocks. */
export function unwrapped(wasm) {
  const bytes = Buffer.from(wasm);
  const parts = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length;) {
    const from = behindNumber(bytes, at + 1);
    const to = from + numberAt(bytes, at + 1);
    const whole = bytes.subarray(from, to);
    const section = bytes[at] === CODE ? unwrappedCode(whole) : whole;
    parts.push(bytes.subarray(at, at + 1), Buffer.from(numberBytes(section.length)), section);
    at = to;
  }
  return Buffer.concat(parts);
}
