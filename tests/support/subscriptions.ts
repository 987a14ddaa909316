// A notifier for scripts: the registrar at 192.0.2.20 takes the subscriptions of the phone too.

import type { Datagram, Headers, Peer } from "./scripted-peer.js";

/** The notifier's side of a subscription: what its NOTIFYs are written from. */
export interface Notifier {
  callId: string;
  localParty: string;
  remoteParty: string;
  target: string;
  cseq: number;
  event: string;
}

/** From the SUBSCRIBE that makes it. */
export function notifier(subscribe: Datagram, tag = "notifier"): Notifier {
  return {
    callId: subscribe.header("Call-ID"),
    localParty: `${subscribe.header("To")};tag=${tag}`,
    remoteParty: subscribe.header("From"),
    target: /<([^>]*)>/.exec(subscribe.header("Contact"))?.[1] ?? "",
    cseq: 0,
    event: subscribe.header("Event"),
  };
}

export interface NotifyParts {
  state?: string;
  type?: string;
  body?: string;
  headers?: Headers;
  cseq?: number;
  uri?: string;
}

/** Sends a NOTIFY; the phone's answer waits to be taken. */
export function notifies(peer: Peer, n: Notifier, parts: NotifyParts = {}): Datagram {
  const cseq = parts.cseq ?? ++n.cseq;
  const body = parts.body ?? "";
  const lines = [
    `NOTIFY ${parts.uri ?? n.target} SIP/2.0`,
    `Via: ${peer.via()}`,
    "Max-Forwards: 70",
    `From: ${n.localParty}`,
    `To: ${n.remoteParty}`,
    `Call-ID: ${n.callId}`,
    `CSeq: ${cseq} NOTIFY`,
    "Contact: <sip:notifier@192.0.2.20:5060>",
  ];
  const headers: Headers = {
    Event: n.event,
    "Subscription-State": parts.state ?? "active;expires=3600",
    ...parts.headers,
  };
  for (const [name, value] of Object.entries(headers)) if (value) lines.push(`${name}: ${String(value)}`);
  if (body) lines.push(`Content-Type: ${parts.type ?? "text/plain"}`);
  return peer.sends(`${lines.join("\n")}\n\n${body}`);
}

/** Says 200 to a SUBSCRIBE, and sends the NOTIFY that belongs to it. */
export function accepts(peer: Peer, subscribe: Datagram, parts: NotifyParts = {}, n?: Notifier): Notifier {
  const made = n ?? notifier(subscribe);
  const expires = subscribe.header("Expires");
  const contact = "<sip:notifier@192.0.2.20:5060>";
  peer.replies(subscribe, 200, { tag: "notifier", headers: { Expires: expires, Contact: contact } });
  notifies(peer, made, { state: `active;expires=${expires}`, ...parts });
  peer.expects(200);
  return made;
}
