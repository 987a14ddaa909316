// A Yealink phone: its UPDATE has no Allow, no Min-SE, no body (YL-02); refreshes at half of the interval (YL-03);
// says Session-Expires in a 200 even if nobody has asked (YL-05).

import { allowing, type System, without } from "./peer.js";

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
  costume: {
    config: "account.1.session_timer.refresh_method = 0",
    others: ["", "account.1.session_timer.enable = 0"],
    says: [
      allowing(ALLOW),
      without(/^UPDATE/, "Allow"),
      // In its 200 also where nobody has asked for it.
      {
        of: /^200 INVITE/,
        find: /(?<![^])(?![^]*\r\nSession-Expires:)([^]*?)\r\nContent-Length:/,
        put: "$1\r\nSession-Expires: 90;refresher=uac\r\nContent-Length:",
      },
    ],
    hears: [],
    demands: [],
    countsVersions: false,
  },
};
