// What a test needs to know of a message that it sees on the link.

export interface Wire {
  text: string;
  isRequest: boolean;
  /** Of the request, or of the CSeq that a response repeats. */
  method: string;
  /** 0 for a request. */
  status: number;
  sequence: number;
  callId: string;
  /** null where there is none. */
  sessionExpires: { seconds: number; refresher: string } | null;
  supportsTimer: boolean;
  /** Empty where there is none. */
  sdp: string;
}

export function readWire(bytes: Buffer): Wire {
  const text = bytes.toString("latin1");
  const [, sequence, method] = /^CSeq: (\d+) (\S+)/im.exec(text) ?? [];
  const expires = /^Session-Expires: (\d+);refresher=(\S+)/m.exec(text);
  const isRequest = !text.startsWith("SIP/2.0");
  return {
    text,
    isRequest,
    method: method ?? "",
    status: isRequest ? 0 : Number(text.slice(8, 11)),
    sequence: Number(sequence),
    callId: /^Call-ID: (\S+)/m.exec(text)?.[1] ?? "",
    sessionExpires: expires ? { seconds: Number(expires[1]), refresher: expires[2] as string } : null,
    supportsTimer: /^Supported: .*\btimer\b/m.test(text),
    sdp: text.slice(text.indexOf("\r\n\r\n") + 4),
  };
}

/** The o= line of a session description. */
export function originOf(sdp: string): string {
  return /^o=(.*)$/m.exec(sdp)?.[1]?.trim() ?? "";
}

/** All but the o= line: what is offered. */
export function contentOf(sdp: string): string {
  return sdp.replace(/^o=.*$/m, "");
}
