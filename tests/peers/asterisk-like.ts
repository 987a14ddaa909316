// A server as Asterisk is: no timer in its INVITE, never refreshes, tells by P-Asserted-Identity whom one talks to, and
// counts the version of its o= line up with every request, whether anything changed or not.

import { allowing, type System, withLine } from "./peer.js";

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
  costume: {
    config: "account.1.session_timer.enable = 0",
    others: [""],
    says: [
      allowing(ALLOW),
      { of: /./, find: /^User-Agent: .*$/m, put: "Server: Asterisk PBX 18" },
      withLine(/^(INVITE|UPDATE|180 INVITE|200 INVITE)/, 'P-Asserted-Identity: "Bob" <sip:bob@192.0.2.2>'),
    ],
    hears: [],
    demands: [],
    countsVersions: true,
  },
};
