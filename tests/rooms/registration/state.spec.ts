import { Happening, State, stateAfter } from "../../../assembly/registration/state";

/** What each happening, in the order of Happening, leads to. */
function row(
  from: State,
  start: State,
  delay: State,
  found: State,
  success: State,
  failure: State,
  hopLost: State,
  stop: State,
): void {
  expect(stateAfter(from, Happening.Start)).toBe(start, "Start");
  expect(stateAfter(from, Happening.Delay)).toBe(delay, "Delay");
  expect(stateAfter(from, Happening.Found)).toBe(found, "Found");
  expect(stateAfter(from, Happening.Success)).toBe(success, "Success");
  expect(stateAfter(from, Happening.Failure)).toBe(failure, "Failure");
  expect(stateAfter(from, Happening.HopLost)).toBe(hopLost, "HopLost");
  expect(stateAfter(from, Happening.Stop)).toBe(stop, "Stop");
  expect(stateAfter(from, Happening.End)).toBe(State.Idle, "End");
}

const IDLE = State.Idle;
const LOCATING = State.Locating;
const REGISTERING = State.Registering;
const REGISTERED = State.Registered;
const REFRESHING = State.Refreshing;
const LEAVING = State.Unregistering;
const WAITING = State.Waiting;

// Columns: Start, Delay, Found, Success, Failure, HopLost, Stop.
describe("the states of a registration", () => {
  it("Idle", () => row(IDLE, LOCATING, WAITING, IDLE, IDLE, IDLE, IDLE, IDLE));
  it("Locating", () => row(LOCATING, LOCATING, LOCATING, REGISTERING, LOCATING, WAITING, LOCATING, LEAVING));
  it("Registering", () =>
    row(REGISTERING, REGISTERING, REGISTERING, REGISTERING, REGISTERED, WAITING, LOCATING, LEAVING));
  it("Registered", () =>
    row(REGISTERED, REFRESHING, REGISTERED, REGISTERED, REGISTERED, REGISTERED, LOCATING, LEAVING));
  it("Refreshing", () =>
    row(REFRESHING, REFRESHING, REFRESHING, REFRESHING, REGISTERED, WAITING, LOCATING, LEAVING));
  it("Unregistering", () => row(LEAVING, LEAVING, LEAVING, LEAVING, LEAVING, LEAVING, LEAVING, LEAVING));
  it("Waiting", () => row(WAITING, LOCATING, WAITING, WAITING, WAITING, WAITING, WAITING, IDLE));
});
