// Brings node_modules and build/ up to date when they are not; says so on stderr only.
//
// Fresh means: the stamp holds the hash of what it was made from. Two programs that start at once do not
// install or build twice: the second waits for the first.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { globSync, root } from "./files.mjs";

const INSTALL_STAMP = path.join(root, "node_modules/.ringlet-stamp");
const BUILD_STAMP = path.join(root, "build/.stamp");
const LOCK = path.join(root, "build/.lock");
/** What the build reads. Room specs are compiled by the room runner, not by the build. */
const FOLDERS = ["assembly", "host", "tests", "examples", "tools"];
const SETTINGS = ["package.json", "package-lock.json", "tsconfig.json", "asconfig.json"];
/** Longer than any install or build takes: whoever holds the lock for so long has gone. */
const LOCK_MS = 10 * 60_000;

/** Installs and builds what is stale. Throws with one clear line when that fails. */
export async function makeFresh() {
  if (!isStale()) return;
  await lock();
  try {
    if (installIsStale()) install();
    if (buildIsStale()) build();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

function isStale() {
  return installIsStale() || buildIsStale();
}

function installIsStale() {
  return stampOf(INSTALL_STAMP) !== hashOf(["package-lock.json"]);
}

function buildIsStale() {
  if (!existsSync(path.join(root, "build/ringlet.wasm"))) return true;
  return stampOf(BUILD_STAMP) !== hashOf(sources());
}

function install() {
  console.error("ringlet: installing from package-lock.json (once, about 10 seconds)");
  const words = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = spawnSync("npm", words, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (npm.status !== 0) throw new Error(`"npm ci" failed${npm.error ? `: ${npm.error.message}` : ""}`);
  writeFileSync(INSTALL_STAMP, hashOf(["package-lock.json"]));
}

function build() {
  console.error("ringlet: building (about 10 seconds)");
  // Taken before the build: a file that changes meanwhile makes the result stale again.
  const hash = hashOf(sources());
  rmSync(BUILD_STAMP, { force: true });
  const tool = path.join(root, "tools/build.mjs");
  const built = spawnSync(process.execPath, [tool], { cwd: root, stdio: ["ignore", 2, 2] });
  if (built.status !== 0) throw new Error("the build failed");
  writeFileSync(BUILD_STAMP, hash);
}

function sources() {
  const all = FOLDERS.flatMap((folder) => globSync(path.join(root, folder), "s")).filter((file) =>
    /\.m?[jt]s$/.test(file),
  );
  const read = all
    .map((file) => path.relative(root, file))
    .filter((file) => !file.startsWith(path.join("tests", "rooms")));
  return [...SETTINGS, ...read];
}

function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files)
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(path.join(root, file)))
      .update("\0");
  return hash.digest("hex");
}

function stampOf(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** mkdir either makes the folder or fails, which makes it a lock. */
async function lock() {
  mkdirSync(path.dirname(LOCK), { recursive: true });
  for (let told = false; !tookLock(); told = true) {
    if (!told) console.error("ringlet: another program is building, waiting for it");
    await pause(200);
  }
}

function tookLock() {
  try {
    mkdirSync(LOCK);
    writeFileSync(path.join(LOCK, "pid"), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (isAbandoned()) rmSync(LOCK, { recursive: true, force: true });
    return false;
  }
}

function isAbandoned() {
  try {
    if (Date.now() - statSync(LOCK).mtimeMs > LOCK_MS) return true;
    process.kill(Number(readFileSync(path.join(LOCK, "pid"), "utf8")), 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}
