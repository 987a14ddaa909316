// Communicator 2007 R2 as remote control: UPDATE every 25 minutes, five sixths of the interval (RCC-07).

import type { System } from "./peer.js";

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
};
