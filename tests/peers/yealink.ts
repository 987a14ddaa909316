// A Yealink phone: its UPDATE has no Allow, no Min-SE, no body (YL-02); refreshes at half of the interval (YL-03).

import type { System } from "./peer.js";

const ALLOW =
  "INVITE, INFO, PRACK, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REGISTER, SUBSCRIBE, REFER, PUBLISH, UPDATE, MESSAGE";

export const yealink: System = {
  name: "yealink",
  config: "account.1.session_timer.enable = 1",
  allow: ALLOW,
  invite: { Allow: ALLOW, "Session-Expires": "1800;refresher=uac", Supported: "timer" },
  accepts: { Allow: ALLOW, "Session-Expires": "1800;refresher=uas", Require: "timer" },
  refreshes: "UPDATE",
  refreshesAfter: 900,
  refresh: { "Session-Expires": "1800;refresher=uac", Supported: "timer" },
  answers: {},
};
