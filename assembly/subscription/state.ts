// The states of a subscription, seen from the subscriber (RFC 6665 §4.1.2), and what leads from one to the next.
//
//                 +------------------------ lost: failure, Timer N, terminated NOTIFY ---+
//                 v                                                                      |
//              Init ---- SUBSCRIBE ----> NotifyWait ---- NOTIFY pending ----> Pending ---+
//                |                         |    |                             ^    |     |
//                |                         |    +--- NOTIFY active ----+      |    v     |
//                |                         |                           +----> Active ----+
//             unsubscribe                  +---- unsubscribe ----+            |
//                |                                               v            |
//                +---------> Terminated <--- answered, lost -- Leaving <------+
//
// A refresh leaves the state as it is. In Init it waits for the next try, or for the account's registration.

export const enum State {
  /** No SUBSCRIBE is under way. */
  Init = 0,
  /** SUBSCRIBE sent, no NOTIFY yet. */
  NotifyWait,
  /** Nobody has decided yet. */
  Pending,
  Active,
  /** SUBSCRIBE sent that ends it. */
  Leaving,
  /** Nothing will be sent any more. */
  Terminated,
}

/** What can happen to a subscription. */
export const enum Happening {
  /** SUBSCRIBE leaves, without a dialog yet. */
  Subscribe = 0,
  NotifyPending,
  NotifyActive,
  /** It is gone, and may be had again. */
  Lost,
  /** It is not wanted any more. */
  Unsubscribe,
  /** It is gone for good. */
  End,
}

/** The figure; a happening that has no arrow changes nothing. */
export function stateAfter(state: State, happening: Happening): State {
  const isThere = state >= State.NotifyWait && state <= State.Active;
  switch (happening) {
    case Happening.Subscribe:
      return state == State.Init ? State.NotifyWait : state;
    case Happening.NotifyPending:
      return isThere ? State.Pending : state;
    case Happening.NotifyActive:
      return isThere ? State.Active : state;
    case Happening.Lost:
      return state >= State.Leaving ? State.Terminated : State.Init;
    case Happening.Unsubscribe:
      if (isThere) return State.Leaving;
      return state == State.Init ? State.Terminated : state;
    default:
      return State.Terminated;
  }
}
