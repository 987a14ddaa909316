// Calls that are transferred: what the scripts of transfer-*.test.ts share.

import assert from "node:assert/strict";
import {
  type CallUp,
  type CallUpOptions,
  callUp,
  type Datagram,
  type Headers,
  type PeerDialog,
  sdp,
} from "./scripted-peer.js";

export const CAROL = "sip:carol@192.0.2.30";

/** A second call of the same phone, over the same wire; the first is held as a phone would. */
export interface TwoCalls extends CallUp {
  first: number;
  second: number;
  /** The dialog of the second call. */
  other: PeerDialog;
  /** INVITE and 200 of the second call. */
  otherInvite: Datagram;
  otherAccepted: Datagram;
}

/** Bob talks to the phone and is held; the phone calls Carol, who answers. Nothing waits afterwards. */
export function consultation(options: CallUpOptions = {}): TwoCalls {
  const call = callUp(options);
  const { phone, peer } = call;
  const first = phone.call;
  phone.holds(first);
  peer.replies(peer.expects("INVITE"), 200, { body: sdp({ direction: "recvonly" }) });
  peer.expects("ACK");
  phone.dials(CAROL);
  const second = phone.call;
  const otherInvite = peer.expects("INVITE");
  const headers = { Contact: "<sip:carol@192.0.2.30:5062>" };
  const otherAccepted = peer.replies(otherInvite, 200, { tag: "carol", body: sdp(), headers });
  peer.expects("ACK");
  phone.forgetsEvents();
  const other = peer.dialog(otherInvite, otherAccepted);
  return { ...call, first, second, other, otherInvite, otherAccepted };
}

export interface Fragment {
  status?: string;
  state?: string;
  event?: string;
  headers?: Headers;
}

/** NOTIFY of the peer about a REFER of ours. */
export function tells(call: CallUp, dialog: PeerDialog, fragment: Fragment): void {
  const { status, state, event, headers } = fragment;
  call.peer.requests(dialog, "NOTIFY", {
    headers: {
      Contact: call.peer.contact,
      Event: event ?? "refer",
      "Subscription-State": state ?? "active;expires=60",
      "Content-Type": "message/sipfrag;version=2.0",
      ...headers,
    },
    body: status === undefined ? "" : `SIP/2.0 ${status}\r\n`,
  });
}

export const LAST = "terminated;reason=noresource";

/** The NOTIFY that comes next: its status, and whether it is the last. Answered with 200. */
export function told(call: CallUp, answer = 200): string {
  const notify = call.peer.expects("NOTIFY");
  assert.equal(notify.header("Content-Type"), "message/sipfrag;version=2.0");
  const [, status] = /^SIP\/2\.0 (\d{3}) .+\r\n$/.exec(notify.body) ?? [];
  call.peer.replies(notify, answer);
  const state = notify.header("Subscription-State");
  assert.match(state, /^(active;expires=\d+|terminated;reason=noresource)$/);
  return `${notify.header("Event")} ${status} ${state.split(";")[0]}`;
}

/** The peer sends the phone on, which is accepted; the NOTIFY of 100 is taken and the INVITE answered. */
export function refers(call: CallUp, referTo: string, headers: Headers = {}): Datagram {
  call.peer.requests(call.dialog, "REFER", {
    headers: { Contact: call.peer.contact, "Refer-To": referTo, ...headers },
  });
  return call.peer.expects(200);
}
