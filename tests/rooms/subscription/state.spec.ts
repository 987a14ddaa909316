import { Happening, State, stateAfter } from "../../../assembly/subscription/state";

/** What each happening, in the order of Happening, leads to. */
function row(
  from: State,
  subscribe: State,
  pending: State,
  active: State,
  lost: State,
  unsubscribe: State,
): void {
  expect(stateAfter(from, Happening.Subscribe)).toBe(subscribe, "Subscribe");
  expect(stateAfter(from, Happening.NotifyPending)).toBe(pending, "NotifyPending");
  expect(stateAfter(from, Happening.NotifyActive)).toBe(active, "NotifyActive");
  expect(stateAfter(from, Happening.Lost)).toBe(lost, "Lost");
  expect(stateAfter(from, Happening.Unsubscribe)).toBe(unsubscribe, "Unsubscribe");
  expect(stateAfter(from, Happening.End)).toBe(State.Terminated, "End");
}

const INIT = State.Init;
const NOTIFY_WAIT = State.NotifyWait;
const PENDING = State.Pending;
const ACTIVE = State.Active;
const LEAVING = State.Leaving;
const TERMINATED = State.Terminated;

// Columns: Subscribe, NotifyPending, NotifyActive, Lost, Unsubscribe.
describe("the states of a subscription (RFC 6665 §4.1.2)", () => {
  it("Init", () => row(INIT, NOTIFY_WAIT, INIT, INIT, INIT, TERMINATED));
  it("NotifyWait", () => row(NOTIFY_WAIT, NOTIFY_WAIT, PENDING, ACTIVE, INIT, LEAVING));
  it("Pending", () => row(PENDING, PENDING, PENDING, ACTIVE, INIT, LEAVING));
  it("Active", () => row(ACTIVE, ACTIVE, PENDING, ACTIVE, INIT, LEAVING));
  it("Leaving", () => row(LEAVING, LEAVING, LEAVING, LEAVING, TERMINATED, LEAVING));
  it("Terminated", () => row(TERMINATED, TERMINATED, TERMINATED, TERMINATED, TERMINATED, TERMINATED));
});
