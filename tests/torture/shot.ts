// Requests of a stranger: well formed, but for what a test puts into them.

export const STRANGER = { address: "192.0.2.99", port: 5060 };
export const ALICE = "sip:alice@192.0.2.10";

export interface Shot {
  method?: string;
  uri?: string;
  /** Instead of `METHOD uri SIP/2.0`. */
  startLine?: string;
  /** Header lines instead of the usual ones, by name; null leaves one out, several lines come as a list. */
  rows?: Record<string, string | string[] | null>;
  /** More lines behind all others, as they are to stand on the wire. */
  lines?: string[];
  /** One character is one byte. */
  body?: string;
  /** Content-Type of the body. */
  type?: string;
}

let shots = 0;

/** The bytes of a request that no phone has seen: each has a branch, a tag and a Call-ID of its own. */
export function shot(parts: Shot = {}): Buffer {
  const { method = "OPTIONS", uri = ALICE, body = "", type = "application/sdp" } = parts;
  const n = ++shots;
  const rows: NonNullable<Shot["rows"]> = {
    Via: `SIP/2.0/UDP 192.0.2.99:5060;branch=z9hG4bKshot${n}`,
    "Max-Forwards": "70",
    From: `<sip:eve@192.0.2.99>;tag=t${n}`,
    To: `<${ALICE}>`,
    "Call-ID": `shot${n}@192.0.2.99`,
    CSeq: `1 ${method}`,
    ...(method === "INVITE" ? { Contact: "<sip:eve@192.0.2.99>" } : {}),
    ...(body ? { "Content-Type": type } : {}),
    "Content-Length": String(body.length),
    ...parts.rows,
  };
  const lines = Object.entries(rows).flatMap(([name, value]) =>
    (value === null ? [] : [value].flat()).map((each) => `${name}: ${each}`),
  );
  const startLine = parts.startLine ?? `${method} ${uri} SIP/2.0`;
  return Buffer.from([startLine, ...lines, ...(parts.lines ?? []), "", body].join("\r\n"), "latin1");
}

/** The session description of a stranger, with these lines behind the m-line's or instead of it. */
export function offer(lines: string[] = [], media = "m=audio 3456 RTP/AVP 0"): string {
  return [
    "v=0",
    "o=eve 1 1 IN IP4 192.0.2.99",
    "s=-",
    "c=IN IP4 192.0.2.99",
    "t=0 0",
    media,
    ...lines,
    "",
  ].join("\r\n");
}

/** The CANCEL of a request that was shot. */
export function cancelOf(bytes: Buffer): Buffer {
  const text = bytes.toString("latin1");
  const one = (name: string): string => new RegExp(`^${name}:.*$`, "im").exec(text)?.[0] ?? "";
  const lines = ["Via", "From", "To", "Call-ID"].map(one);
  const sequence = one("CSeq").replace("INVITE", "CANCEL");
  const startLine = (text.split("\r\n", 1)[0] ?? "").replace("INVITE", "CANCEL");
  return Buffer.from([startLine, ...lines, sequence, "Content-Length: 0", "", ""].join("\r\n"), "latin1");
}
