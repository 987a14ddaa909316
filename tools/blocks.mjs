// `node tools/blocks.mjs FILE...`: how much work each message is, in executed basic blocks of the shipped module.
//
// Unlike time, the number is the same on every run: build/ringlet.wasm through wasm2c, compiled with a counter
// in each block. Judged is sip_judge, received is sip_receive on an idle phone, answers included.
import { spawnSync } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { makeFresh } from "./fresh.mjs";
import { MissingTools, missingTools, nativeProgram } from "./native.mjs";

const MOST_BYTES = 65_535;

export { MissingTools, missingTools };

/** { judged, received } for each of the buffers, in order. Builds the counter where that is needed. */
export function countBlocks(messages) {
  const program = nativeProgram("blocks");
  const ran = spawnSync(program, { input: Buffer.concat(messages.flatMap(framed)), maxBuffer: 1 << 28 });
  const counts = ran.stdout.toString("latin1").split("\n").filter(Boolean).map(readCounts);
  if (ran.status === 0 && counts.length === messages.length) return counts;
  const why =
    /^FINDING: (.*)$/m.exec(ran.stderr.toString("latin1"))?.[1] ??
    ran.signal ??
    ran.stderr.toString("latin1");
  throw new Error(`message ${counts.length} of ${messages.length}: ${why}`);
}

function framed(message) {
  if (message.length > MOST_BYTES) throw new RangeError(`no datagram has ${message.length} bytes`);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(message.length);
  return [size, message];
}

function readCounts(line) {
  const [judged, received] = line.split(" ").map(Number);
  return { judged, received };
}

async function main(files) {
  if (files.length === 0) throw new Error("which files?");
  await makeFresh();
  const messages = files.map((file) => readFileSync(file));
  const counts = countBlocks(messages);
  console.log("  judged  received   bytes  a byte");
  counts.forEach(({ judged, received }, i) => {
    const bytes = messages[i].length;
    const each = (received / Math.max(1, bytes)).toFixed(1);
    const columns = [
      `${judged}`.padStart(8),
      `${received}`.padStart(10),
      `${bytes}`.padStart(8),
      each.padStart(8),
    ];
    console.log(`${columns.join("")}  ${path.relative("", files[i])}`);
  });
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(`blocks: ${error.message}`);
    process.exitCode = 2;
  });
}
