// A message as `--trace` shows it: a line with time, direction and peer, then the message, set in.

import type { Traced } from "./phone.js";
import type { Address } from "./records.js";

/** trace 2030-01-01T10:00:00.000Z sent 192.0.2.1:5060 312 bytes, and below it `  | line` for each line. */
export function readableTrace(traced: Traced, time: Date): string {
  const { direction, peer, bytes } = traced;
  const head = `trace ${time.toISOString()} ${direction} ${addressText(peer)} ${bytes.length} bytes`;
  const lines = messageText(bytes)
    .replace(/(\r?\n)+$/, "")
    .split(/\r?\n/);
  return [head, ...lines.map((line) => `  | ${printable(line)}`)].join("\n");
}

/** {"event":"trace","time":...,"direction":"sent","peer":...,"local":...,"message":...} */
export function jsonTrace(traced: Traced, time: Date): string {
  return JSON.stringify({
    event: "trace",
    time: time.toISOString(),
    direction: traced.direction,
    peer: addressText(traced.peer),
    local: addressText(traced.local),
    message: messageText(traced.bytes),
  });
}

export function addressText({ address, port }: Address): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function messageText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}

/** A peer must not be able to command the terminal. */
function printable(line: string): string {
  return line.replace(/\p{Cc}/gu, (c) =>
    c === "\t" ? c : `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}
