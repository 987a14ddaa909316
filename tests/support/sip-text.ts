// Messages as text: written the way a test shows them, and read as far as a test asks.

import type { Address } from "./instance.js";

/** One datagram, read as far as a test asks. */
export interface Datagram {
  sentBy: "phone" | "peer";
  /** Where it went to (from the phone) or came from (from the peer). */
  address: Address;
  atMs: number;
  /** From the phone: the flow that it leaves by. */
  flow?: number;
  text: string;
  startLine: string;
  /** Of a request that of its first line, of a response that of CSeq. */
  method: string;
  /** Request-URI; empty for a response. */
  uri: string;
  /** 0 for a request. */
  status: number;
  /** First header of that name, empty when there is none. */
  header(name: string): string;
  /** Every header line of that name, in order. */
  headers(name: string): string[];
  has(name: string): boolean;
  cseq: number;
  body: string;
}

/** Header lines beside or instead of the usual ones: null leaves one out, an array writes it several times. */
export type Headers = Record<string, string | string[] | null>;

/** A message as a test writes it -> its bytes: CR LF, no indentation, Content-Length put right. */
export function message(text: string): string {
  const lines = text.replace(/\r\n/g, "\n").replace(/^\n+/, "").split("\n");
  const indent = /^[ \t]*/.exec(lines[0] ?? "")?.[0].length ?? 0;
  const plain = lines.map((line) => (line.slice(0, indent).trim() === "" ? line.slice(indent) : line));
  const blank = plain.indexOf("");
  const head = blank < 0 ? plain : plain.slice(0, blank);
  const bodyLines = blank < 0 ? [] : plain.slice(blank + 1);
  while (bodyLines.length > 0 && bodyLines.at(-1)?.trim() === "") bodyLines.pop();
  const body = bodyLines.map((line) => `${line}\r\n`).join("");
  const kept = head.filter((line) => !/^(content-length|l)[ \t]*:/i.test(line));
  return [...kept, `Content-Length: ${Buffer.byteLength(body)}`, "", body].join("\r\n");
}

/** A start line, the usual headers changed as `parts` say, and a body with its length. */
export function write(line: string, usual: Headers, parts: { headers?: Headers; body?: string }): string {
  const body = parts.body ?? "";
  const all: Headers = { ...usual };
  if (body) all["Content-Type"] = "application/sdp";
  for (const [name, value] of Object.entries(parts.headers ?? {})) all[name] = value;
  const lines = [line];
  for (const [name, value] of Object.entries(all)) {
    if (value === null) continue;
    for (const each of Array.isArray(value) ? value : [value]) lines.push(`${name}: ${each}`);
  }
  lines.push(`Content-Length: ${Buffer.byteLength(body)}`, "", body);
  return lines.join("\r\n");
}

/** A datagram's text, read. */
export function read(text: string, sentBy: "phone" | "peer", address: Address, atMs: number): Datagram {
  const end = text.indexOf("\r\n\r\n");
  const [startLine = "", ...rows] = (end < 0 ? text : text.slice(0, end)).split("\r\n");
  const named: [string, string][] = rows.map((row) => {
    const colon = row.indexOf(":");
    return [row.slice(0, colon).trim().toLowerCase(), row.slice(colon + 1).trim()];
  });
  const headers = (name: string): string[] =>
    named.filter(([each]) => each === name.toLowerCase()).map(([, value]) => value);
  const header = (name: string): string => headers(name)[0] ?? "";
  const isResponse = startLine.startsWith("SIP/2.0 ");
  const words = startLine.split(" ");
  const [number = "", method = ""] = header("CSeq").split(/\s+/);
  return {
    sentBy,
    address,
    atMs,
    text,
    startLine,
    method: isResponse ? method : (words[0] ?? ""),
    uri: isResponse ? "" : (words[1] ?? ""),
    status: isResponse ? Number(words[1]) : 0,
    header,
    headers,
    has: (name) => headers(name).length > 0,
    cseq: Number(number),
    body: end < 0 ? "" : text.slice(end + 4),
  };
}

// ---- bodies ----

export interface SdpOptions {
  address?: string;
  port?: number;
  version?: number;
  direction?: string;
  /** Payload types of the m-line. */
  payloads?: string;
  /** More lines at the end. */
  lines?: string[];
}

/** A session description of the peer. */
export function sdp(options: SdpOptions = {}): string {
  const address = options.address ?? "192.0.2.20";
  const lines = [
    "v=0",
    `o=bob 2890844527 ${options.version ?? 1} IN IP4 192.0.2.20`,
    "s=-",
    `c=IN IP4 ${address}`,
    "t=0 0",
    `m=audio ${options.port ?? 3456} RTP/AVP ${options.payloads ?? "0"}`,
  ];
  if (options.direction) lines.push(`a=${options.direction}`);
  return [...lines, ...(options.lines ?? []), ""].join("\r\n");
}
