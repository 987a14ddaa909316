// Answers the module's questions about names: one record a line, nothing when nothing was found.
//
//     A, AAAA   ADDRESS TTL
//     SRV       PRIORITY WEIGHT PORT TARGET TTL
//     NAPTR     ORDER PREFERENCE FLAGS SERVICE REPLACEMENT TTL        (an empty field is "-")

import { lookup, getServers } from "node:dns/promises";
import { Question } from "./abi.js";
import { askServers, serverOf } from "./dns-client.js";
import { RecordType } from "./dns-message.js";
import type { Address } from "./records.js";
import { localAddressToward } from "./udp.js";

/** The system's own lookup tells no time to live. */
const LOOKUP_TTL_SECONDS = 60;
/** More records than this are no answer but an attack. */
const MOST_LINES = 64;

export class Names {
  private readonly servers: Address[];
  private readonly hasOwnServers: boolean;
  private readonly end = new AbortController();

  /** `servers`: each `ADDRESS` or `ADDRESS:PORT`, instead of those of the system. */
  constructor(servers: string[] = []) {
    this.hasOwnServers = servers.length > 0;
    this.servers = (this.hasOwnServers ? servers : getServers()).map(serverOf);
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
    this.end.abort();
  }

  private lines(question: Question, name: string): Promise<string[]> {
    switch (question) {
      case Question.A:
        return this.addresses(name, RecordType.A);
      case Question.Aaaa:
        return this.addresses(name, RecordType.Aaaa);
      case Question.Srv:
        return this.ask(name, RecordType.Srv);
      case Question.Naptr:
        return this.pointers(name);
      case Question.LocalAddress:
        return localAddressToward(name).then((address) => [`${address} 0`]);
    }
  }

  /** The name service knows times to live; the system's lookup knows its file of hosts, and the names of its own network. */
  private async addresses(name: string, type: RecordType.A | RecordType.Aaaa): Promise<string[]> {
    if (!isLocalName(name)) {
      const found = await this.ask(name, type).catch(() => []);
      if (found.length > 0 || this.hasOwnServers) return found;
    }
    const found = await lookup(name, { family: type === RecordType.A ? 4 : 6, all: true });
    return found.map(({ address }) => `${address} ${LOOKUP_TTL_SECONDS}`);
  }

  private async ask(name: string, type: RecordType): Promise<string[]> {
    const found = await askServers(this.servers, name, type, this.end.signal);
    // The root is what says that there is no such service (RFC 2782).
    return found.flatMap(({ fields, ttl }) =>
      line([...fields.map((field) => (field === "" ? "." : field)), ttl]),
    );
  }

  /** The regular expression is none of ours: RFC 3263 §4.1 has only replacements. */
  private async pointers(name: string): Promise<string[]> {
    const found = await askServers(this.servers, name, RecordType.Naptr, this.end.signal);
    return found.flatMap(({ fields: [order, preference, flags, service, , replacement], ttl }) =>
      line([order, preference, flags || "-", service || "-", replacement || "-", ttl]),
    );
  }
}

/** Nothing if a field would fall into two: whoever wrote it may have wanted that. */
function line(fields: unknown[]): string[] {
  return fields.some((field) => /[\s\p{Cc}]/u.test(String(field))) ? [] : [fields.join(" ")];
}

/** Names that no name server is asked for: without a dot, or under these (RFC 6761, RFC 6762). */
function isLocalName(name: string): boolean {
  return !name.replace(/\.$/, "").includes(".") || /\.(localhost|local)\.?$/i.test(name);
}
