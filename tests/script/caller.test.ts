// Who calls and who was reached: From, P-Asserted-Identity, P-Preferred-Identity, Remote-Party-ID, Privacy.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, type Headers } from "../support/scripted-peer.js";

const SERVER = "account.1.sip_server.1.address = 192.0.2.20";
const FROM = '"From" <sip:from@example.com>;tag=peertag';
const PAI = '"Asserted" <sip:pai@example.com>';
const PPI = '"Preferred" <sip:ppi@example.com>';
const RPID = '"Remote" <sip:rpid@example.com>;party=calling;screen=yes';
const ALL: Headers = {
  From: FROM,
  "P-Asserted-Identity": PAI,
  "P-Preferred-Identity": PPI,
  "Remote-Party-ID": RPID,
};
const ANONYMOUS = "sip:anonymous@anonymous.invalid";

function without(...names: string[]): Headers {
  return Object.fromEntries(Object.entries(ALL).filter(([name]) => !names.includes(name)));
}

/** Who it is that calls, as the phone says. */
function caller(config: string, headers: Headers): string {
  const { phone, peer } = connect({ config: `${SERVER}\n${config}` });
  peer.invites({ headers });
  return String(phone.event("call.incoming").fields["from"]);
}

const [P, R, Q] = ["P-Asserted-Identity", "Remote-Party-ID", "P-Preferred-Identity"];
const from = (name: string): string => `sip:${name}@example.com`;

for (const [source, rows] of [
  [0, [[[], "from"]]],
  [1, [[[], "pai"]]],
  [
    2,
    [
      [[], "pai"],
      [[P], "from"],
    ],
  ],
  [
    3,
    [
      [[], "rpid"],
      [[R], "pai"],
      [[R, P], "from"],
    ],
  ],
  [
    4,
    [
      [[], "pai"],
      [[P], "rpid"],
      [[R, P], "from"],
    ],
  ],
  [
    5,
    [
      [[], "rpid"],
      [[R], "from"],
    ],
  ],
  [
    6,
    [
      [[], "ppi"],
      [[Q], "pai"],
      [[Q, P], "rpid"],
      [[Q, P, R], "from"],
    ],
  ],
] as [number, [string[], string][]][]) {
  test(`account.X.cid_source = ${source}, in the documented order`, () => {
    for (const [missing, expected] of rows) {
      assert.equal(caller(`account.1.cid_source = ${source}`, without(...missing)), from(expected));
    }
  });
}

test("account.X.cid_source = 1 without P-Asserted-Identity: anonymous", () => {
  assert.equal(caller("account.1.cid_source = 1", without("P-Asserted-Identity")), ANONYMOUS);
});

test("sip.cid_source.preference orders account.X.cid_source = 6; words that are no header are passed over", () => {
  const config = "account.1.cid_source = 6\nsip.cid_source.preference =";
  assert.equal(caller(`${config} Remote-Party-ID, From`, ALL), from("rpid"));
  assert.equal(caller(`${config} nothing,, from, P-Asserted-Identity`, ALL), from("from"));
  assert.equal(caller(`${config} P-Asserted-Identity`, without("P-Asserted-Identity")), ANONYMOUS);
});

test("account.X.cid_source_ppi: P-Preferred-Identity first, before Privacy too", () => {
  assert.equal(caller("account.1.cid_source_ppi = 1", { ...ALL, Privacy: "id" }), from("ppi"));
  assert.equal(caller("account.1.cid_source_ppi = 1", without(Q)), from("from"));
});

test("Privacy: id or user hides the caller, unless account.X.cid_source_privacy = 0", () => {
  for (const privacy of ["id", "ID;critical", "header; id", "user"]) {
    assert.equal(caller("account.1.cid_source = 2", { ...ALL, Privacy: privacy }), ANONYMOUS);
  }
  assert.equal(caller("account.1.cid_source = 2", { ...ALL, Privacy: "none" }), from("pai"));
  assert.equal(caller("account.1.cid_source = 2", { ...ALL, Privacy: "history" }), from("pai"));
  const open = "account.1.cid_source = 2\naccount.1.cid_source_privacy = 0";
  assert.equal(caller(open, { ...ALL, Privacy: "id" }), from("pai"));
  assert.equal(caller("account.1.cid_source = 5", { ...ALL, [R]: `${RPID};privacy=full` }), ANONYMOUS);
});

test("RFC 3325 §6 what a stranger asserts is not believed", () => {
  const { phone, peer } = connect({ config: `${SERVER}\naccount.1.cid_source = 3` });
  peer.invites({ headers: ALL, from: { address: "192.0.2.66", port: 5060 } });
  assert.equal(phone.event("call.incoming").fields["from"], from("from"));
});

test("an identity that can't be read is passed over; of two the first counts", () => {
  const config = "account.1.cid_source = 2";
  assert.equal(caller(config, { ...ALL, [P]: '"broken <sip:x' }), from("from"));
  assert.equal(
    caller(config, { ...ALL, [P]: "<sip:one@example.com>, <tel:+4930123>" }),
    "sip:one@example.com",
  );
  assert.equal(caller(config, { ...ALL, [P]: "<tel:+4930123>" }), "tel:+4930123");
});

test("account.X.reject_anonymous_call: 433, or features.anonymous_response_code (RFC 5079)", () => {
  for (const [headers, config, status] of [
    [{ From: `"Anonymous" <${ANONYMOUS}>;tag=peertag` }, "", 433],
    [{ ...ALL, Privacy: "id" }, "", 433],
    [{ ...ALL, Privacy: "id" }, "\nfeatures.anonymous_response_code = 403", 403],
  ] as const) {
    const { phone, peer } = connect({ config: `account.1.reject_anonymous_call = 1${config}` });
    peer.invites({ headers });
    assert.equal(
      peer.expects(status).startLine.includes(status === 433 ? "Anonymity Disallowed" : "Forbidden"),
      true,
    );
    assert.equal(phone.event("call.refused").fields["reason"], "anonymous");
    const open = connect();
    open.peer.invites({ headers });
    open.peer.expects(180);
  }
  const { peer } = connect({ config: "account.1.reject_anonymous_call = 1" });
  peer.invites();
  peer.expects(180);
});
