// Calls answered per CPU-second, and memory per call: INVITE, 200, ACK, BYE, 200, offered by SIPp on loopback.
//
// Whoever answers has a core of its own, and only its own CPU time counts (/proc/PID/stat); SIPp's own `uas`, which
// has no stack, answers in the same run and shows what the sockets alone cost.
import { spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

const ADDRESS = "127.0.0.1";
const ANSWERING_CORE = "0";
const CALLING_CORE = "1";
const SECONDS = 5;
const HELD_CALLS = 400;
/** Ticks of /proc/PID/stat in a second: getconf CLK_TCK. */
const TICKS = Number(spawnSync("getconf", ["CLK_TCK"], { encoding: "utf8" }).stdout) || 100;

const SETTINGS = (port) => `account.1.enable = 1
account.1.user_name = bench
account.1.register.enable = 0
sip.listen_port = ${port}
ringlet.bind.address = ${ADDRESS}
ringlet.capacity.calls = 1000
ringlet.capacity.dialogs = 2000
ringlet.capacity.transactions = 8000
`;

/** Who answers: {name, words(port, folder)}; those that are not built are left out. */
export function answerers(root) {
  const phone = path.join(root, "build/c/ringlet-phone");
  const config = (port, folder) => {
    const file = path.join(folder, "phone.cfg");
    writeFileSync(file, SETTINGS(port));
    return ["run", "--config", file];
  };
  const all = [
    { name: "SIPp's own uas, no stack", words: (port) => ["sipp", "-sn", "uas", "-i", ADDRESS, "-p", `${port}`, "-nostdin"] },
    {
      name: "Ringlet, Node host",
      words: (port, folder) => [process.execPath, path.join(root, "bin/ringlet.mjs"), ...config(port, folder)],
    },
  ];
  if (existsSync(phone))
    all.push({ name: "Ringlet, C host", words: (port, folder) => [phone, ...config(port, folder)] });
  return all;
}

/** { calls, cpuSeconds, failed, perCpuSecond } of one run at so many calls a second. */
export async function measureRate(answerer, rate) {
  return await withAnswerer(answerer, async (port, pid, folder) => {
    await load(port, folder, rate, rate, 0);
    const before = cpuSeconds(pid);
    const calls = rate * SECONDS;
    const passed = await load(port, folder, rate, calls, 0);
    const spent = cpuSeconds(pid) - before;
    return { calls: passed, failed: calls - passed, cpuSeconds: spent, perCpuSecond: passed / spent };
  });
}

/** Bytes of resident memory that one call more costs while it is up. */
export async function measureMemory(answerer) {
  return await withAnswerer(answerer, async (port, pid, folder) => {
    await load(port, folder, 100, 1, 0);
    const idle = residentBytes(pid);
    const ended = load(port, folder, 200, HELD_CALLS, 6000);
    await new Promise((resolve) => setTimeout(resolve, 4500));
    const busy = residentBytes(pid);
    await ended;
    return { idle, perCall: Math.round((busy - idle) / HELD_CALLS) };
  });
}

async function withAnswerer(answerer, work) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "ringlet-bench-"));
  const port = await freePort();
  const words = ["-c", ANSWERING_CORE, ...answerer.words(port, folder)];
  const child = spawn("taskset", words, { cwd: folder, stdio: ["pipe", "pipe", "ignore"], env: { ...process.env, TERM: "dumb" } });
  const gone = new Promise((resolve) => child.on("close", resolve));
  answerAll(child);
  try {
    const pid = await listening(child.pid, port);
    return await work(port, pid, folder);
  } finally {
    child.kill("SIGKILL");
    await gone;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the phone's application does: each call that comes in is answered, by a line of its own. */
function answerAll(child) {
  createInterface({ input: child.stdout }).on("line", (line) => {
    const number = /^call\.incoming (\d+) /.exec(line)?.[1];
    if (number) child.stdin.write(`answer ${number}\n`);
  });
  child.stdin.on("error", () => {});
}

/** taskset becomes the program; bin/ringlet.mjs may start another, which is then the one that counts. */
async function listening(pid, port) {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  for (let i = 0; i < 200; i++) {
    if (readFileSync("/proc/net/udp", "utf8").includes(`:${hex} `)) return youngest(pid);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the answering side did not open its socket");
}

function youngest(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === "" ? pid : youngest(Number(children.split(" ")[0]));
}

/** Offers calls; answers how many went through. */
async function load(port, folder, rate, calls, holdMs) {
  const stat = path.join(folder, "stat.csv");
  rmSync(stat, { force: true });
  const words = ["-sn", "uac", `${ADDRESS}:${port}`, "-s", "bench", "-i", ADDRESS, "-p", `${await freePort()}`];
  words.push("-r", `${rate}`, "-m", `${calls}`, "-d", `${holdMs}`, "-l", "2000", "-nostdin", "-timeout", "60");
  words.push("-trace_stat", "-stf", stat, "-fd", "1");
  const child = spawn("taskset", ["-c", CALLING_CORE, "sipp", ...words], { cwd: folder, stdio: "ignore", env: { ...process.env, TERM: "dumb" } });
  await new Promise((resolve) => child.on("close", resolve));
  const [head, ...rows] = readFileSync(stat, "utf8").trim().split("\n");
  return Number(rows.at(-1).split(";")[head.split(";").indexOf("SuccessfulCall(C)")]);
}

function cpuSeconds(pid) {
  let ticks = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const fields = readFileSync(`/proc/${pid}/task/${task}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / TICKS;
}

function residentBytes(pid) {
  return Number(/^Rss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))[1]) * 1024;
}

function freePort() {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.bind(0, ADDRESS, () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}
