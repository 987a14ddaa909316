// What a registrar meets that comes back after an outage: `npm run surge [-- --phones N] [--outage S] [--doc]`.
//
// 625 phones of 16 accounts each, the shipped module in virtual time, and a registrar that counts. All of them are
// registered; then the registrar is silent; then it answers again. Printed is how many REGISTERs reach it in the
// seconds after that, once with a fixed wait between attempts and once with the growing, jittered one of RFC 5626
// §4.5. With --doc the table in docs/interop.md is renewed.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./files.mjs";
import { makeFresh } from "./fresh.mjs";

const ACCOUNTS = 16;
const EXPIRES_S = 600;
const WAY_MS = 20;
const REGISTRAR = { address: "192.0.2.1", port: 5060 };
const PAGE = path.join(root, "docs/interop.md");

function option(name, otherwise) {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

const PHONES = option("phones", 625);
const OUTAGE_S = option("outage", 1800);
const CALM_S = 900;
const WATCHED_S = 900;

/** Settings that differ, by the name of the row. */
const KINDS = {
  "fixed wait of 30 s": {
    reg_failed_retry_min_time: 0,
    reg_failed_retry_max_time: 0,
    reg_fail_retry_interval: 30,
  },
  "growing wait with jitter, 30 to 600 s": { reg_failed_retry_min_time: 30, reg_failed_retry_max_time: 600 },
};

function configOf(settings) {
  const lines = ["#!version:1.0.0.1", "sip.reg_surge_prevention = 60"];
  for (let account = 1; account <= ACCOUNTS; account++) {
    const own = {
      enable: 1,
      user_name: `2${String(account).padStart(3, "0")}`,
      "sip_server.1.address": REGISTRAR.address,
      "sip_server.1.expires": EXPIRES_S,
      "nat.udp_update_enable": 0,
      ...settings,
    };
    for (const [key, value] of Object.entries(own)) lines.push(`account.${account}.${key} = ${value}`);
  }
  return lines.join("\n");
}

/** What happens next, by time; what was entered first comes first. */
class Agenda {
  heap = [];
  entered = 0;

  enter(time, work) {
    const heap = this.heap;
    let i = heap.push({ time, order: this.entered++, work }) - 1;
    for (let up = (i - 1) >> 1; i > 0 && before(heap[i], heap[up]); up = (i - 1) >> 1) {
      [heap[i], heap[up]] = [heap[up], heap[i]];
      i = up;
    }
  }

  take() {
    const heap = this.heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0) return first;
    heap[0] = last;
    for (let i = 0; ;) {
      let least = i;
      for (const down of [2 * i + 1, 2 * i + 2]) {
        if (down < heap.length && before(heap[down], heap[least])) least = down;
      }
      if (least === i) return first;
      [heap[i], heap[least]] = [heap[least], heap[i]];
      i = least;
    }
  }
}

const before = (a, b) => a.time < b.time || (a.time === b.time && a.order < b.order);

/** The answer to a REGISTER, made of its own lines. */
function granted(request) {
  const lines = request.split("\r\n");
  const line = (name) => lines.filter((text) => text.toLowerCase().startsWith(`${name}:`));
  const head = [
    ...line("via"),
    ...line("from"),
    `${line("to")[0]};tag=registrar`,
    ...line("call-id"),
    ...line("cseq"),
  ];
  const contact = line("contact").map((text) =>
    text.includes(";expires=") ? text : `${text};expires=${EXPIRES_S}`,
  );
  return ["SIP/2.0 200 OK", ...head, ...contact, `Expires: ${EXPIRES_S}`, "Content-Length: 0", "", ""].join(
    "\r\n",
  );
}

/** Lives through one outage; answers the REGISTERs of each second after it, and how long until all are back. */
function simulate({ compileModule, RingletModule }, { RecordKind }, settings) {
  const compiled = compileModule();
  const agenda = new Agenda();
  const from = CALM_S * 1000;
  const to = from + OUTAGE_S * 1000;
  const end = to + WATCHED_S * 1000;
  const rate = new Array(WATCHED_S).fill(0);
  let registered = 0;
  let lastBack = 0;

  const phones = Array.from({ length: PHONES }, (_, i) => {
    const module = new RingletModule(compiled, { guarded: false });
    module.init(Buffer.alloc(32, `phone ${i} `));
    module.provision(configOf(settings), 0);
    return { module, local: { address: `10.${i >> 8}.${i & 255}.1`, port: 5060 }, next: -1 };
  });

  function drain(phone, now) {
    const later = [];
    for (const record of phone.module.drain()) {
      if (record.kind === RecordKind.Send) arrive(phone, record, now + WAY_MS);
      else if (record.kind === RecordKind.Listen && record.transport === 1) later.push(record);
      else if (record.kind === RecordKind.Event) note(record, now);
    }
    for (const { flow } of later) {
      phone.module.flowOpened(flow, phone.local, { address: "", port: 0 }, "", now);
      drain(phone, now);
    }
    wake(phone);
  }

  function wake(phone) {
    const due = phone.module.deadline;
    if (due < 0 || due === phone.next) return;
    phone.next = due;
    agenda.enter(due, (now) => {
      if (phone.next !== due) return;
      phone.next = -1;
      phone.module.tick(now);
      drain(phone, now);
    });
  }

  function arrive(phone, { flow, bytes }, time) {
    if (time >= to && time < end) rate[Math.floor((time - to) / 1000)]++;
    if (time >= from && time < to) return;
    const answer = Buffer.from(granted(bytes.toString("latin1")), "latin1");
    agenda.enter(time + WAY_MS, (now) => {
      phone.module.receive(flow, REGISTRAR, answer, now);
      drain(phone, now);
    });
  }

  function note({ name }, now) {
    if (name === "account.registered") {
      registered++;
      if (now >= to) lastBack = now - to;
    } else if (name === "account.failed") registered--;
  }

  for (const phone of phones) {
    phone.module.start(0);
    drain(phone, 0);
  }
  let least = Infinity;
  while (agenda.heap.length > 0 && agenda.heap[0].time < end) {
    const { time, work } = agenda.take();
    work(time);
    if (time >= from && time < to) least = Math.min(least, registered);
  }
  return { rate, registered, least, backAfter: Math.ceil(lastBack / 1000) };
}

function row(name, { rate, registered, backAfter }) {
  const most = Math.max(...rate);
  const mostInTen = Math.max(
    ...rate.map((_, i) => rate.slice(i, i + 10).reduce((sum, n) => sum + n, 0) / 10),
  );
  const total = rate.reduce((sum, n) => sum + n, 0);
  const cells = [
    name,
    most,
    Math.round(mostInTen),
    total,
    `${registered} of ${PHONES * ACCOUNTS}`,
    `${backAfter} s`,
  ];
  return `| ${cells.map((cell) => (typeof cell === "number" ? cell.toLocaleString("en") : cell)).join(" | ")} |`;
}

async function main() {
  await makeFresh();
  const host = await import("../build/js/host/node/module.js");
  const abi = await import("../build/js/host/node/abi.js");
  const lines = [
    "| settings | most REGISTERs in a second | most over 10 s, each second | all in 15 min | registered again | the last after |",
    "|---|---:|---:|---:|---:|---:|",
  ];
  for (const [name, settings] of Object.entries(KINDS)) lines.push(row(name, simulate(host, abi, settings)));
  console.log(lines.join("\n"));
  if (process.argv.includes("--doc")) writeDoc(lines.join("\n"));
}

function writeDoc(table) {
  const page = readFileSync(PAGE, "utf8");
  const between = /(<!-- surge -->)[^]*(<!-- \/surge -->)/;
  if (!between.test(page)) throw new Error("docs/interop.md has no place for the table");
  writeFileSync(
    PAGE,
    page.replace(between, (_, head, foot) => `${head}\n\n${table}\n\n${foot}`),
  );
}

main().catch((error) => {
  console.error(`surge: ${error.message}`);
  process.exit(1);
});
