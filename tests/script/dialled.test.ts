// What people dial, and what leaves: numbers and names at the account's server, service codes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "../../host/node/abi.js";
import { registered } from "../support/registrar.js";
import { connect } from "../support/scripted-peer.js";

const QUIET = "account.1.nat.udp_update_enable = 0";

for (const [dialled, uri] of [
  ["2002", "sip:2002@192.0.2.20"],
  ["*72#2002", "sip:*72%232002@192.0.2.20"],
  ["#31#", "sip:%2331%23@192.0.2.20"],
  ["*72%232002", "sip:*72%232002@192.0.2.20"],
  ["jürgen", "sip:j%C3%BCrgen@192.0.2.20"],
  ["carol@example.org", "sip:carol@example.org"],
  ["sip:*72%23@example.org", "sip:*72%23@example.org"],
] as const) {
  test(`RFC 3261 §25.1 "${dialled}" is ${uri}`, () => {
    const { phone, peer } = registered({ config: `${QUIET}\naccount.1.sip_server.1.address = 192.0.2.20` });
    phone.dials(dialled);
    const invite = peer.expects("INVITE");
    assert.equal(invite.uri, uri);
    assert.match(invite.header("To"), new RegExp(`<${uri.replaceAll("*", "\\*")}>`));
  });
}

test("sip.use_23_as_pound = 0: # leaves as it was dialled", () => {
  const { phone, peer } = registered({ config: `${QUIET}\nsip.use_23_as_pound = 0` });
  phone.dials("*72#2002");
  assert.equal(peer.expects("INVITE").uri, "sip:*72#2002@192.0.2.20");
});

test("a blank, quotes or brackets are no number", () => {
  const { phone } = registered({ config: QUIET });
  for (const dialled of ["20 02", '"2002"', "<2002>", "20\t02"]) {
    phone.refuses(Status.BadArgument, (m, now) => m.dial(0, dialled, now));
  }
});

test("RFC 3261 §25.1 a number needs a server: no host has digits alone", () => {
  const { phone, peer } = connect();
  for (const dialled of ["2002", "sip:2002", "sip:alice@2002"]) {
    phone.refuses(Status.BadArgument, (m, now) => m.dial(0, dialled, now));
  }
  phone.dials("192.0.2.20");
  assert.equal(peer.expects("INVITE").uri, "sip:192.0.2.20");
});
