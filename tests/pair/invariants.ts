// The invariants of session timers (RFC 4028), watched on the link and in the events of both phones.
//
//   I1  at rest exactly one side refreshes, or neither, or one side alone ("self")
//   I2  a refresh that is no retry is sent neither before T/3 nor after T/2
//   I3  no BYE by timer while a refresh and its 2xx got through in time
//   I4  with a dead path both ends finish by T
//   I5  CSeq grows in each direction
//   I6  o= stays over pure refreshes
//   I7  nothing is sent, and no timer is left, after the end
//   I8  both ends agree at rest
//
// A violation is thrown at the step that commits it.

import type { Event, Fields } from "../support/instance.js";
import { other, Pair, type SideIndex, type Watcher } from "../support/pair.js";
import { type Asked, lostAfterMs, Party } from "./conversation.js";
import { readWire, type Wire } from "./wire.js";

type Conversation = readonly [Party, Party];

const TIMER_RULES = new Set(["RFC4028-10-expired", "RFC4028-10-unanswered", "RFC4028-10-late"]);

/** How much a run has seen, so that a test can tell that it tested something. */
export interface Tally {
  calls: number;
  refreshes: number;
  restsCompared: number;
  endedByTimer: number;
}

export class Invariants implements Watcher {
  readonly conversations = new Map<string, Conversation>();
  readonly tally: Tally = { calls: 0, refreshes: 0, restsCompared: 0, endedByTimer: 0 };
  private readonly byHandle = [new Map<number, Party>(), new Map<number, Party>()] as const;
  /** Call-ID of the message that is being handled, and the call that waits for its INVITE, on each side. */
  private arrived = "";
  private readonly outgoing = [0, 0];

  // ---- what the pair tells ----

  sent(side: SideIndex, bytes: Buffer, now: number): void {
    const wire = readWire(bytes);
    if (!wire.isRequest) return this.sentResponse(side, wire, now);
    const conversation = this.conversationOf(side, wire);
    if (!conversation || wire.method === "ACK" || wire.method === "CANCEL") return;
    const party = conversation[side];
    const asked = party.send(wire, now);
    if (!asked) return;
    if (party.endedAt >= 0 && wire.method !== "BYE") throw new Error(`I7: ${wire.method} after the end`);
    if (party.isUp && party.isPureRefresh(asked)) this.checkRefresh(party, asked, now);
  }

  delivered(side: SideIndex, bytes: Buffer, now: number): void {
    const wire = readWire(bytes);
    this.arrived = wire.callId;
    const conversation = this.conversations.get(wire.callId);
    if (!conversation) return;
    if (!wire.isRequest) {
      if (wire.status >= 200) conversation[side].receive(wire, now);
      return;
    }
    const asked = conversation[other(side)].asked.get(
      `${wire.method === "ACK" ? "INVITE" : wire.method} ${wire.sequence}`,
    );
    if (!asked) return;
    if (wire.method === "ACK") asked.isAcknowledged = true;
    else if (asked.arrivedAt < 0) asked.arrivedAt = now;
  }

  said(side: SideIndex, event: Event, now: number): void {
    if (event.name === "call.outgoing") this.outgoing[side] = event.call;
    else if (event.name === "call.incoming") this.meet(side, event.call, this.arrived);
    const party = this.byHandle[side].get(event.call);
    if (!party) return;
    if (event.name === "call.established") {
      party.isUp = true;
      this.tally.calls++;
    } else if (event.name === "call.ended") this.ended(party, event.fields, now);
  }

  // ---- at rest ----

  /** Compares both ends of every call that is at rest (I1, I8). */
  compare(pair: Pair): void {
    if (pair.packets > 0) return;
    for (const conversation of this.conversations.values()) {
      const [one, two] = conversation;
      if (!isSettled(one) || !isSettled(two)) continue;
      const states = [stateOf(pair, 0, one), stateOf(pair, 1, two)] as const;
      checkRoles(states);
      this.tally.restsCompared++;
    }
  }

  /** Every call has ended on both sides; those with a timer not later than T after their last 2xx (I4). */
  checkEnds(deadSince: number): void {
    for (const conversation of this.conversations.values())
      for (const party of conversation) {
        if (party.handle !== 0 && party.endedAt < 0) throw new Error("a call never ended");
        const { renewal } = party;
        if (deadSince < 0 || !party.isUp || !renewal || renewal.seconds === 0) continue;
        const late = party.endedAt - (renewal.at + renewal.seconds * 1000);
        if (late > 0) throw new Error(`I4: ended ${late} ms after T`);
      }
  }

  // ---- the work ----

  private conversationOf(side: SideIndex, wire: Wire): Conversation | undefined {
    const known = this.conversations.get(wire.callId);
    if (known || wire.method !== "INVITE") return known;
    this.conversations.set(wire.callId, [new Party(), new Party()]);
    this.meet(side, this.outgoing[side] as number, wire.callId);
    return this.conversations.get(wire.callId);
  }

  private meet(side: SideIndex, handle: number, callId: string): void {
    const party = this.conversations.get(callId)?.[side];
    if (!party) throw new Error(`a call without an INVITE: ${callId}`);
    party.handle = handle;
    this.byHandle[side].set(handle, party);
  }

  private sentResponse(side: SideIndex, wire: Wire, now: number): void {
    if (wire.status < 200 || wire.status >= 300) return;
    this.conversations.get(wire.callId)?.[side].answer(wire, now);
  }

  private checkRefresh(party: Party, asked: Asked, now: number): void {
    party.checkOrigin(asked);
    this.tally.refreshes++;
    const { renewal } = party;
    if (!renewal) throw new Error("I2: a refresh before any 2xx");
    if (isRetry(party, asked, renewal.at)) return;
    const share = (now - renewal.at) / (renewal.seconds * 1000);
    if (share < 1 / 3 || share > 1 / 2) throw new Error(`I2: a refresh at ${share.toFixed(4)} T`);
  }

  private ended(party: Party, fields: Fields, now: number): void {
    party.endedAt = now;
    party.endRule = String(fields["rule"]);
    if (!TIMER_RULES.has(party.endRule)) return;
    const { renewal, newest } = party;
    if (!renewal) throw new Error("I3: ended by a timer that never ran");
    // A hold that nobody answers ends the call too, with or without a timer.
    if (renewal.seconds === 0) return;
    this.tally.endedByTimer++;
    const since = now - renewal.at;
    if (since > renewal.seconds * 1000) throw new Error(`I4: ended ${since} ms after the last 2xx`);
    const isAnswered = newest !== null && newest.finalAt >= 0 && newest.finalStatus < 300;
    if (party.endRule === "RFC4028-10-unanswered") {
      if (isAnswered) throw new Error("I3: ended for want of an answer that came");
    } else if (since < lostAfterMs(renewal.seconds)) {
      throw new Error(`I3: ended by timer ${since} ms after the last 2xx`);
    }
  }
}

/** An earlier try since the last 2xx came to nothing. */
function isRetry(party: Party, asked: Asked, since: number): boolean {
  for (const before of party.asked.values()) {
    if (before === asked || before.method === "BYE") continue;
    if (before.sentAt >= since && !(before.finalAt >= 0 && before.finalStatus < 300)) return true;
  }
  return false;
}

function isSettled(party: Party): boolean {
  return party.isUp && party.endedAt < 0 && party.isQuiet;
}

// ---- what a phone says of its session ----

interface TimerState {
  refresher: string;
  seconds: number;
  isSelf: boolean;
}

function stateOf(pair: Pair, side: SideIndex, party: Party): TimerState {
  const event = pair.listed(side).find((state) => state.call === party.handle);
  if (!event) throw new Error("I8: a call that is up is not listed");
  const { refresher, expires, rule } = event.fields;
  return {
    refresher: String(refresher),
    seconds: Number(expires),
    isSelf: rule === "RFC4028-7.2-self",
  };
}

function checkRoles(states: readonly [TimerState, TimerState]): void {
  const roles = states
    .map((state) => state.refresher)
    .sort()
    .join(" ");
  const told = JSON.stringify(states);
  if (roles === "none none") return;
  if (states.some((state) => state.isSelf)) {
    if (roles !== "local none") throw new Error(`I1: self mode with a second refresher: ${told}`);
    return;
  }
  if (roles !== "local remote") throw new Error(`I1: not exactly one refresher: ${told}`);
  if (states[0].seconds !== states[1].seconds) throw new Error(`I8: two intervals: ${told}`);
}
