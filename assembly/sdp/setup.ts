// a=setup: who opens the connection (RFC 4145 §4, for DTLS RFC 5763 §5)

import { lineAt } from "../bytes/lines";
import { equals, Slice, w } from "../bytes/slice";

export const enum Setup {
  /** Not said, or not known. */
  None = 0,
  Active = 1,
  Passive = 2,
  ActPass = 3,
  HoldConn = 4,
}

export function setupNamed(value: Slice): Setup {
  for (let setup = Setup.Active; setup <= Setup.HoldConn; setup++) {
    if (equals(value, setupName(setup))) return setup;
  }
  return Setup.None;
}

export function setupName(setup: Setup): Slice {
  return lineAt(w("active\npassive\nactpass\nholdconn"), setup - 1);
}

/** Ours for an offered one. We rather call than wait (RFC 5763 §5); without one the offerer is active (RFC 4145 §4). */
export function answerTo(offered: Setup): Setup {
  switch (offered) {
    case Setup.None:
    case Setup.Active:
      return Setup.Passive;
    case Setup.HoldConn:
      return Setup.HoldConn;
    default:
      return Setup.Active;
  }
}
