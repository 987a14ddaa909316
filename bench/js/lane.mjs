// Runs one parser for tools/bench.mjs: `node PARSER.mjs FILE...` reads commands from stdin, one answer line for
// each, as lane.c does.
//
//   fields I     the fields of message I as text, or "refused"
//   time I N     nanoseconds for N times parse and read the fields
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/**
 * `parse(message)` answers the fields, or null for a message that it refuses; `prepare(bytes)` makes of the bytes what
 * the parser takes, and `show(fields)` of its answer what this file prints. Only `parse` is timed.
 */
export async function runLane({ parse, prepare = asText, show = (fields) => fields }) {
  const messages = process.argv.slice(2).map((file) => prepare(readFileSync(file)));
  for await (const line of createInterface({ input: process.stdin })) {
    const [command, index, times] = line.split(" ");
    const message = messages[Number(index)];
    if (command === "fields") console.log(textOf(parse(message), show));
    else if (command === "time") console.log(String(time(parse, message, Number(times))));
    else throw new Error(`unknown command: ${line}`);
  }
}

/** Strings, as these stacks get them from a WebSocket: nobody is charged for decoding bytes. */
function asText(bytes) {
  return bytes.toString("utf8");
}

let last = null;

function time(parse, message, times) {
  const from = process.hrtime.bigint();
  for (let i = 0; i < times; i++) last = parse(message);
  const took = process.hrtime.bigint() - from;
  if (last === null) throw new Error("refused while timing");
  return took;
}

/** The same text as print_fields of lane.c. */
function textOf(parsed, show) {
  if (parsed === null) return "refused";
  const f = show(parsed);
  const parts = f.status
    ? [["status", f.status]]
    : [
        ["method", f.method],
        ["uri-host", f.uriHost],
      ];
  for (const via of f.vias) parts.push(["via", via.branch, via.host, via.port]);
  parts.push(["from", f.from.tag, f.from.user, f.from.host]);
  parts.push(["to", f.to.tag, f.to.user, f.to.host]);
  parts.push(["call-id", f.callId], ["cseq", f.cseq, f.cseqMethod]);
  for (const contact of f.contacts) parts.push(["contact", contact.user, contact.host]);
  for (const host of f.routes) parts.push(["route", host]);
  for (const host of f.recordRoutes) parts.push(["record-route", host]);
  parts.push(["session-expires", f.sessionExpires ?? -1]);
  parts.push(["content-length", f.contentLength ?? -1], ["body", f.bodyLength]);
  // NaN is what `sip` says of a port that is not there.
  return parts.map((words) => words.map((word) => word || (word === 0 ? 0 : "-")).join(" ")).join("|");
}
