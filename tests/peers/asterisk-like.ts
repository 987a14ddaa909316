// A server as Asterisk is: no timer in its INVITE, never refreshes, tells by P-Asserted-Identity whom one talks to.

import type { System } from "./peer.js";

const ALLOW =
  "OPTIONS, REGISTER, SUBSCRIBE, NOTIFY, PUBLISH, INVITE, ACK, BYE, CANCEL, UPDATE, PRACK, INFO, MESSAGE, REFER";

export const asteriskLike: System = {
  name: "asterisk-like",
  config: "account.1.session_timer.enable = 1\naccount.1.cid_source = 2",
  allow: ALLOW,
  invite: { Allow: ALLOW, Supported: "100rel, timer, replaces, norefersub, histinfo" },
  accepts: { Allow: ALLOW, Supported: "100rel, timer, replaces, norefersub" },
  refreshes: "never",
  refreshesAfter: 0,
  refresh: {},
  answers: {},
};
