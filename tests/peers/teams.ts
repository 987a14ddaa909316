// Teams Direct Routing: no UPDATE, PRACK, INFO or REFER (TDR-30); a long Contact (TDR-22); offers a timer (TDR-29).

import { allowing, type Edit, type System } from "./peer.js";

const ALLOW = "INVITE,ACK,OPTIONS,CANCEL,BYE,NOTIFY";
const CONTACT =
  "<sip:api-du-a-euwe.pstnhub.microsoft.com:443;x-i=6ba9a9b2-0c4f;x-c=2d3c/s/1/5f7a;maddr=192.0.2.20>";

/** The same parameters on a URI that leads to the phone in the costume. */
const PARAMETERS = ";x-i=6ba9a9b2-0c4f;x-c=2d3c/s/1/5f7a";

const inCapitals = (name: string): Edit => ({
  of: /./,
  find: new RegExp(`^${name}:`, "gm"),
  put: `${name.toUpperCase()}:`,
});

export const teams: System = {
  name: "teams",
  config: "account.1.session_timer.enable = 1\naccount.1.enable_user_equal_phone = 1",
  allow: ALLOW,
  invite: { Allow: ALLOW, Contact: CONTACT, "Session-Expires": "1800;refresher=uac", Supported: "timer" },
  accepts: { Allow: ALLOW, Contact: CONTACT, "Session-Expires": "1800;refresher=uas", Require: "timer" },
  refreshes: "INVITE",
  refreshesAfter: 900,
  refresh: { Allow: ALLOW, Contact: CONTACT, "Session-Expires": "1800;refresher=uac", Supported: "timer" },
  answers: { UPDATE: 405, PRACK: 405, INFO: 405, REFER: 405 },
  costume: {
    config:
      "account.1.session_timer.allow_update = 0\naccount.1.refer.enable = 0\naccount.1.100rel_enable = 0",
    others: [""],
    says: [
      allowing(ALLOW),
      ...["From", "CSeq", "Refer-To", "Referred-By"].map(inCapitals),
      { of: /./, find: /^Contact: <sip:[^@>]*@([^;>]*)/m, put: `Contact: <sip:$1${PARAMETERS}` },
    ],
    // Its own URI has no user.
    hears: [{ of: /^[A-Z]/, find: /^(\S+ sip:)(?=192\.0\.2\.2[:;])/, put: "$1bob@" }],
    demands: [
      {
        id: "TDR-22",
        of: /^(BYE|INVITE|NOTIFY) inside/,
        has: /^\S+ sip:192\.0\.2\.2(:\d+)?;x-i=6ba9a9b2-0c4f;x-c=2d3c\/s\/1\/5f7a SIP/,
      },
    ],
    countsVersions: false,
  },
};
