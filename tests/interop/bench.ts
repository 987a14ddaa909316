// What an interop test works with: phones, servers, a scratch folder, a time limit, and an end to all of it.

import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { folderOf, type Line, Program } from "../support/program.js";
import { type Path, Relay } from "../support/relay.js";
import { Baresip, type Encryption } from "./baresip.js";
import { isInstalled } from "./child.js";
import { DnsServer, type Zone } from "./dns.js";
import { Kamailio, type KamailioOptions, type User } from "./kamailio/kamailio.js";
import { Linphone } from "./linphone.js";
import { Sipp, type SippOptions } from "./sipp.js";

/** Programs that a test may need, and the packages of Debian that they are in. */
const PACKAGES = {
  sipp: "sip-tester",
  kamailio: "kamailio, kamailio-tls-modules, kamailio-extra-modules",
  "presence.so": "kamailio-presence-modules",
  openssl: "openssl",
  dnsmasq: "dnsmasq-base",
  baresip: "baresip-core",
  linphonec: "linphone-cli",
};
export type Peer = keyof typeof PACKAGES;
/** What each test with a registrar needs. */
export const REGISTRAR: Peer[] = ["kamailio", "openssl"];

/** And each with one that is a notifier too. */
export const NOTIFIER: Peer[] = [...REGISTRAR, "presence.so"];

/** Settings on top of PRESET, by their keys. */
export type Settings = Record<string, string | number>;

const PRESET: Settings = {
  "sip.listen_port": 0,
  "account.1.enable": 1,
  "account.1.user_name": "alice",
  "account.1.display_name": "Alice",
};

/** With the session timer on, at the shortest interval there is: refreshes come at 45 s. */
export const TIMED: Settings = {
  "account.1.session_timer.enable": 1,
  "account.1.session_timer.expires": 90,
};

/** A `ringlet run` that is ready. */
export interface RunningPhone {
  program: Program;
  /** "ADDRESS:PORT" */
  address: string;
  uri: string;
}

/** Anything that a test starts. */
interface Started {
  end(): Promise<void>;
  /** Its last words, for a test that failed. */
  told?(): string;
}

export class Bench {
  private readonly folder = folderOf({});
  private readonly programs: Started[] = [];

  constructor(private readonly seconds: number) {}

  /** `ringlet run --json` with these settings, and with this name server instead of the system's. */
  async phone(settings: Settings = {}, dns?: DnsServer): Promise<RunningPhone> {
    const all = { ...PRESET, ...settings };
    const lines = Object.entries(all).map(([key, value]) => `${key} = ${value}\n`);
    const file = folderOf({ "phone.cfg": `#!version:1.0.0.1\n${lines.join("")}` });
    this.programs.push({ end: async () => file.remove() });
    const words = ["--config", file.path("phone.cfg"), "--bind", "127.0.0.1", "--json"];
    const program = new Program("run", ...words, ...(dns ? ["--dns", dns.address] : []));
    this.programs.push(program);
    const ready = await program.event("phone.ready");
    const address = `127.0.0.1:${ready["port"]}`;
    return { program, address, uri: `sip:${all["account.1.user_name"]}@${address}` };
  }

  /** SIPp with a scenario of tests/interop/scenarios. */
  async sipp(scenario: string, options: Partial<SippOptions> = {}): Promise<Sipp> {
    const sipp = await Sipp.start(this.folder.path(""), scenario, { seconds: this.seconds, ...options });
    return this.added(sipp);
  }

  async kamailio(options: KamailioOptions = {}): Promise<Kamailio> {
    return this.added(await Kamailio.start(this.folder.path(""), options));
  }

  async dns(zone: Zone): Promise<DnsServer> {
    return this.added(await DnsServer.start(this.folder.path(""), zone));
  }

  /** A bad path over UDP to a server with this port. */
  async relay(server: number, seed: number, path: Path): Promise<Relay> {
    return this.added(await Relay.start(server, seed, path));
  }

  async baresip(user: User, kamailio: Kamailio, encryption: Encryption = "none"): Promise<Baresip> {
    return this.added(await Baresip.start(this.folder.path(""), user, kamailio, encryption));
  }

  async linphone(user: User, kamailio: Kamailio): Promise<Linphone> {
    return this.added(await Linphone.start(this.folder.path(""), user, kamailio));
  }

  told(): string {
    return this.programs.map((program) => program.told?.() ?? "").join("\n");
  }

  private added<T extends Started>(program: T): T {
    this.programs.push(program);
    return program;
  }

  async end(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.end()));
    this.folder.remove();
  }
}

/** A test that needs nothing but ourselves. `seconds`: its time limit. */
export function scene(name: string, seconds: number, run: (bench: Bench) => Promise<void>): void {
  test(name, () => limited(name, seconds, run));
}

/**
 * A test with other programs, within its own time limit. Where one of them is missing it is skipped by name, or fails if
 * RINGLET_REQUIRE_PEERS=1.
 */
export function interop(
  name: string,
  seconds: number,
  run: (bench: Bench) => Promise<void>,
  peers: Peer[] = ["sipp"],
): void {
  test(name, async (t) => {
    const missing = peers.filter((peer) => !isInstalled(peer));
    if (missing.length === 0) return limited(name, seconds, run);
    const packages = missing.map((peer) => PACKAGES[peer]).join(", ");
    const words = `${missing.join(", ")} not installed (Debian: ${packages})`;
    if (process.env["RINGLET_REQUIRE_PEERS"] === "1") throw new Error(words);
    t.skip(words);
  });
}

async function limited(name: string, seconds: number, run: (bench: Bench) => Promise<void>): Promise<void> {
  const bench = new Bench(seconds);
  const limit = new AbortController();
  const tooLate = pause((seconds + 5) * 1000, undefined, { signal: limit.signal }).then(() => {
    throw new Error(`"${name}" is not through after ${seconds + 5} s`);
  });
  try {
    await Promise.race([run(bench), tooLate]);
  } catch (error) {
    if (error instanceof Error) error.message += `\n${bench.told()}`;
    throw error;
  } finally {
    limit.abort();
    tooLate.catch(() => {});
    await bench.end();
  }
}

/** The next `count` events of this name. */
export async function events(
  program: Program,
  name: string,
  count: number,
  timeoutMs?: number,
): Promise<Line[]> {
  const lines: Line[] = [];
  while (lines.length < count) lines.push(await program.event(name, timeoutMs));
  return lines;
}

/** The fields of a line that matter to a test. */
export function fields(line: Line, ...names: string[]): unknown[] {
  return names.map((name) => line[name]);
}
