// Answers the module's questions about names: one record a line, nothing when nothing was found.
//
//     A, AAAA   ADDRESS TTL
//     SRV       PRIORITY WEIGHT PORT TARGET TTL
//     NAPTR     ORDER PREFERENCE FLAGS SERVICE REPLACEMENT TTL        (an empty field is "-")

import { lookup, Resolver } from "node:dns/promises";
import { Question } from "./abi.js";
import { localAddressToward } from "./udp.js";

/** Without an answer for so long, twice, a server counts as silent. */
const TIMEOUT_MS = 1500;
/** The system's own lookup tells no time to live, and Node none of SRV and NAPTR. */
const UNTOLD_TTL_SECONDS = 60;
/** More records than this are no answer but an attack. */
const MOST_LINES = 64;

export class Names {
  private readonly resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 });
  private readonly hasOwnServers: boolean;

  /** `servers`: each `ADDRESS` or `ADDRESS:PORT`, instead of those of the system; throws if one is neither. */
  constructor(servers: string[] = []) {
    this.hasOwnServers = servers.length > 0;
    if (this.hasOwnServers) this.resolver.setServers(servers);
  }

  /** Never rejects: no answer is an answer. */
  async answer(question: Question, name: string): Promise<string> {
    try {
      const lines = await this.lines(question, name);
      return lines
        .slice(0, MOST_LINES)
        .map((line) => `${line}\n`)
        .join("");
    } catch {
      return "";
    }
  }

  /** Nobody waits for an answer any more. */
  release(): void {
    this.resolver.cancel();
  }

  private lines(question: Question, name: string): Promise<string[]> {
    switch (question) {
      case Question.A:
        return this.addresses(name, 4);
      case Question.Aaaa:
        return this.addresses(name, 6);
      case Question.Srv:
        return this.services(name);
      case Question.Naptr:
        return this.pointers(name);
      case Question.LocalAddress:
        return localAddressToward(name).then((address) => [`${address} 0`]);
    }
  }

  /** The name service knows times to live; the system's lookup knows its file of hosts, and the names of its own network. */
  private async addresses(name: string, family: 4 | 6): Promise<string[]> {
    if (!isLocalName(name)) {
      const found = await this.ask(name, family).catch(() => []);
      if (found.length > 0 || this.hasOwnServers) return found;
    }
    const found = await lookup(name, { family, all: true });
    return found.map(({ address }) => `${address} ${UNTOLD_TTL_SECONDS}`);
  }

  private async ask(name: string, family: 4 | 6): Promise<string[]> {
    const found =
      family === 4
        ? await this.resolver.resolve4(name, { ttl: true })
        : await this.resolver.resolve6(name, { ttl: true });
    return found.map(({ address, ttl }) => `${address} ${ttl}`);
  }

  private async services(name: string): Promise<string[]> {
    const found = await this.resolver.resolveSrv(name);
    return found.flatMap(({ priority, weight, port, name: target }) =>
      line(priority, weight, port, target || ".", UNTOLD_TTL_SECONDS),
    );
  }

  private async pointers(name: string): Promise<string[]> {
    const found = await this.resolver.resolveNaptr(name);
    return found.flatMap(({ order, preference, flags, service, replacement }) =>
      line(order, preference, flags || "-", service || "-", replacement || "-", UNTOLD_TTL_SECONDS),
    );
  }
}

/** Nothing if a field would fall into two: whoever wrote it may have wanted that. */
function line(...fields: (string | number)[]): string[] {
  return fields.some((field) => /[\s\p{Cc}]/u.test(String(field))) ? [] : [fields.join(" ")];
}

/** Names that no name server is asked for: without a dot, or under these (RFC 6761, RFC 6762). */
function isLocalName(name: string): boolean {
  return !name.replace(/\.$/, "").includes(".") || /\.(localhost|local)\.?$/i.test(name);
}
