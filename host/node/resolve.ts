// Answers the module's questions about names: one "ADDRESS TTL" a line, nothing when nothing was found.

import { lookup, Resolver } from "node:dns/promises";
import { Question } from "./abi.js";
import { localAddressToward } from "./udp.js";

/** Without an answer for so long, twice, a server counts as silent. */
const TIMEOUT_MS = 1500;
/** The system's own lookup tells no time to live. */
const LOOKUP_TTL_SECONDS = 60;

/** Never rejects: no answer is an answer. */
export async function resolveName(question: Question, name: string): Promise<string> {
  try {
    if (question === Question.LocalAddress) return line(await localAddressToward(name), 0);
    return await addresses(name, question === Question.Aaaa ? 6 : 4);
  } catch {
    return "";
  }
}

/** The name service knows times to live; the system's lookup knows its file of hosts, and the names of its own network. */
async function addresses(name: string, family: 4 | 6): Promise<string> {
  if (!isLocalName(name)) {
    const found = await ask(name, family).catch(() => "");
    if (found !== "") return found;
  }
  const found = await lookup(name, { family, all: true });
  return found.map(({ address }) => line(address, LOOKUP_TTL_SECONDS)).join("");
}

/** Names that no name server is asked for: without a dot, or under these (RFC 6761, RFC 6762). */
function isLocalName(name: string): boolean {
  return !name.replace(/\.$/, "").includes(".") || /\.(localhost|local)\.?$/i.test(name);
}

async function ask(name: string, family: 4 | 6): Promise<string> {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 2 });
  const found =
    family === 4
      ? await resolver.resolve4(name, { ttl: true })
      : await resolver.resolve6(name, { ttl: true });
  return found.map(({ address, ttl }) => line(address, ttl)).join("");
}

function line(address: string, ttlSeconds: number): string {
  return `${address} ${ttlSeconds}\n`;
}
