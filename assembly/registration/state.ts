// The states of a registration, and what leads from one to the next.
//
//              start           hop found            2xx
//     Idle -----------> Locating ------> Registering -----> Registered
//      ^  ^    delayed |  ^   |                 |             |   ^ | refresh due
//      |  |            v  |   | no hop          | refused     |   | v
//      |  +--------  Waiting  |                 |         2xx |  Refreshing
//      |    stop     ^  ^  ^  |                 |             +---+ |
//      |             |  |  +--+-----------------+                   | refused
//      |             |  +-------------------------------------------+
//      |             |
//      +-- answer -- Unregistering <---- stop ---- any that has a binding
//
// A hop that fails, a lost flow, and the wish to go back to the first server lead to Locating from anywhere
// between; the binding that there is lives on meanwhile.

export const enum State {
  /** Nothing is wanted. */
  Idle = 0,
  /** The server, the connection to it, or our own address toward it is being looked for. */
  Locating,
  /** REGISTER sent for a binding that there is not. */
  Registering,
  /** The binding is there. */
  Registered,
  /** REGISTER sent for the binding that there is. */
  Refreshing,
  /** REGISTER sent that removes it. */
  Unregistering,
  /** It could not be had; or the start is put off. Tried again when the time has come. */
  Waiting,
}

/** What can happen to a registration. */
export const enum Happening {
  /** It is wanted, and now. */
  Start = 0,
  /** It is wanted, but later. */
  Delay,
  /** There is a hop to send to. */
  Found,
  /** 2xx. */
  Success,
  /** A final answer that gives no binding, silence, or no hop at all. */
  Failure,
  /** The hop that it had is no longer good: another one has to be found. */
  HopLost,
  /** It is not wanted any more, and a binding has to be removed. */
  Stop,
  /** Nothing is left to wait for, or to remove. */
  End,
}

/** The figure; a happening that has no arrow changes nothing. */
export function stateAfter(state: State, happening: Happening): State {
  switch (happening) {
    case Happening.Start:
      if (state == State.Idle || state == State.Waiting) return State.Locating;
      return state == State.Registered ? State.Refreshing : state;
    case Happening.Delay:
      return state == State.Idle ? State.Waiting : state;
    case Happening.Found:
      return state == State.Locating ? State.Registering : state;
    case Happening.Success:
      return isAsking(state) ? State.Registered : state;
    case Happening.Failure:
      return isAsking(state) || state == State.Locating ? State.Waiting : state;
    case Happening.HopLost:
      return isAsking(state) || state == State.Registered ? State.Locating : state;
    case Happening.Stop:
      return state == State.Idle || state == State.Waiting ? State.Idle : State.Unregistering;
    default:
      return State.Idle;
  }
}

/** A REGISTER for a binding is under way. */
export function isAsking(state: State): bool {
  return state == State.Registering || state == State.Refreshing;
}
