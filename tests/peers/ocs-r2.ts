// Communicator 2007 R2 as remote control: UPDATE every 25 minutes, five sixths of the interval (RCC-07).

import { type System, without } from "./peer.js";

export const ocsR2: System = {
  name: "ocs-r2",
  config: "account.1.session_timer.enable = 1",
  allow: null,
  invite: { "Session-Expires": "1800;refresher=uac", Supported: "timer" },
  accepts: { "Session-Expires": "1800;refresher=uas", Require: "timer" },
  refreshes: "UPDATE",
  refreshesAfter: 1500,
  refresh: { "Session-Expires": "1800;refresher=uac", Supported: "timer" },
  answers: {},
  costume: {
    config: "account.1.session_timer.refresh_method = 0\naccount.1.session_timer.expires = 300",
    others: ["account.1.session_timer.expires = 180"],
    says: [without(/./, "Allow"), { of: /./, find: /^Session-Expires: 300/m, put: "Session-Expires: 180" }],
    // To it the interval is 300 s, half of which are 5/6 of the 180 s that all others have.
    hears: [{ of: /./, find: /^Session-Expires: 180/m, put: "Session-Expires: 300" }],
    demands: [],
    countsVersions: false,
  },
};
