// Both client machines: every state with every input, over an unreliable and a reliable transport.

import { Method } from "../../../assembly/message/method";
import { takeDue } from "../../../assembly/time/deadlines";
import { Timer } from "../../../assembly/time/timer";
import {
  findTransaction,
  limitTimeout,
  State,
  Transaction,
  useTimers,
  Verdict,
} from "../../../assembly/transaction/transaction";
import { Input, isNotArmed, mark, openArrows, outcome, rowCount, TIMER } from "./arrows";
import { client, expectNothingLeft, NOW, openRoom, read, response, sent, timers } from "./wire";

let method: Method = Method.Invite;
let t: Transaction = changetype<Transaction>(0);

function name(): string {
  return method == Method.Invite ? "INVITE" : "OPTIONS";
}

function receive(status: i32): Verdict {
  return t.receiveResponse(read(response(status, name())), NOW);
}

/** A new transaction, led into the state. */
function bring(isReliable: bool, state: State): void {
  openRoom();
  const made = client(method, isReliable);
  assert(made != null);
  t = made!;
  if (state == State.Proceeding) receive(180);
  if (state == State.Accepted) receive(200);
  if (state == State.Completed) receive(method == Method.Invite ? 486 : 200);
  if (state == State.Terminated) t.transportFailed(NOW);
  assert(t.state == state);
  sent();
}

function give(input: i32): Verdict {
  switch (input) {
    case Input.Provisional:
      return receive(183);
    case Input.Success:
      return receive(200);
    case Input.Failure:
      return receive(486);
    case Input.TransportFailure:
      return t.transportFailed(NOW);
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

/** The timer does not run in that state. */
function never(isReliable: bool, state: State, timer: Timer): void {
  mark(isReliable, state, TIMER + timer);
  bring(isReliable, state);
  expect(isNotArmed(t, timer)).toBe(true);
}

function neverBoth(state: State, timer: Timer): void {
  never(false, state, timer);
  never(true, state, timer);
}

/** Fires whatever falls due until nothing does; the ms after NOW of each retransmission, other verdicts in brackets. */
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

describe("INVITE client", () => {
  beforeEach(() => {
    openRoom();
    openArrows();
    method = Method.Invite;
  });

  it("has an arrow for every state and input", () => {
    let s: State = State.Calling;
    both(s, Input.Provisional, "Proceeding, pass, [], ");
    both(s, Input.Success, "Accepted, pass, [], M+32000");
    row(false, s, Input.Failure, "Completed, pass, [ACK sip:bob@example.com SIP/2.0], D+32000");
    row(true, s, Input.Failure, "Completed, pass, [ACK sip:bob@example.com SIP/2.0], D+0");
    both(s, Input.TransportFailure, "Terminated, failed, [], end+0");
    row(false, s, TIMER + Timer.A, "Calling, absorb, [INVITE sip:bob@example.com SIP/2.0], A+1000 B+32000");
    never(true, s, Timer.A);
    row(false, s, TIMER + Timer.B, "Terminated, timed out, [], end+0");
    row(true, s, TIMER + Timer.B, "Terminated, timed out, [], end+0");
    neverBoth(s, Timer.D);
    neverBoth(s, Timer.M);
    neverBoth(s, Timer.None);

    s = State.Proceeding;
    both(s, Input.Provisional, "Proceeding, pass, [], ");
    both(s, Input.Success, "Accepted, pass, [], M+32000");
    row(false, s, Input.Failure, "Completed, pass, [ACK sip:bob@example.com SIP/2.0], D+32000");
    row(true, s, Input.Failure, "Completed, pass, [ACK sip:bob@example.com SIP/2.0], D+0");
    both(s, Input.TransportFailure, "Terminated, failed, [], end+0");
    neverBoth(s, Timer.A);
    neverBoth(s, Timer.B);
    neverBoth(s, Timer.D);
    neverBoth(s, Timer.M);
    neverBoth(s, Timer.None);

    s = State.Accepted;
    both(s, Input.Provisional, "Accepted, absorb, [], M+32000");
    both(s, Input.Success, "Accepted, pass, [], M+32000");
    both(s, Input.Failure, "Accepted, absorb, [], M+32000");
    both(s, Input.TransportFailure, "Accepted, absorb, [], M+32000");
    neverBoth(s, Timer.A);
    neverBoth(s, Timer.B);
    neverBoth(s, Timer.D);
    both(s, TIMER + Timer.M, "gone, gone, [], ");
    neverBoth(s, Timer.None);

    s = State.Completed;
    row(false, s, Input.Provisional, "Completed, absorb, [], D+32000");
    row(true, s, Input.Provisional, "Completed, absorb, [], D+0");
    row(false, s, Input.Success, "Completed, absorb, [], D+32000");
    row(true, s, Input.Success, "Completed, absorb, [], D+0");
    row(false, s, Input.Failure, "Completed, absorb, [ACK sip:bob@example.com SIP/2.0], D+32000");
    row(true, s, Input.Failure, "Completed, absorb, [ACK sip:bob@example.com SIP/2.0], D+0");
    both(s, Input.TransportFailure, "Terminated, failed, [], end+0");
    neverBoth(s, Timer.A);
    neverBoth(s, Timer.B);
    both(s, TIMER + Timer.D, "gone, gone, [], ");
    neverBoth(s, Timer.M);
    neverBoth(s, Timer.None);

    s = State.Terminated;
    both(s, Input.Provisional, "Terminated, absorb, [], end+0");
    both(s, Input.Success, "Terminated, absorb, [], end+0");
    both(s, Input.Failure, "Terminated, absorb, [], end+0");
    both(s, Input.TransportFailure, "Terminated, absorb, [], end+0");
    neverBoth(s, Timer.A);
    neverBoth(s, Timer.B);
    neverBoth(s, Timer.D);
    neverBoth(s, Timer.M);
    both(s, TIMER + Timer.None, "gone, gone, [], ");

    // 5 states, 4 messages and failures, 5 timers, 2 transports.
    expect(rowCount()).toBe(5 * 9 * 2);
  });

  it("sends, and arms A and B, at once", () => {
    client(method, false);
    expect(sent()).toBe("INVITE sip:bob@example.com SIP/2.0");
    t = client(method, false)!;
    expect(timers(t, NOW)).toBe("A+500 B+32000");
    t = client(method, true)!;
    expect(timers(t, NOW)).toBe("B+32000");
  });

  it("retransmits after 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s and gives up after 32 s", () => {
    client(method, false);
    expect(schedule()).toBe("500 1500 3500 7500 15500 31500 (32000 timed out) (32000 gone) ");
    expectNothingLeft();
  });

  it("scales with T1; D is 32 s at least", () => {
    useTimers(100, 4000, 5000);
    t = client(method, false)!;
    receive(486);
    expect(timers(t, NOW)).toBe("D+32000");
    useTimers(1000, 4000, 5000);
    t = client(method, false)!;
    receive(486);
    expect(timers(t, NOW)).toBe("D+64000");
  });

  it("waits no longer than its creator can", () => {
    t = client(method, false)!;
    limitTimeout(t, NOW + 700);
    limitTimeout(t, NOW + 9000);
    sent();
    expect(schedule()).toBe("500 (700 timed out) (700 gone) ");
    t = client(method, false)!;
    receive(100);
    limitTimeout(t, NOW + 1);
    expect(timers(t, NOW)).toBe("");
  });

  it("gives everything back after an acknowledged failure", () => {
    t = client(method, false)!;
    receive(486);
    sent();
    expect(schedule()).toBe("(32000 gone) ");
    expectNothingLeft();
  });
});

describe("non-INVITE client", () => {
  beforeEach(() => {
    openRoom();
    openArrows();
    method = Method.Options;
  });

  it("has an arrow for every state and input", () => {
    let s: State = State.Trying;
    const again = "OPTIONS sip:bob@example.com SIP/2.0";
    row(false, s, Input.Provisional, "Proceeding, pass, [], E+500 F+32000");
    row(true, s, Input.Provisional, "Proceeding, pass, [], F+32000");
    row(false, s, Input.Success, "Completed, pass, [], K+5000");
    row(true, s, Input.Success, "Completed, pass, [], K+0");
    row(false, s, Input.Failure, "Completed, pass, [], K+5000");
    row(true, s, Input.Failure, "Completed, pass, [], K+0");
    both(s, Input.TransportFailure, "Terminated, failed, [], end+0");
    row(false, s, TIMER + Timer.E, "Trying, absorb, [" + again + "], E+1000 F+32000");
    never(true, s, Timer.E);
    both(s, TIMER + Timer.F, "Terminated, timed out, [], end+0");
    neverBoth(s, Timer.K);
    neverBoth(s, Timer.None);

    s = State.Proceeding;
    row(false, s, Input.Provisional, "Proceeding, pass, [], E+500 F+32000");
    row(true, s, Input.Provisional, "Proceeding, pass, [], F+32000");
    row(false, s, Input.Success, "Completed, pass, [], K+5000");
    row(true, s, Input.Success, "Completed, pass, [], K+0");
    row(false, s, Input.Failure, "Completed, pass, [], K+5000");
    row(true, s, Input.Failure, "Completed, pass, [], K+0");
    both(s, Input.TransportFailure, "Terminated, failed, [], end+0");
    row(false, s, TIMER + Timer.E, "Proceeding, absorb, [" + again + "], E+4000 F+32000");
    never(true, s, Timer.E);
    both(s, TIMER + Timer.F, "Terminated, timed out, [], end+0");
    neverBoth(s, Timer.K);
    neverBoth(s, Timer.None);

    s = State.Completed;
    row(false, s, Input.Provisional, "Completed, absorb, [], K+5000");
    row(true, s, Input.Provisional, "Completed, absorb, [], K+0");
    row(false, s, Input.Success, "Completed, absorb, [], K+5000");
    row(true, s, Input.Success, "Completed, absorb, [], K+0");
    row(false, s, Input.Failure, "Completed, absorb, [], K+5000");
    row(true, s, Input.Failure, "Completed, absorb, [], K+0");
    row(false, s, Input.TransportFailure, "Completed, absorb, [], K+5000");
    row(true, s, Input.TransportFailure, "Completed, absorb, [], K+0");
    neverBoth(s, Timer.E);
    neverBoth(s, Timer.F);
    both(s, TIMER + Timer.K, "gone, gone, [], ");
    neverBoth(s, Timer.None);

    s = State.Terminated;
    both(s, Input.Provisional, "Terminated, absorb, [], end+0");
    both(s, Input.Success, "Terminated, absorb, [], end+0");
    both(s, Input.Failure, "Terminated, absorb, [], end+0");
    both(s, Input.TransportFailure, "Terminated, absorb, [], end+0");
    neverBoth(s, Timer.E);
    neverBoth(s, Timer.F);
    neverBoth(s, Timer.K);
    both(s, TIMER + Timer.None, "gone, gone, [], ");

    expect(rowCount()).toBe(4 * 8 * 2);
  });

  it("retransmits at growing waits up to T2 and gives up after 32 s", () => {
    client(method, false);
    sent();
    expect(schedule()).toBe(
      "500 1500 3500 7500 11500 15500 19500 23500 27500 31500 (32000 timed out) (32000 gone) ",
    );
    expectNothingLeft();
  });

  it("retransmits each T2 once it is Proceeding", () => {
    t = client(method, false)!;
    receive(100);
    sent();
    expect(schedule()).toBe("500 4500 8500 12500 16500 20500 24500 28500 (32000 timed out) (32000 gone) ");
  });

  it("caps at T2 where T1 is nearly that", () => {
    useTimers(3000, 4000, 5000);
    t = client(method, false)!;
    limitTimeout(t, NOW + 12000);
    sent();
    expect(schedule()).toBe("3000 7000 11000 (12000 timed out) (12000 gone) ");
  });
});
