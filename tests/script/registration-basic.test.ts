// REGISTER and what comes back (RFC 3261 §10.2): its rows, the binding found in the answer, the refresh, the end.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "../../host/node/abi.js";
import { grants, registered, registers, SERVER } from "../support/registrar.js";

test("RFC 3261 §10.2 the rows of REGISTER", () => {
  const { peer } = registers({ config: "account.1.sip_server.1.expires = 600" });
  const request = peer.expects("REGISTER");
  assert.equal(request.uri, "sip:192.0.2.20");
  assert.equal(request.header("To"), '"Alice" <sip:alice@192.0.2.20>');
  assert.equal(request.header("From").replace(/;tag=\w+$/, ""), request.header("To"));
  assert.match(request.header("Via"), /^SIP\/2\.0\/UDP 192\.0\.2\.10:5060;rport;branch=z9hG4bK/);
  assert.deepEqual(request.headers("Contact"), ["<sip:alice@192.0.2.10:5060>"]);
  assert.equal(request.header("Expires"), "600");
  assert.equal(request.header("Supported"), "path");
  assert.equal(request.header("CSeq"), "1 REGISTER");
  assert.deepEqual(request.address, { address: "192.0.2.20", port: 5060 });
});

test("a port that is not the usual one stands in the Request-URI", () => {
  const { peer } = registers({ config: "account.1.sip_server.1.port = 5070" });
  const request = peer.expects("REGISTER");
  assert.equal(request.uri, "sip:192.0.2.20:5070");
  assert.equal(request.address.port, 5070);
});

test("a 2xx: account.registered, once; the refresh says nothing", () => {
  const { phone, peer } = registered();
  const { fields } = phone.event("account.registered");
  assert.deepEqual(fields, {
    account: 1,
    server: 1,
    address: "192.0.2.20",
    port: 5060,
    transport: "UDP",
    contact: "sip:alice@192.0.2.10:5060",
    expires: 3600,
  });
  grants(peer, peer.awaits("REGISTER", 3_600_000));
  phone.saysNothing();
});

test("RFC 3261 §10.2 one Call-ID and a CSeq that grows, for the phone's life", () => {
  const { peer, first, phone, runTo } = registered({ expires: 60 });
  let last = first;
  for (let round = 0; round < 5; round++) {
    const again = peer.awaits("REGISTER", 10_000_000);
    assert.equal(again.header("Call-ID"), first.header("Call-ID"));
    assert.equal(again.header("From"), first.header("From"));
    assert.equal(again.cseq, last.cseq + 1);
    grants(peer, again, 60);
    last = again;
  }
  phone.unregisters();
  const gone = peer.expects("REGISTER");
  assert.equal(gone.header("Call-ID"), first.header("Call-ID"));
  peer.replies(gone, 200);
  runTo(20_000_000);
  phone.registers();
  const back = peer.expects("REGISTER");
  assert.equal(back.header("Call-ID"), first.header("Call-ID"));
  assert.equal(back.cseq, gone.cseq + 1);
});

// ---- for how long ----

/** Seconds from the 2xx to the refresh. */
function refreshAfter(expires: number, config = "", seed = 1): number {
  const { peer } = registered({ expires, config, seed });
  return peer.awaits("REGISTER", 100_000_000).atMs / 1000;
}

test("register_expires_overlap: that many seconds before the end, exactly", () => {
  assert.equal(refreshAfter(120, "account.1.register_expires_overlap = 30"), 90);
  assert.equal(refreshAfter(3600, "account.1.register_expires_overlap = 600"), 3000);
});

test("an overlap that is longer than the binding: our own rule", () => {
  const seconds = refreshAfter(60, "account.1.register_expires_overlap = 60");
  assert.ok(seconds >= 27 && seconds <= 30, `${seconds}`);
});

test("register_expires_overlap = -1: half of a short one, 60 s or 5 % before the end of a longer one, a tenth earlier at most", () => {
  const latest: [number, number][] = [
    [30, 15],
    [60, 30],
    [120, 60],
    [600, 540],
    [3600, 3420],
    [86_400, 82_080],
  ];
  for (const [granted, most] of latest) {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => refreshAfter(granted, "", seed));
    for (const wait of waits)
      assert.ok(wait <= most && wait >= most * 0.9 - 0.001, `${granted}: refreshed after ${wait}`);
    assert.ok(new Set(waits).size > 4, `phones of ${granted} s stay together: ${waits.join(" ")}`);
  }
});

test("a registrar that grants a second is asked every five", () => {
  assert.equal(refreshAfter(1), 5);
});

test("RFC 3261 §10.2.8 423: asked once more with Min-Expires, which counts from then on", () => {
  const { phone, peer } = registers({ config: "account.1.sip_server.1.expires = 60" });
  const first = peer.expects("REGISTER");
  assert.equal(first.header("Expires"), "60");
  peer.replies(first, 423, { headers: { "Min-Expires": "1800" } });
  const second = peer.expects("REGISTER");
  assert.equal(second.header("Expires"), "1800");
  grants(peer, second, 1800);
  phone.event("account.registered");
  assert.equal(peer.awaits("REGISTER", 10_000_000).header("Expires"), "1800");
});

test("423 without a Min-Expires that helps: failed, not asked for ever", () => {
  for (const least of ["60", "30", "99999999", "words"]) {
    const { phone, peer } = registers({ config: "account.1.sip_server.1.expires = 60" });
    peer.replies(peer.expects("REGISTER"), 423, { headers: { "Min-Expires": least } });
    peer.expectsNothing();
    assert.equal(phone.event("account.failed").fields["rule"], "RFC3261-10.2.8-interval");
  }
});

test("a Min-Expires that grows with each 423 is followed three times", () => {
  const { phone, peer } = registers();
  for (let round = 1; round <= 4; round++)
    peer.replies(peer.expects("REGISTER"), 423, { headers: { "Min-Expires": `${4000 + round}` } });
  peer.expectsNothing();
  phone.event("account.failed");
});

// ---- which binding is ours ----

const ours = "<sip:alice@192.0.2.10:5060>";

test("our binding among several: by URI, in any order, on one row or many", () => {
  for (const contact of [
    [`<sip:alice@198.51.100.1>;expires=3000, ${ours};expires=90`],
    [`${ours};expires=90`, "<sip:alice@198.51.100.1>;expires=3000"],
    ["<sip:alice@198.51.100.1>;expires=3000", '"A, B" <sip:%61lice@192.0.2.10:5060>;q=0.5;expires=90'],
  ]) {
    const { phone } = registered({ headers: { Contact: contact, Expires: "1000" } });
    assert.equal(phone.event("account.registered").fields["expires"], 90, contact.join());
  }
});

test("expires: of our row, else of Expires, else what was asked for", () => {
  const cases: [Record<string, string>, number][] = [
    [{ Contact: `${ours};expires=90`, Expires: "1000" }, 90],
    [{ Contact: ours, Expires: "1000" }, 1000],
    [{ Contact: ours }, 3600],
    [{}, 3600],
    [{ Contact: "<sip:alice@203.0.113.7:1024>;expires=120" }, 120],
    [{ Contact: "<sip:a@203.0.113.7>;expires=120, <sip:b@203.0.113.8>;expires=130", Expires: "140" }, 140],
  ];
  for (const [headers, expires] of cases) {
    const { phone } = registered({ headers: { Contact: null, Expires: null, ...headers } });
    assert.equal(phone.event("account.registered").fields["expires"], expires, JSON.stringify(headers));
  }
});

test("a 2xx that lists our binding as gone: failed", () => {
  const { phone, peer } = registered({ headers: { Contact: `${ours};expires=0` } });
  assert.equal(phone.event("account.failed").fields["rule"], "RFC3261-10.2.4-no-binding");
  peer.expectsNothing();
});

// ---- the end ----

test("sip_unregister: Contact with expires=0, account.unregistered with the answer, and no REGISTER any more", () => {
  const { phone, peer, runTo } = registered();
  phone.event("account.registered");
  phone.unregisters();
  const request = peer.expects("REGISTER");
  assert.equal(request.header("Contact"), `${ours};expires=0`);
  assert.equal(request.header("Expires"), "0");
  phone.saysNothing();
  peer.replies(request, 200);
  assert.deepEqual(phone.event("account.unregistered").fields, { account: 1, server: 1 });
  runTo(100_000_000);
  peer.expectsNothing();
});

test("sip_unregister while nothing is registered yet: at once, and a late 2xx changes nothing", () => {
  const { phone, peer, runTo } = registers();
  const request = peer.expects("REGISTER");
  phone.unregisters();
  phone.event("account.unregistered");
  grants(peer, request);
  phone.saysNothing();
  runTo(100_000_000);
  peer.expectsNothing();
});

test("sip_register: the binding that there is is renewed at once; an account that was off is registered", () => {
  const { phone, peer } = registered();
  phone.event("account.registered");
  phone.registers();
  grants(peer, peer.expects("REGISTER"));
  phone.saysNothing();
  phone.unregisters();
  peer.replies(peer.expects("REGISTER"), 200);
  phone.event("account.unregistered");
  phone.registers();
  grants(peer, peer.expects("REGISTER"));
  phone.event("account.registered");
});

test("commands for an account that is not there, or has no server", () => {
  const { phone } = registered();
  phone.refuses(Status.NoSuchThing, (module, now) => module.register(2, now));
  phone.refuses(Status.NoSuchThing, (module, now) => module.unregister(17, now));
  phone.sets("account.2.enable", "1");
  phone.refuses(Status.NoSuchThing, (module, now) => module.register(2, now));
});

test("stop: unregisters, and phone.stopped comes with the answer", () => {
  const { phone, peer } = registered();
  phone.event("account.registered");
  phone.stops();
  const request = peer.expects("REGISTER");
  assert.equal(request.header("Contact"), `${ours};expires=0`);
  phone.saysNothing("phone.stopped");
  peer.replies(request, 200);
  phone.event("account.unregistered");
  phone.event("phone.stopped");
  phone.refuses(Status.WrongState, (module, now) => module.register(0, now));
});

test("stop, and the server is silent: phone.stopped after two seconds", () => {
  const { phone, peer, runTo } = registered();
  phone.stops();
  runTo(1_999);
  phone.saysNothing("phone.stopped");
  assert.equal(peer.takesAll("REGISTER").length, 3);
  runTo(2_000);
  phone.event("phone.stopped");
  runTo(100_000);
  peer.expectsNothing();
});

test("stop with an account that waits to be tried again: phone.stopped at once", () => {
  const { phone, peer } = registers();
  peer.replies(peer.expects("REGISTER"), 403);
  phone.stops();
  phone.event("phone.stopped");
  peer.expectsNothing();
});

test("a challenge to the REGISTER that removes the binding is answered", () => {
  const { phone, peer } = registered({ config: "account.1.password = secret" });
  phone.stops();
  peer.replies(peer.expects("REGISTER"), 401, {
    headers: { "WWW-Authenticate": 'Digest realm="r", nonce="n"' },
  });
  const request = peer.expects("REGISTER");
  assert.match(request.header("Authorization"), /^Digest /);
  peer.replies(request, 200);
  phone.event("phone.stopped");
});

// ---- settings at run time ----

test("account.X.enable: registers and unregisters at run time", () => {
  const { phone, peer } = registered();
  phone.event("account.registered");
  phone.sets("account.2.user_name", "carol");
  phone.sets("account.2.sip_server.1.address", SERVER);
  phone.sets("account.2.register.enable", "1");
  peer.expectsNothing();
  phone.sets("account.2.enable", "1");
  const request = peer.expects("REGISTER");
  assert.equal(request.header("To"), "<sip:carol@192.0.2.20>");
  grants(peer, request);
  assert.equal(phone.event("account.registered").fields["account"], 2);
  phone.sets("account.2.enable", "0");
  const gone = peer.expects("REGISTER");
  assert.equal(gone.header("Expires"), "0");
  peer.replies(gone, 200);
  assert.equal(phone.event("account.unregistered").fields["account"], 2);
});

test("a changed password: tried again when the settings have come to rest", () => {
  const { phone, peer, runTo } = registers({ config: "account.1.password = wrong" });
  const challenge = { headers: { "WWW-Authenticate": 'Digest realm="r", nonce="n"' } };
  peer.replies(peer.expects("REGISTER"), 401, challenge);
  peer.replies(peer.expects("REGISTER"), 401, challenge);
  phone.event("account.failed");
  phone.sets("account.1.auth_name", "alice");
  phone.sets("account.1.password", "right");
  peer.expectsNothing();
  runTo(500);
  peer.replies(peer.expects("REGISTER"), 401, challenge);
  grants(peer, peer.expects("REGISTER"));
  phone.event("account.registered");
});

test("accounts are independent: one is refused, the other is registered", () => {
  const { phone, peer } = registers({
    config: `account.2.enable = 1\naccount.2.user_name = carol\naccount.2.sip_server.1.address = ${SERVER}`,
  });
  const [first, second] = peer.takesAll("REGISTER");
  assert.ok(first && second);
  assert.notEqual(first.header("Call-ID"), second.header("Call-ID"));
  peer.replies(first, 403);
  grants(peer, second);
  assert.equal(phone.event("account.failed").fields["account"], 1);
  assert.equal(phone.event("account.registered").fields["account"], 2);
});

test("account.X.register.enable = 0: a trunk that does not register", () => {
  const { peer, phone, runTo } = registers({ config: "account.1.register.enable = 0" });
  runTo(100_000);
  peer.expectsNothing();
  phone.dials("2002");
  assert.equal(peer.expects("INVITE").address.address, SERVER);
});
