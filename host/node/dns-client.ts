// Asking name servers (RFC 1035 §4.2, RFC 7766). Node has a resolver, but it keeps the times to live of SRV and NAPTR
// records to itself.

import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect, isIPv6 } from "node:net";
import { type Answer, questionOf, readAnswer, type RecordType, type ResourceRecord } from "./dns-message.js";
import type { Address } from "./records.js";

/** Without an answer for so long a server counts as silent; all of them are asked twice. */
const TIMEOUT_MS = 1500;
const ROUNDS = 2;
const PORT = 53;
const NAME_ERROR = 3;
/** Aliases of aliases. */
const MOST_ALIASES = 8;

/** `ADDRESS`, `ADDRESS:PORT` or `[ADDRESS]:PORT`. */
export function serverOf(text: string): Address {
  if (isIPv6(text)) return { address: text, port: PORT };
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  return { address: bracketed ?? plain ?? text, port: port === undefined ? PORT : Number(port) };
}

/** The records of this type that a name, or what it is an alias of, has. Rejects when no server answers. */
export async function askServers(
  servers: Address[],
  name: string,
  type: RecordType,
  signal: AbortSignal,
): Promise<ResourceRecord[]> {
  const question = questionOf(randomInt(0x10000), name, type);
  for (let round = 0; round < ROUNDS; round++) {
    for (const server of servers) {
      const answer = await askOne(server, question, signal).catch(() => null);
      signal.throwIfAborted();
      if (answer?.code === 0) return ofName(answer.records, name, type);
      if (answer?.code === NAME_ERROR) return [];
    }
  }
  throw new Error(`no name server answers for ${name}`);
}

async function askOne(server: Address, question: Buffer, signal: AbortSignal): Promise<Answer> {
  const limit = new AbortController();
  const stop = () => limit.abort();
  const timeout = setTimeout(stop, TIMEOUT_MS);
  signal.addEventListener("abort", stop);
  try {
    const answer = await askByDatagram(server, question, limit.signal);
    return answer.isTruncated ? await askByStream(server, question, limit.signal) : answer;
  } finally {
    clearTimeout(timeout);
    signal.removeEventListener("abort", stop);
  }
}

/** From a port of its own, and only from there an answer is taken. */
function askByDatagram({ address, port }: Address, question: Buffer, signal: AbortSignal): Promise<Answer> {
  const socket = createSocket({ type: isIPv6(address) ? "udp6" : "udp4", signal });
  return new Promise<Answer>((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Error("no answer")));
    socket.on("error", reject);
    socket.on("message", (bytes) => {
      const answer = readAnswer(bytes, question);
      if (answer) resolve(answer);
    });
    socket.once("connect", () => socket.send(question));
    socket.connect(port, address);
  }).finally(() => signal.aborted || socket.close());
}

/** Each message behind its length. */
function askByStream({ address, port }: Address, question: Buffer, signal: AbortSignal): Promise<Answer> {
  const socket = connect({ host: address, port, signal });
  return new Promise<Answer>((resolve, reject) => {
    let got = Buffer.alloc(0);
    socket.on("error", reject);
    socket.once("close", () => reject(new Error("no answer")));
    socket.on("data", (bytes: Buffer) => {
      got = Buffer.concat([got, bytes]);
      if (got.length < 2 || got.length < 2 + got.readUInt16BE(0)) return;
      const answer = readAnswer(got.subarray(2, 2 + got.readUInt16BE(0)), question);
      if (answer) resolve(answer);
      else reject(new Error("no answer"));
    });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(question.length);
    socket.write(Buffer.concat([length, question]));
  }).finally(() => socket.destroy());
}

/** What stands under the name, over its aliases; what is valid is valid no longer than those. */
function ofName(records: ResourceRecord[], name: string, type: RecordType): ResourceRecord[] {
  let owner = name.replace(/\.$/, "").toLowerCase();
  let ttl = Infinity;
  for (let aliases = 0; aliases < MOST_ALIASES; aliases++) {
    const own = records.filter((record) => record.name.toLowerCase() === owner);
    const found = own.filter((record) => record.type === type);
    if (found.length > 0) return found.map((record) => ({ ...record, ttl: Math.min(ttl, record.ttl) }));
    const alias = own[0];
    if (!alias) return [];
    owner = String(alias.fields[0]).toLowerCase();
    ttl = Math.min(ttl, alias.ttl);
  }
  return [];
}
