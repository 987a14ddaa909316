// Both server machines: every state with every input, over an unreliable and a reliable transport.

import { w } from "../../../assembly/bytes/slice";
import { takeDue } from "../../../assembly/time/deadlines";
import { Timer } from "../../../assembly/time/timer";
import { resendResponse, respond } from "../../../assembly/transaction/response";
import {
  findTransaction,
  State,
  Transaction,
  transactionsInUse,
  useTimers,
  Verdict,
} from "../../../assembly/transaction/transaction";
import { Input, isNotArmed, mark, openArrows, outcome, rowCount, TIMER } from "./arrows";
import { expectNothingLeft, NOW, openRoom, read, request, sent, server, timers } from "./wire";

let isInvite: bool = true;
let t: Transaction = changetype<Transaction>(0);
/** Whether the last response was sent. */
let wasSent: bool = false;

function name(): string {
  return isInvite ? "INVITE" : "OPTIONS";
}

function send(status: i32): Verdict {
  wasSent = respond(t, status, w("b1"), NOW);
  return Verdict.Absorb;
}

function receive(method: string): Verdict {
  return t.receiveRequest(read(request(method)), NOW);
}

/** A new transaction, led into the state. */
function bring(isReliable: bool, state: State): void {
  openRoom();
  const made = server(request(name()), isReliable);
  assert(made != null);
  t = made!;
  if (state == State.Proceeding) {
    t.retransmit.stop();
    t.fire(Timer.Trying, NOW);
  }
  if (state == State.Accepted) send(200);
  if (state == State.Completed || state == State.Confirmed) send(486);
  if (state == State.Confirmed) receive("ACK");
  if (state == State.Terminated) end();
  assert(t.state == state);
  sent();
}

/** An INVITE server ends only when no ACK comes. */
function end(): void {
  send(486);
  if (isInvite) {
    t.timeout.stop();
    t.fire(Timer.H, NOW);
  } else t.transportFailed(NOW);
}

function give(input: i32): Verdict {
  switch (input) {
    case Input.Request:
      return receive(name());
    case Input.Ack:
      return receive("ACK");
    case Input.TransportFailure:
      return t.transportFailed(NOW);
    case Input.SendProvisional:
      return send(180);
    case Input.SendSuccess:
      return send(200);
    case Input.SendFailure:
      return send(603);
    default: {
      const timer = <Timer>(input - TIMER);
      if (t.retransmit.isArmed(timer)) t.retransmit.stop();
      else t.timeout.stop();
      return t.fire(timer, NOW);
    }
  }
}

function row(isReliable: bool, state: State, input: i32, expected: string): void {
  mark(isReliable, state, input);
  bring(isReliable, state);
  const handle = t.handle;
  expect(outcome(t, handle, give(input))).toBe(expected);
}

/** The same over both transports. */
function both(state: State, input: i32, expected: string): void {
  row(false, state, input, expected);
  row(true, state, input, expected);
}

/** The timers do not run in that state. */
function never(isReliable: bool, state: State, timer: Timer): void {
  mark(isReliable, state, TIMER + timer);
  bring(isReliable, state);
  expect(isNotArmed(t, timer)).toBe(true);
}

function neverBoth(state: State, timer: Timer): void {
  never(false, state, timer);
  never(true, state, timer);
}

/** Fires whatever falls due until nothing does: ms after NOW and what it led to. */
function schedule(): string {
  let said = "";
  sent();
  for (let due = takeDue(i64.MAX_VALUE); due; due = takeDue(i64.MAX_VALUE)) {
    const at = (due.when - NOW).toString();
    const verdict = findTransaction(due.owner)!.fire(due.timer, due.when);
    if (verdict == Verdict.TimedOut) said += "(" + at + " timed out) ";
    else if (verdict == Verdict.Gone) said += "(" + at + " gone) ";
    else if (sent() != "") said += at + " ";
  }
  return said;
}

describe("INVITE server", () => {
  beforeEach(() => {
    openRoom();
    openArrows();
    isInvite = true;
  });

  it("has an arrow for every state and input", () => {
    let s: State = State.Proceeding;
    both(s, Input.Request, "Proceeding, absorb, [SIP/2.0 100 Trying], ");
    both(s, Input.Ack, "Proceeding, absorb, [], ");
    both(s, Input.TransportFailure, "Proceeding, failed, [], ");
    both(s, Input.SendProvisional, "Proceeding, absorb, [SIP/2.0 180 Ringing], ");
    both(s, Input.SendSuccess, "Accepted, absorb, [SIP/2.0 200 OK], L+32000");
    row(false, s, Input.SendFailure, "Completed, absorb, [SIP/2.0 603 Decline], G+500 H+32000");
    row(true, s, Input.SendFailure, "Completed, absorb, [SIP/2.0 603 Decline], H+32000");
    neverBoth(s, Timer.G);
    neverBoth(s, Timer.H);
    neverBoth(s, Timer.I);
    neverBoth(s, Timer.L);
    neverBoth(s, Timer.None);

    s = State.Accepted;
    both(s, Input.Request, "Accepted, absorb, [], L+32000");
    both(s, Input.Ack, "Accepted, pass, [], L+32000");
    both(s, Input.TransportFailure, "Accepted, failed, [], L+32000");
    both(s, Input.SendProvisional, "Accepted, absorb, [], L+32000");
    both(s, Input.SendSuccess, "Accepted, absorb, [SIP/2.0 200 OK], L+32000");
    both(s, Input.SendFailure, "Accepted, absorb, [], L+32000");
    neverBoth(s, Timer.G);
    neverBoth(s, Timer.H);
    neverBoth(s, Timer.I);
    both(s, TIMER + Timer.L, "gone, gone, [], ");
    neverBoth(s, Timer.None);

    s = State.Completed;
    const unacknowledged = "Completed, absorb, [SIP/2.0 486 Busy Here], ";
    row(false, s, Input.Request, unacknowledged + "G+500 H+32000");
    row(true, s, Input.Request, unacknowledged + "H+32000");
    row(false, s, Input.Ack, "Confirmed, acknowledged, [], I+5000");
    row(true, s, Input.Ack, "Confirmed, acknowledged, [], I+0");
    row(false, s, Input.TransportFailure, "Completed, failed, [], G+500 H+32000");
    row(true, s, Input.TransportFailure, "Completed, failed, [], H+32000");
    row(false, s, Input.SendProvisional, "Completed, absorb, [], G+500 H+32000");
    row(true, s, Input.SendProvisional, "Completed, absorb, [], H+32000");
    row(false, s, Input.SendSuccess, "Completed, absorb, [], G+500 H+32000");
    row(true, s, Input.SendSuccess, "Completed, absorb, [], H+32000");
    row(false, s, Input.SendFailure, "Completed, absorb, [], G+500 H+32000");
    row(true, s, Input.SendFailure, "Completed, absorb, [], H+32000");
    row(false, s, TIMER + Timer.G, unacknowledged + "G+1000 H+32000");
    never(true, s, Timer.G);
    both(s, TIMER + Timer.H, "Terminated, timed out, [], end+0");
    neverBoth(s, Timer.I);
    neverBoth(s, Timer.L);
    neverBoth(s, Timer.None);

    s = State.Confirmed;
    row(false, s, Input.Request, "Confirmed, absorb, [], I+5000");
    row(true, s, Input.Request, "Confirmed, absorb, [], I+0");
    row(false, s, Input.Ack, "Confirmed, absorb, [], I+5000");
    row(true, s, Input.Ack, "Confirmed, absorb, [], I+0");
    row(false, s, Input.TransportFailure, "Confirmed, failed, [], I+5000");
    row(true, s, Input.TransportFailure, "Confirmed, failed, [], I+0");
    row(false, s, Input.SendProvisional, "Confirmed, absorb, [], I+5000");
    row(true, s, Input.SendProvisional, "Confirmed, absorb, [], I+0");
    row(false, s, Input.SendSuccess, "Confirmed, absorb, [], I+5000");
    row(true, s, Input.SendSuccess, "Confirmed, absorb, [], I+0");
    row(false, s, Input.SendFailure, "Confirmed, absorb, [], I+5000");
    row(true, s, Input.SendFailure, "Confirmed, absorb, [], I+0");
    neverBoth(s, Timer.G);
    neverBoth(s, Timer.H);
    both(s, TIMER + Timer.I, "gone, gone, [], ");
    neverBoth(s, Timer.L);
    neverBoth(s, Timer.None);

    s = State.Terminated;
    both(s, Input.Request, "Terminated, absorb, [], end+0");
    both(s, Input.Ack, "Terminated, absorb, [], end+0");
    both(s, Input.TransportFailure, "Terminated, absorb, [], end+0");
    both(s, Input.SendProvisional, "Terminated, absorb, [], end+0");
    both(s, Input.SendSuccess, "Terminated, absorb, [], end+0");
    both(s, Input.SendFailure, "Terminated, absorb, [], end+0");
    neverBoth(s, Timer.G);
    neverBoth(s, Timer.H);
    neverBoth(s, Timer.I);
    neverBoth(s, Timer.L);
    both(s, TIMER + Timer.None, "gone, gone, [], ");

    // 5 states, 6 messages and failures, 5 timers, 2 transports; the 100 has tests of its own.
    expect(rowCount()).toBe(5 * 11 * 2);
  });

  it("says 100 after 200 ms, unless the core said anything before", () => {
    t = server(request("INVITE"))!;
    expect(timers(t, NOW)).toBe("100+200");
    expect(receive("INVITE")).toBe(Verdict.Absorb);
    expect(sent()).toBe("");
    expect(schedule()).toBe("200 ");
    t = server(request("INVITE", "z9hG4bK2"))!;
    send(180);
    expect(sent()).toBe("SIP/2.0 180 Ringing");
    expect(timers(t, NOW)).toBe("");
    receive("INVITE");
    expect(sent()).toBe("SIP/2.0 180 Ringing");
  });

  it("repeats a failure after 0.5, 1.5, 3.5 s and then each 4 s, for 32 s", () => {
    t = server(request("INVITE"))!;
    send(486);
    expect(schedule()).toBe(
      "500 1500 3500 7500 11500 15500 19500 23500 27500 31500 (32000 timed out) (32000 gone) ",
    );
    expectNothingLeft();
  });

  it("repeats nothing over a reliable transport, but waits for the ACK", () => {
    t = server(request("INVITE"), true)!;
    send(486);
    expect(schedule()).toBe("(32000 timed out) (32000 gone) ");
  });

  it("sends the 2xx again for the core, at any time before L", () => {
    t = server(request("INVITE"))!;
    send(200);
    sent();
    expect(resendResponse(t)).toBe(true);
    expect(sent()).toBe("SIP/2.0 200 OK");
    expect(schedule()).toBe("(32000 gone) ");
  });

  it("takes an ACK but once", () => {
    t = server(request("INVITE"))!;
    send(486);
    expect(receive("ACK")).toBe(Verdict.Acknowledged);
    expect(receive("ACK")).toBe(Verdict.Absorb);
    expect(schedule()).toBe("(5000 gone) ");
    expectNothingLeft();
  });
});

describe("non-INVITE server", () => {
  beforeEach(() => {
    openRoom();
    openArrows();
    isInvite = false;
  });

  it("has an arrow for every state and input", () => {
    let s: State = State.Trying;
    both(s, Input.Request, "Trying, absorb, [], 100+3500 J+32000");
    both(s, Input.TransportFailure, "Trying, absorb, [], 100+3500 J+32000");
    both(s, Input.SendProvisional, "Trying, absorb, [], 100+3500 J+32000");
    row(false, s, Input.SendSuccess, "Completed, absorb, [SIP/2.0 200 OK], J+32000");
    row(true, s, Input.SendSuccess, "Completed, absorb, [SIP/2.0 200 OK], J+0");
    row(false, s, Input.SendFailure, "Completed, absorb, [SIP/2.0 603 Decline], J+32000");
    row(true, s, Input.SendFailure, "Completed, absorb, [SIP/2.0 603 Decline], J+0");
    both(s, TIMER + Timer.Trying, "Proceeding, absorb, [SIP/2.0 100 Trying], J+32000");
    both(s, TIMER + Timer.J, "gone, gone, [], ");
    neverBoth(s, Timer.None);

    s = State.Proceeding;
    both(s, Input.Request, "Proceeding, absorb, [SIP/2.0 100 Trying], J+32000");
    both(s, Input.TransportFailure, "Terminated, failed, [], end+0");
    both(s, Input.SendProvisional, "Proceeding, absorb, [], J+32000");
    row(false, s, Input.SendSuccess, "Completed, absorb, [SIP/2.0 200 OK], J+32000");
    row(true, s, Input.SendSuccess, "Completed, absorb, [SIP/2.0 200 OK], J+0");
    row(false, s, Input.SendFailure, "Completed, absorb, [SIP/2.0 603 Decline], J+32000");
    row(true, s, Input.SendFailure, "Completed, absorb, [SIP/2.0 603 Decline], J+0");
    neverBoth(s, Timer.Trying);
    both(s, TIMER + Timer.J, "gone, gone, [], ");
    neverBoth(s, Timer.None);

    s = State.Completed;
    row(false, s, Input.Request, "Completed, absorb, [SIP/2.0 486 Busy Here], J+32000");
    row(true, s, Input.Request, "Completed, absorb, [SIP/2.0 486 Busy Here], J+0");
    both(s, Input.TransportFailure, "Terminated, failed, [], end+0");
    row(false, s, Input.SendProvisional, "Completed, absorb, [], J+32000");
    row(true, s, Input.SendProvisional, "Completed, absorb, [], J+0");
    row(false, s, Input.SendSuccess, "Completed, absorb, [], J+32000");
    row(true, s, Input.SendSuccess, "Completed, absorb, [], J+0");
    row(false, s, Input.SendFailure, "Completed, absorb, [], J+32000");
    row(true, s, Input.SendFailure, "Completed, absorb, [], J+0");
    neverBoth(s, Timer.Trying);
    both(s, TIMER + Timer.J, "gone, gone, [], ");
    neverBoth(s, Timer.None);

    s = State.Terminated;
    both(s, Input.Request, "Terminated, absorb, [], end+0");
    both(s, Input.TransportFailure, "Terminated, absorb, [], end+0");
    both(s, Input.SendProvisional, "Terminated, absorb, [], end+0");
    both(s, Input.SendSuccess, "Terminated, absorb, [], end+0");
    both(s, Input.SendFailure, "Terminated, absorb, [], end+0");
    neverBoth(s, Timer.Trying);
    neverBoth(s, Timer.J);
    both(s, TIMER + Timer.None, "gone, gone, [], ");

    expect(rowCount()).toBe(4 * 8 * 2);
  });

  it("says 100 when the peer's Timer E reaches T2, and nothing else provisional (RFC 4320)", () => {
    t = server(request("OPTIONS"))!;
    expect(respond(t, 100, 0, NOW)).toBe(false);
    expect(respond(t, 183, w("b1"), NOW)).toBe(false);
    expect(schedule()).toBe("3500 (32000 gone) ");
    useTimers(1000, 4000, 5000);
    t = server(request("OPTIONS"))!;
    expect(timers(t, NOW)).toBe("100+3000 J+64000");
    useTimers(4000, 4000, 5000);
    t = server(request("OPTIONS", "z9hG4bK2"))!;
    expect(timers(t, NOW)).toBe("100+4000 J+256000");
  });

  it("never says 408 (RFC 4320)", () => {
    t = server(request("OPTIONS"))!;
    expect(respond(t, 408, w("b1"), NOW)).toBe(false);
    expect(sent()).toBe("");
    expect(t.state).toBe(State.Trying);
  });

  it("is gone when the core never answers", () => {
    server(request("OPTIONS"));
    expect(schedule()).toBe("3500 (32000 gone) ");
    expectNothingLeft();
    expect(transactionsInUse()).toBe(0);
  });
});
