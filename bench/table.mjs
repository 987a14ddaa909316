// The tables of the benchmark, as Markdown: the same text goes to the terminal and into docs/performance.md.
import { MEASURE } from "./lanes.mjs";

export function mean(numbers) {
  return numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
}

const whole = (n) => (n === undefined || n === null ? "" : Math.round(n).toLocaleString("en-US"));

function table(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(3, ...all.map((row) => row[i].length)));
  const line = (row) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(" | ")} |`;
  const rule = widths.map((width, i) => (i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

/** One row for each parser. */
export function parserTable({ parsers }) {
  const measure = parsers.find(({ name }) => name === MEASURE);
  const rows = parsers.map((p) => [
    p.version ? `${p.name} ${p.version}` : p.name,
    whole(p.nanoseconds),
    (p.nanoseconds / measure.nanoseconds).toFixed(2),
    p.instructions ? whole(mean(p.instructions)) : "",
  ]);
  return table(["parser", "ns per message", `against ${MEASURE}`, "instructions"], rows);
}

/** One row for each message: Ringlet beside the measure. */
export function messageTable({ messages, parsers, blocks }) {
  const shown = parsers.filter(({ name }) => name.startsWith("Ringlet") || name === MEASURE);
  const rows = messages.map((message, i) => [
    message.name,
    whole(message.bytes),
    ...shown.map((p) => whole(p.perMessage[i])),
    whole(blocks[i]),
  ]);
  return table(["message", "bytes", ...shown.map(({ name }) => `${name}, ns`), "Ringlet, blocks"], rows);
}
