// What one phone can know of one call, worked out from the datagrams alone: when the session was renewed
// last and by which interval, which of its requests are open, what was offered.
//
// This is a second opinion: it repeats RFC 4028 in terms of messages and asks the module nothing.

import { originOf, contentOf, type Wire } from "./wire.js";

/** A request of ours, and what became of it. */
export interface Asked {
  method: string;
  sequence: number;
  sentAt: number;
  sdp: string;
  seconds: number;
  /** First copy at the peer. */
  arrivedAt: number;
  /** First final response here. */
  finalAt: number;
  finalStatus: number;
  /** The peer saw the ACK to its 2xx. */
  isAcknowledged: boolean;
}

/** The newest 2xx to INVITE or UPDATE, as seen from one side. */
export interface Renewal {
  at: number;
  /** 0 when no timer runs. */
  seconds: number;
}

const NEVER = -1;

export class Party {
  /** Of the module: the call's handle. */
  handle = 0;
  isUp = false;
  /** Moment of call.ended, and what it said. */
  endedAt = NEVER;
  endRule = "";
  renewal: Renewal | null = null;
  /** Body of our newest offer or answer that is in force. */
  sdp = "";
  /** Newest request of ours in the dialog. */
  newest: Asked | null = null;
  readonly asked = new Map<string, Asked>();
  private readonly answered = new Set<string>();
  private highest = 0;
  /** It has said Supported: timer. */
  private hasTimers = false;

  /** A request leaves; null for a copy of one that left before. Fails if its CSeq does not grow (I5). */
  send(wire: Wire, now: number): Asked | null {
    this.hasTimers ||= wire.supportsTimer;
    const key = keyOf(wire);
    if (this.asked.has(key)) return null;
    if (wire.sequence <= this.highest) throw new Error(`I5: CSeq ${wire.sequence} after ${this.highest}`);
    this.highest = wire.sequence;
    const asked: Asked = {
      method: wire.method,
      sequence: wire.sequence,
      sentAt: now,
      sdp: wire.sdp,
      seconds: wire.sessionExpires?.seconds ?? 0,
      arrivedAt: NEVER,
      finalAt: NEVER,
      finalStatus: 0,
      isAcknowledged: false,
    };
    this.asked.set(key, asked);
    this.newest = asked;
    return asked;
  }

  /** A 2xx of ours leaves: the first copy counts (RFC 4028 §10). */
  answer(wire: Wire, now: number): void {
    this.hasTimers ||= wire.supportsTimer;
    const key = keyOf(wire);
    if (this.answered.has(key)) return;
    this.answered.add(key);
    if (wire.method !== "INVITE" && wire.method !== "UPDATE") return;
    this.renewal = { at: now, seconds: wire.sessionExpires?.seconds ?? 0 };
    if (wire.sdp !== "") this.sdp = wire.sdp;
  }

  /** A final response arrives. */
  receive(wire: Wire, now: number): void {
    const asked = this.asked.get(keyOf(wire));
    if (!asked || asked.finalAt !== NEVER) return;
    asked.finalAt = now;
    asked.finalStatus = wire.status;
    if (wire.status >= 300 || (wire.method !== "INVITE" && wire.method !== "UPDATE")) return;
    if (this.endedAt !== NEVER) return;
    this.renewal = { at: now, seconds: this.secondsOf(wire, asked) };
    if (asked.sdp !== "") this.sdp = asked.sdp;
  }

  /** Without Session-Expires the timer runs on only where we refresh alone, with what we asked for. */
  private secondsOf({ sessionExpires }: Wire, asked: Asked): number {
    if (!sessionExpires) return asked.seconds;
    return this.hasTimers || sessionExpires.refresher === "uac" ? sessionExpires.seconds : 0;
  }

  /** Every request of ours has been answered, and the peer has the ACK where it needs one. */
  get isQuiet(): boolean {
    for (const asked of this.asked.values()) {
      if (asked.finalAt === NEVER) return false;
      if (asked.method === "INVITE" && asked.finalStatus < 300 && !asked.isAcknowledged) return false;
    }
    return true;
  }

  /** It renews the session and nothing else: no offer, or the one in force. */
  isPureRefresh(asked: Asked): boolean {
    if (asked.method === "UPDATE") return asked.sdp === "";
    return asked.method === "INVITE" && this.sdp !== "" && contentOf(asked.sdp) === contentOf(this.sdp);
  }

  /** A pure refresh names the same session description, version included (I6). */
  checkOrigin(asked: Asked): void {
    if (asked.method !== "INVITE" || originOf(asked.sdp) === originOf(this.sdp)) return;
    throw new Error(`I6: o=${originOf(asked.sdp)} after o=${originOf(this.sdp)}`);
  }
}

export function keyOf(wire: Wire): string {
  return `${wire.method} ${wire.sequence}`;
}

/** From the 2xx to the moment when the session counts as lost (RFC 4028 §10). */
export function lostAfterMs(seconds: number): number {
  return seconds * 1000 - Math.min(32_000, Math.floor((seconds * 1000) / 3));
}
