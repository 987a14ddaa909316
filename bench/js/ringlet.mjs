// Ringlet in V8: bench/ringlet/fields.ts, the message room compiled alone.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runLane } from "./lane.mjs";

const MOST = 8;
const wasm = fileURLToPath(new URL("../../build/bench/ringlet.wasm", import.meta.url));
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(wasm)), {});
const row = exports.open();
const bytes = new Uint8Array(exports.memory.buffer);
const { parse: parseAt } = exports;

/** The message is copied to the end of linear memory each time, as a host does with what it receives. */
function parse(message) {
  const length = message.length;
  const at = bytes.length - length;
  bytes.set(message, at);
  return parseAt(at, length) ? row : null;
}

/** From the row of u64 that fields.ts describes; a slice is (size << 32) | address. */
function show() {
  const words = new BigInt64Array(exports.memory.buffer, row);
  let next = 0;
  const number = () => Number(words[next++]);
  const text = () => {
    const slice = BigInt.asUintN(64, words[next++]);
    const at = Number(slice & 0xffffffffn);
    return at === 0 ? null : Buffer.from(bytes.subarray(at, at + Number(slice >> 32n))).toString("utf8");
  };
  const party = () => ({ tag: text(), user: text(), host: text() });
  const f = { method: text(), status: number(), uriHost: text(), from: party(), to: party() };
  Object.assign(f, { callId: text(), cseq: number(), cseqMethod: text() });
  Object.assign(f, { sessionExpires: number(), contentLength: number(), bodyLength: number() });
  const counts = [number(), number(), number(), number()];
  const list = (count, read) => Array.from({ length: MOST }, read).slice(0, count);
  f.vias = list(counts[0], () => ({ branch: text(), host: text(), port: number() || null }));
  f.contacts = list(counts[1], () => ({ user: text(), host: text() }));
  f.routes = list(counts[2], text);
  f.recordRoutes = list(counts[3], text);
  return f;
}

await runLane({ parse, prepare: (file) => new Uint8Array(file), show });
