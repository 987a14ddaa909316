// Calls per CPU-second beside SIPp's own: `npm run bench:calls [-- --rounds N] [--rate N] [--doc]`.
//
// Interleaved rounds of some seconds each, so that a noisy neighbour meets all of them; the median counts.
// With --doc the table in docs/performance.md is renewed.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { answerers, measureMemory, measureRate } from "../bench/calls.mjs";
import { root } from "./files.mjs";
import { makeFresh } from "./fresh.mjs";

const PAGE = path.join(root, "docs/performance.md");

function option(name, otherwise) {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

const thousands = (n) => Math.round(n).toLocaleString("en-US");

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function table(rows, base) {
  const lines = [
    "| who answers | calls per CPU-second, median (min-max) | against SIPp's uas | failed | RSS idle | per call |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
  ];
  for (const { name, rates, failed, memory } of rows) {
    const range = `${thousands(median(rates))} (${thousands(Math.min(...rates))}-${thousands(Math.max(...rates))})`;
    const ratio = (median(rates) / base).toFixed(2);
    const idle = `${(memory.idle / 1e6).toFixed(1)} MB`;
    lines.push(
      `| ${name} | ${range} | ${ratio} | ${failed} | ${idle} | ${(memory.perCall / 1000).toFixed(1)} kB |`,
    );
  }
  return lines.join("\n");
}

async function main() {
  await makeFresh();
  const rounds = option("rounds", 5);
  const rate = option("rate", 2000);
  const rows = answerers(root).map((answerer) => ({ ...answerer, rates: [], failed: 0 }));
  for (let round = 0; round < rounds; round++) {
    for (const row of rows) {
      const { perCpuSecond, failed } = await measureRate(row, rate);
      row.rates.push(perCpuSecond);
      row.failed += failed;
      console.error(`bench: ${row.name}: ${thousands(perCpuSecond)} calls per CPU-second, ${failed} failed`);
    }
  }
  for (const row of rows) row.memory = await measureMemory(row);
  const text = table(rows, median(rows[0].rates));
  console.log(text);
  if (process.argv.includes("--doc")) {
    const page = readFileSync(PAGE, "utf8");
    writeFileSync(
      PAGE,
      page.replace(/(<!-- calls -->\n).*?(<!-- \/calls -->)/s, (_, a, b) => `${a}\n${text}\n\n${b}`),
    );
  }
}

main().catch((error) => {
  console.error(`bench: ${error.message}`);
  process.exitCode = 2;
});
