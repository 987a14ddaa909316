// The peer's certificate as the module wants it: one line for what was found out, and one for each name.
//
//     verified | unverified REASON
//     URI:... DNS:... IP:... CN:...        (each on a line of its own)

import { isIPv6 } from "node:net";
import type { TLSSocket } from "node:tls";

/** What a peer can make us carry; the lines behind it are left out, the common name first. */
const MOST_BYTES = 32 * 1024;

const KINDS: Record<string, string | undefined> = { URI: "URI", DNS: "DNS", "IP Address": "IP" };

/** Empty without a certificate. */
export function certificateLines(socket: TLSSocket): string {
  const certificate = socket.getPeerCertificate();
  if (Object.keys(certificate).length === 0) return "";
  const names = alternativeNames(certificate.subjectaltname ?? "");
  const common: string[] = [certificate.subject?.CN ?? []].flat();
  return bounded([verdict(socket), ...[...names, ...common.map((name) => `CN:${name}`)].filter(isPrintable)]);
}

/** The reason is a word of OpenSSL, such as CERT_HAS_EXPIRED. */
function verdict({ authorized, authorizationError }: TLSSocket): string {
  if (authorized) return "verified";
  const reason: unknown = authorizationError;
  return `unverified ${reason instanceof Error ? reason.message : String(reason)}`;
}

/** Node writes `DNS:a.example, IP Address:192.0.2.1`, and a value with odd characters as a JSON string. */
function alternativeNames(text: string): string[] {
  const names: string[] = [];
  for (const [, kind = "", value = ""] of text.matchAll(/([^:,]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/gy)) {
    const known = KINDS[kind];
    const plain = unquoted(value);
    if (known === undefined || plain === null) continue;
    names.push(`${known}:${known === "IP" && isIPv6(plain) ? shortIPv6(plain) : plain}`);
  }
  return names;
}

function unquoted(value: string): string | null {
  if (!value.startsWith('"')) return value;
  try {
    return JSON.parse(value) as string;
  } catch {
    return null;
  }
}

function shortIPv6(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

/** A name with a line end or a NUL in it would be another name to whoever reads on. */
function isPrintable(line: string): boolean {
  return !/\p{Cc}/u.test(line);
}

function bounded(lines: string[]): string {
  let text = "";
  for (const line of lines) {
    if (Buffer.byteLength(text) + Buffer.byteLength(line) >= MOST_BYTES) break;
    text += `${line}\n`;
  }
  return text;
}
