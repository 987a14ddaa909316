// dnsmasq as a child: a name server on loopback that knows what a test tells it, and nothing else.

import { Resolver } from "node:dns/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Child, pathOf, whenReady } from "./child.js";
import { freePorts } from "./ports.js";

/** Seconds that its answers may be kept, unless a test says something else. */
const TTL_SECONDS = 60;
const START_MS = 10_000;
const ASK_AGAIN_MS = 50;
const IS_UP = "up.ringlet.test";

export interface Srv {
  /** Such as "_sip._udp.cluster.test" */
  name: string;
  target: string;
  port: number;
  priority: number;
  weight: number;
}

export interface Naptr {
  name: string;
  order: number;
  preference: number;
  /** Such as "SIP+D2U" */
  service: string;
  replacement: string;
}

export interface Zone {
  naptr?: Naptr[];
  srv?: Srv[];
  /** Names with their IPv4 address. */
  hosts?: Record<string, string>;
  ttlSeconds?: number;
}

export class DnsServer {
  private constructor(
    private readonly child: Child,
    private readonly port: number,
  ) {}

  /** It answers when this resolves. */
  static async start(folder: string, zone: Zone): Promise<DnsServer> {
    const port = await freePorts();
    const words = [...commandLine(port, zone.ttlSeconds ?? TTL_SECONDS), ...records(zone)];
    const home = path.join(folder, `dnsmasq-${port}`);
    const server = new DnsServer(new Child(pathOf("dnsmasq") ?? "dnsmasq", words, home), port);
    return whenReady(server, server.answers());
  }

  /** "ADDRESS:PORT" */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The questions that it was asked so far, such as "SRV _sip._udp.cluster.test". */
  questions(): string[] {
    return [...this.child.output.matchAll(/query\[(\w+)\] (\S+) from/g)]
      .map(([, type, name]) => `${type} ${name}`)
      .filter((question) => !question.endsWith(IS_UP));
  }

  end(): Promise<void> {
    return this.child.end();
  }

  told(): string {
    return this.child.told();
  }

  private async answers(): Promise<void> {
    const deadline = Date.now() + START_MS;
    const resolver = new Resolver({ timeout: ASK_AGAIN_MS, tries: 1 });
    resolver.setServers([this.address]);
    for (;;) {
      const found = await resolver.resolve4(IS_UP).catch(() => []);
      if (found.length > 0) return;
      if (Date.now() > deadline) throw new Error(`dnsmasq does not answer\n${this.told()}`);
      await pause(ASK_AGAIN_MS);
    }
  }
}

function commandLine(port: number, ttlSeconds: number): string[] {
  return [
    ...["--no-daemon", "--conf-file=/dev/null", "--pid-file=", "--no-resolv", "--no-hosts"],
    ...["--listen-address=127.0.0.1", "--bind-interfaces", `--port=${port}`],
    ...[`--local-ttl=${ttlSeconds}`, "--local=/test/", "--log-queries", "--log-facility=-"],
  ];
}

function records({ naptr = [], srv = [], hosts = {} }: Zone): string[] {
  return [
    ...naptr.map(
      ({ name, order, preference, service, replacement }) =>
        `--naptr-record=${name},${order},${preference},S,${service},,${replacement}`,
    ),
    ...srv.map(
      ({ name, target, port, priority, weight }) =>
        `--srv-host=${name},${target},${port},${priority},${weight}`,
    ),
    ...Object.entries({ ...hosts, [IS_UP]: "127.0.0.1" }).map(
      ([name, address]) => `--host-record=${name},${address}`,
    ),
  ];
}
