// Lync 2010's mediation server: refreshes by UPDATE (LY-11), private parameters in Via and From (LY-01, LY-02). In
// a costume it also forgets the Contact in its 200 to UPDATE, as an endpoint of its family does.

import { allowing, type System, without } from "./peer.js";

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
  costume: {
    config: "account.1.session_timer.refresh_method = 0",
    others: [""],
    says: [
      allowing(ALLOW),
      { of: /^[A-Z]/, find: /^(From: (?!.*epid).*);tag=/m, put: "$1;epid=1a2b3c;tag=" },
      { of: /^[A-Z]/, find: /^(Via: .*)$/m, put: "$1;ms-received-port=5060;ms-received-cid=1A00" },
      // What its own endpoints are known to forget (KB 2735323).
      without(/^200 UPDATE/, "Contact"),
    ],
    hears: [],
    // It does not route an answer that lacks any of them.
    demands: [
      { id: "LY-01", of: /^2.. /, has: /^Via: .*;ms-received-cid=1A00/m },
      { id: "LY-02", of: /^2.. /, has: /^From: .*;epid=1a2b3c;tag=/m },
      { id: "LY-03", of: /^200 (INVITE|UPDATE)/, has: /^Contact: <sip:/m },
      { id: "LY-07", of: /^200 (INVITE|UPDATE)/, has: /^Allow: .*\bUPDATE\b/m },
      { id: "LY-07", of: /^200 (INVITE|UPDATE)/, has: /^Supported: .*\btimer\b/m },
      { id: "LY-08", of: /^200 UPDATE/, has: /^Content-Length: \d/m },
    ],
    countsVersions: false,
  },
};
