// Three phones that are shot at on the wire: one is idle, one rings, one has a call up.
//
// Each datagram is answered, or counted as one that could not be; none of them traps, none makes memory
// grow, and in the end the idle phone can be called, the ringing one answers, and the call is refreshed.

import assert from "node:assert/strict";
import { Counter } from "../../host/node/abi.js";
import {
  type CallUp,
  callUp,
  connect,
  type Connected,
  type Datagram,
  PEER,
  type Peer,
  type Phone,
  sdp,
} from "../support/scripted-peer.js";
import { cancelOf, STRANGER } from "./shot.js";

/** Refusals linger for 32 seconds, and no time passes between two shots. */
const CONFIG = "phone_setting.ringing_timeout = 0\nringlet.capacity.transactions = 10000";
const REFRESHED = {
  sessionExpires: "90;refresher=uac",
  headers: { Allow: "INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE" },
  config: `account.1.session_timer.enable = 1\n${CONFIG}`,
};
const COUNTED = [Counter.Dropped, Counter.Refused, Counter.Stray] as const;

/** The final status, or the last one, of each phone; 0 for a datagram that got none. */
export type Answers = [idle: number, ringing: number, up: number];

export class ThreePhones {
  readonly idle: Connected = connect({ config: CONFIG });
  readonly ringing: Connected = connect({ config: CONFIG });
  readonly up: CallUp = callUp(REFRESHED);
  private readonly invite: Datagram;
  private readonly sizes: number[];

  constructor() {
    this.invite = this.ringing.peer.invites();
    this.ringing.phone.event("call.incoming");
    this.ringing.peer.takesAll();
    this.sizes = this.all.map(({ wire }) => wire.instance.module.size);
  }

  get all(): Connected[] {
    return [this.idle, this.ringing, this.up];
  }

  /** The datagram reaches all three. */
  shoot(bytes: Buffer): Answers {
    return this.all.map((connected) => shootAt(connected, bytes)) as Answers;
  }

  /** All three do the same with it: this status, or 0 for nothing at all. */
  answer(bytes: Buffer, status: number, what = ""): void {
    assert.deepEqual(this.shoot(bytes), [status, status, status], what || start(bytes));
  }

  /** All three do the same, which is one of these. */
  answerOneOf(bytes: Buffer, statuses: number[], what = ""): number {
    const [first, ...others] = this.shoot(bytes);
    for (const other of others) assert.equal(other, first, what || start(bytes));
    assert.ok(statuses.includes(first), `${what || start(bytes)}: ${first}`);
    return first;
  }

  /** Nothing grew, and everybody does what he was about to do. */
  mustLive(): void {
    for (const [i, { wire }] of this.all.entries())
      assert.equal(wire.instance.module.size, this.sizes[i], "memory has grown");
    takeCall(this.idle);
    answerCall(this.ringing, this.invite);
    mustRefresh(this.up);
  }
}

/** Status that the stranger gets for this datagram, which is cancelled if it rings. */
export function shootAt({ wire }: Connected, bytes: Buffer): number {
  const { instance } = wire;
  const before = countersOf(wire);
  const said = instance.receive(instance.flow, STRANGER.address, STRANGER.port, bytes, wire.now);
  const statuses = said.sends.map((send) => statusOf(send.bytes));
  const status = statuses.at(-1) ?? 0;
  const after = countersOf(wire);
  assert.equal(after.received, before.received + 1);
  assert.equal(after.lost - before.lost > 0, status === 0 || isRefusal(after, before), start(bytes));
  if (status > 100 && status < 200) {
    const gone = instance.receive(instance.flow, STRANGER.address, STRANGER.port, cancelOf(bytes), wire.now);
    assert.deepEqual(
      gone.sends.map((send) => statusOf(send.bytes)),
      [200, 487],
      start(bytes),
    );
  }
  return status;
}

interface Counts {
  received: number;
  refused: number;
  /** Dropped, refused or stray. */
  lost: number;
}

function countersOf({ instance }: Connected["wire"]): Counts {
  const count = (which: Counter): number => instance.module.counter(which);
  return {
    received: count(Counter.Received),
    refused: count(Counter.Refused),
    lost: COUNTED.reduce((sum, which) => sum + count(which), 0),
  };
}

function isRefusal(after: Counts, before: Counts): boolean {
  return after.refused > before.refused;
}

function statusOf(bytes: Buffer): number {
  return Number(/^SIP\/2\.0 (\d+) /.exec(bytes.toString("latin1", 0, 20))?.[1] ?? 0);
}

function start(bytes: Buffer): string {
  const text = bytes.toString("latin1");
  return JSON.stringify(text.length > 700 ? `${text.slice(0, 700)}...` : text);
}

/** What goes to the peer; the stranger's share is left out. */
export function takeForPeer({ wire }: Connected): Datagram[] {
  return wire.waiting.splice(0).filter((datagram) => datagram.address.address === PEER.address);
}

/** The idle phone rings, answers and is hung up. */
export function takeCall(connected: Connected): void {
  takeForPeer(connected);
  const { peer, phone } = connected;
  connected.phone.forgetsEvents();
  const invite = peer.invites();
  phone.event("call.incoming");
  hangUp(peer, phone, answer(connected, invite));
}

function answerCall(connected: Connected, invite: Datagram): void {
  takeForPeer(connected);
  hangUp(connected.peer, connected.phone, answer(connected, invite));
}

function answer(connected: Connected, invite: Datagram): ReturnType<Peer["dialog"]> {
  const { peer, phone } = connected;
  takeForPeer(connected);
  phone.answers();
  const dialog = peer.dialog(invite, peer.expects(200));
  peer.acks(dialog);
  phone.event("call.established");
  return dialog;
}

function hangUp(peer: Peer, phone: Phone, dialog: ReturnType<Peer["dialog"]>): void {
  peer.requests(dialog, "BYE");
  peer.expects(200);
  phone.event("call.ended");
}

/** The phone refreshes its call half way, and it goes on. */
export function mustRefresh(up: CallUp): void {
  takeForPeer(up);
  up.phone.forgetsEvents();
  const until = up.wire.now + 46_000;
  let update: Datagram | undefined;
  while (!update && up.wire.now < until) {
    up.wire.runUntilSent(until);
    update = takeForPeer(up).find((datagram) => datagram.method === "UPDATE");
  }
  assert.ok(update, "the call was not refreshed");
  const timer = { "Session-Expires": "90;refresher=uac", Require: "timer" };
  up.peer.replies(update, 200, { headers: timer, ...(update.body ? { body: sdp() } : {}) });
  up.phone.event("call.refreshed");
  up.peer.requests(up.dialog, "OPTIONS");
  assert.equal(takeForPeer(up).at(-1)?.status, 200);
}
