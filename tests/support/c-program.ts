// The programs of host/c, built when they are wanted: for this machine, and for ARM under qemu.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./files.js";

/** What is made where, and how it is started. */
export interface Machine {
  name: string;
  folder: string;
  make: string[];
  /** Words before the program. */
  prefix: string[];
  /** Programs without which it can't be had. */
  needs: string[];
}

const BUILD = path.join(ROOT, "build/c");

export const MACHINES: Machine[] = [
  { name: "this machine", folder: BUILD, make: [], prefix: [], needs: ["make", "gcc", "wasm2c"] },
  {
    name: "ARM",
    folder: path.join(BUILD, "arm"),
    make: [`BUILD=${path.join(BUILD, "arm")}`, "CROSS=arm-linux-gnueabihf-"],
    prefix: ["qemu-arm-static"],
    needs: ["make", "arm-linux-gnueabihf-gcc", "qemu-arm-static", "wasm2c"],
  },
];

/** Long enough for a slow machine that builds for another one. */
const BUILD_MS = 240_000;

/** Why there is nothing to run for that machine; "" if there is. */
export function missing(machine: Machine): string {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  const absent = machine.needs.filter((name) => !folders.some((each) => existsSync(path.join(each, name))));
  return absent.length > 0 ? `no ${absent.join(", no ")}` : "";
}

/** Makes `target` of host/c; of two tests that want it at once one waits. Answers the words that start `program`. */
export function built(machine: Machine, target: string, program: string): string[] {
  mkdirSync(BUILD, { recursive: true });
  const words = [path.join(BUILD, ".lock"), "make", "-C", path.join(ROOT, "host/c"), ...machine.make, target];
  const made = spawnSync("flock", words, { encoding: "utf8", timeout: BUILD_MS });
  if (made.status !== 0)
    throw new Error(`make ${target}: ${made.stdout.slice(-500)}${made.stderr.slice(-2000)}`);
  return [...machine.prefix, path.join(machine.folder, program)];
}
