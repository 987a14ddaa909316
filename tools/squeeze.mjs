// Packs the data of a module: texts and tables come as one stream of bits, which the start function unpacks.
//
// The stream says for each place: a byte, or a copy of what stands some way before. Each bit of it is written with
// the arithmetic code (rANS) that fits how often it was 1 in its context until then. Reader (in the module) and
// writer (here) keep the same counts. What the reader needs while it works is in the first page of memory, behind
// all data, and is zero again afterwards.

/** Where the stream stands until it is unpacked, and where the reader keeps its state. */
const [STREAM, MODEL] = [32768, 49152];
/** The reader's words before the contexts: the state of the code, and the address of the next byte. */
const CONTEXTS = MODEL + 8;
/** Contexts, by number: is it a copy (after a byte, after a copy); distance; length; the bits of a byte. */
const [IS_COPY, DISTANCE, LENGTH, BYTE, CONTEXT_COUNT] = [0, 2, 34, 66, 322];
/** A context is a word: how often 1 comes, of 65,536, over a count of bits seen; stored so that 0 means half. */
const [COUNT_BITS, MOST_COUNTED, HALF] = [5, 30, 32768];
/** The code's state stays in 2^20 to 2^28; frequencies are of 4,096. */
const [LEAST_STATE, FREQUENCY_BITS] = [1 << 20, 12];

const READER = `
(func $assembly/shared/unpack/bit (param $context i32) (result i32)
  (local $state i32) (local $word i32) (local $ones i32) (local $low i32) (local $is i32)
  (local.set $state (i32.load (i32.const ${MODEL})))
  (loop $more
    (if (i32.lt_u (local.get $state) (i32.const ${LEAST_STATE})) (then
      (local.set $state (i32.or (i32.shl (local.get $state) (i32.const 8))
        (i32.load8_u (local.tee $word (i32.load (i32.const ${MODEL + 4}))))))
      (i32.store (i32.const ${MODEL + 4}) (i32.add (local.get $word) (i32.const 1)))
      (br $more))))
  (local.set $context (i32.add (i32.shl (local.get $context) (i32.const 2)) (i32.const ${CONTEXTS})))
  (local.set $word (i32.xor (i32.load (local.get $context)) (i32.const ${HALF << COUNT_BITS})))
  (local.set $ones (i32.add (i32.const 1) (i32.shr_u
    (i32.mul (i32.shr_u (local.get $word) (i32.const ${COUNT_BITS})) (i32.const ${(1 << FREQUENCY_BITS) - 2})) (i32.const 16))))
  (local.set $low (i32.and (local.get $state) (i32.const ${(1 << FREQUENCY_BITS) - 1})))
  (local.set $is (i32.lt_u (local.get $low) (local.get $ones)))
  (i32.store (i32.const ${MODEL}) (i32.add
    (i32.mul (i32.shr_u (local.get $state) (i32.const ${FREQUENCY_BITS}))
      (select (local.get $ones) (i32.sub (i32.const ${1 << FREQUENCY_BITS}) (local.get $ones)) (local.get $is)))
    (select (local.get $low) (i32.sub (local.get $low) (local.get $ones)) (local.get $is))))
  (local.set $low (i32.and (local.get $word) (i32.const ${(1 << COUNT_BITS) - 1})))
  (local.set $ones (i32.shr_u (local.get $word) (i32.const ${COUNT_BITS})))
  (i32.store (local.get $context) (i32.xor (i32.const ${HALF << COUNT_BITS}) (i32.or
    (i32.shl (i32.add (local.get $ones) (i32.div_s
      (i32.shl (i32.sub (i32.mul (local.get $is) (i32.const 65535)) (local.get $ones)) (i32.const 1))
      (i32.add (i32.shl (local.get $low) (i32.const 1)) (i32.const 3)))) (i32.const ${COUNT_BITS}))
    (i32.add (local.get $low) (i32.lt_u (local.get $low) (i32.const ${MOST_COUNTED}))))))
  (local.get $is))
(func $assembly/shared/unpack/number (param $context i32) (result i32)
  (local $bits i32) (local $number i32)
  (loop $more
    (if (call $assembly/shared/unpack/bit (local.get $context)) (then
      (local.set $number (i32.or (local.get $number)
        (i32.shl (call $assembly/shared/unpack/bit (i32.add (local.get $context) (i32.const 1))) (local.get $bits))))
      (local.set $bits (i32.add (local.get $bits) (i32.const 1)))
      (local.set $context (i32.add (local.get $context) (i32.const 2)))
      (br $more))))
  (i32.or (local.get $number) (i32.shl (i32.const 1) (local.get $bits))))
(func $assembly/shared/unpack/start
  (local $to i32) (local $is i32) (local $from i32)
  (local.set $to (i32.const FROM))
  (i32.store (i32.const ${MODEL + 4}) (i32.const ${STREAM}))
  (loop $more
    (if (local.tee $is (call $assembly/shared/unpack/bit (i32.ne (local.get $is) (i32.const 0)))) (then
        (local.set $from (i32.sub (local.get $to) (call $assembly/shared/unpack/number (i32.const ${DISTANCE}))))
        (local.set $is (i32.add (call $assembly/shared/unpack/number (i32.const ${LENGTH})) (i32.const 1)))
        (loop $copy
          (i32.store8 (local.get $to) (i32.load8_u (local.get $from)))
          (local.set $to (i32.add (local.get $to) (i32.const 1)))
          (local.set $from (i32.add (local.get $from) (i32.const 1)))
          (br_if $copy (local.tee $is (i32.sub (local.get $is) (i32.const 1)))))
        (local.set $is (i32.const 1)))
      (else
        (local.set $from (i32.const 1))
        (loop $byte
          (local.set $from (i32.or (i32.shl (local.get $from) (i32.const 1))
            (call $assembly/shared/unpack/bit (i32.add (local.get $from) (i32.const ${BYTE})))))
          (br_if $byte (i32.lt_u (local.get $from) (i32.const 256))))
        (i32.store8 (local.get $to) (local.get $from))
        (local.set $to (i32.add (local.get $to) (i32.const 1)))))
    (br_if $more (i32.lt_u (local.get $to) (i32.const TO))))
  (memory.fill (i32.const ${STREAM}) (i32.const 0) (i32.const ${65536 - STREAM}))
  (call $~start))`;

// ---- the writer ----

/** What the reader's contexts hold; bit() says what a bit costs, and with `learn` writes it. */
class Model {
  constructor() {
    this.words = new Int32Array(CONTEXT_COUNT).fill(HALF << COUNT_BITS);
    this.written = [];
  }

  onesOf(context) {
    return (((this.words[context] >>> COUNT_BITS) * ((1 << FREQUENCY_BITS) - 2)) >>> 16) + 1;
  }

  cost(context, bit) {
    const ones = this.onesOf(context) / (1 << FREQUENCY_BITS);
    return -Math.log2(bit ? ones : 1 - ones);
  }

  write(context, bit) {
    const ones = this.onesOf(context);
    this.written.push(bit ? [0, ones] : [ones, (1 << FREQUENCY_BITS) - ones]);
    const word = this.words[context];
    const [count, share] = [word & ((1 << COUNT_BITS) - 1), word >>> COUNT_BITS];
    const next = share + Math.trunc(((bit * 65535 - share) * 2) / (count * 2 + 3));
    this.words[context] = (next << COUNT_BITS) | Math.min(count + 1, MOST_COUNTED);
  }

  /** The bytes of all bits: the code is written from the end, so that it can be read from the start. */
  bytes() {
    const bytes = [];
    let state = LEAST_STATE;
    for (const [from, share] of this.written.reverse()) {
      for (; state >= share * 65536; state = Math.floor(state / 256)) bytes.push(state & 255);
      state = (Math.floor(state / share) << FREQUENCY_BITS) + (state % share) + from;
    }
    for (; state > 0; state = Math.floor(state / 256)) bytes.push(state & 255);
    return Buffer.from(bytes.reverse());
  }
}

/** Calls each(context, bit) for a number of 1 or more. */
function bitsOfNumber(context, number, each) {
  const bits = 31 - Math.clz32(number);
  for (let i = 0; i < bits; i++) {
    each(context + 2 * i, 1);
    each(context + 2 * i + 1, (number >> i) & 1);
  }
  each(context + 2 * bits, 0);
}

function bitsOfByte(byte, each) {
  for (let i = 7, before = 1; i >= 0; before = (byte | 256) >> i, i--) each(BYTE + before, (byte >> i) & 1);
}

/** What stands earlier too, for each place: [length, distance], each longer than those before it. */
function copiesIn(data) {
  const places = new Map();
  return Array.from(data, (_, at) => {
    const key = data[at] * 256 + data[at + 1];
    const earlier = places.get(key) ?? [];
    const found = [];
    for (let i = earlier.length - 1, most = 1; i >= 0; i--) {
      let length = 2;
      while (at + length < data.length && data[at + length] === data[earlier[i] + length]) length++;
      if (at + length <= data.length && length > most) found.push([(most = length), at - earlier[i]]);
    }
    const isInRun = at > 2 && data[at] === data[at - 1] && data[at] === data[at - 2];
    if (!isInRun) places.set(key, [...earlier, at]);
    return found;
  });
}

/** The cheapest steps through the data as [length, distance], distance 0 for a byte, at the costs of that model. */
function cheapest(data, copies, model) {
  const costs = new Map();
  const numberCost = (context, number) => {
    const key = context * 65536 + number;
    if (!costs.has(key)) {
      let sum = 0;
      bitsOfNumber(context, number, (place, bit) => (sum += model.cost(place, bit)));
      costs.set(key, sum);
    }
    return costs.get(key);
  };
  const best = new Float64Array(data.length + 1).fill(Infinity);
  const step = new Array(data.length + 1);
  best[0] = 0;
  const consider = (at, length, distance, cost) => {
    if (best[at] + cost >= best[at + length]) return;
    best[at + length] = best[at] + cost;
    step[at + length] = [length, distance];
  };
  for (let at = 0; at < data.length; at++) {
    let byte = model.cost(IS_COPY, 0);
    bitsOfByte(data[at], (place, bit) => (byte += model.cost(place, bit)));
    consider(at, 1, 0, byte);
    let shortest = 2;
    for (const [longest, distance] of copies[at]) {
      const cost = model.cost(IS_COPY, 1) + numberCost(DISTANCE, distance);
      for (let length = shortest; length <= Math.min(longest, 300); length++)
        consider(at, length, distance, cost + numberCost(LENGTH, length - 1));
      consider(at, longest, distance, cost + numberCost(LENGTH, longest - 1));
      shortest = longest + 1;
    }
  }
  const steps = [];
  for (let at = data.length; at > 0; at -= step[at][0]) steps.unshift(step[at]);
  return steps;
}

function written(data, steps) {
  const model = new Model();
  const write = (context, bit) => model.write(context, bit);
  let at = 0;
  let isAfterCopy = 0;
  for (const [length, distance] of steps) {
    const isCopy = Number(distance > 0);
    write(IS_COPY + isAfterCopy, isCopy);
    if (isCopy) bitsOfNumber(DISTANCE, distance, write);
    if (isCopy) bitsOfNumber(LENGTH, length - 1, write);
    else bitsOfByte(data[at], write);
    at += length;
    isAfterCopy = isCopy;
  }
  return model;
}

/** The stream for these bytes. Each round takes the steps that were cheapest at the end of the round before. */
export function squeezed(data) {
  const copies = copiesIn(data);
  let model = new Model();
  let shortest = null;
  for (let round = 0; round < 6; round++) {
    model = written(data, cheapest(data, copies, model));
    const bytes = model.bytes();
    if (shortest === null || bytes.length < shortest.length) shortest = bytes;
  }
  return shortest;
}

// ---- the module's text ----

const SEGMENT = /^ \(data \$\S+ \(i32\.const (\d+)\) "((?:[^"\\]|\\.)*)"\)$/gm;
const ESCAPES = { t: 9, n: 10, r: 13 };

function bytesOfText(text) {
  const bytes = [];
  for (const [, hex, escape, plain] of text.matchAll(/\\([0-9a-f]{2})|\\(.)|([^\\])/gs))
    bytes.push(
      hex ? parseInt(hex, 16) : escape ? (ESCAPES[escape] ?? escape.charCodeAt(0)) : plain.charCodeAt(0),
    );
  return bytes;
}

/** The same module with its data as a stream, as text. It has one page of memory at least, and a start function. */
export function squeezedModule(text) {
  const segments = [...text.matchAll(SEGMENT)].map(([, at, bytes]) => [Number(at), bytesOfText(bytes)]);
  if (segments.length === 0 || !text.includes("(start $~start)")) return text;
  const from = segments[0][0];
  const to = Math.max(...segments.map(([at, bytes]) => at + bytes.length));
  if (to > STREAM) throw new Error("the data reaches into the place of its stream");
  const data = new Uint8Array(to - from);
  for (const [at, bytes] of segments) data.set(bytes, at - from);
  const stream = squeezed(data);
  if (stream.length > MODEL - STREAM) throw new Error("the stream reaches into the reader's state");
  const hex = [...stream].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
  const reader = READER.replace("i32.const FROM", `i32.const ${from}`).replace(
    "i32.const TO",
    `i32.const ${to}`,
  );
  const [before] = text.split(/^ \(data /m, 1);
  return `${before} (data $packed (i32.const ${STREAM}) "${hex}")\n${text.slice(before.length).replace(SEGMENT, "")}`
    .replace("(start $~start)", "(start $assembly/shared/unpack/start)")
    .replace(/\)\s*$/, `${reader})`);
}
