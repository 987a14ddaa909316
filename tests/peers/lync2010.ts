// Lync 2010's mediation server: refreshes by UPDATE (LY-11), private parameters in Via and From (LY-01, LY-02).

import type { System } from "./peer.js";

const ALLOW = "INVITE,ACK,CANCEL,BYE,UPDATE,PRACK,OPTIONS,NOTIFY";

export const lync2010: System = {
  name: "lync2010",
  config: "account.1.session_timer.enable = 1",
  allow: ALLOW,
  invite: {
    Allow: ALLOW,
    From: "<sip:bob@192.0.2.20;user=phone>;epid=1a2b3c;tag=peertag",
    "Session-Expires": "1800",
    "Min-SE": "90",
    Supported: "timer",
  },
  accepts: { Allow: ALLOW, "Session-Expires": "1800;refresher=uas", Require: "timer" },
  refreshes: "UPDATE",
  refreshesAfter: 900,
  refresh: { "Session-Expires": "1800;refresher=uac", Supported: "timer" },
  answers: {},
};
