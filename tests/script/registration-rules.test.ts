// When a registration fails, moves, and comes back: refusals and their waits, failover and fail back, lost flows.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bindingOf, grants, registered, registers, SERVER } from "../support/registrar.js";
import { type Connected, type Headers, PEER, sdp } from "../support/scripted-peer.js";

const SECOND = "192.0.2.30";
const PASSWORD = "account.1.password = secret";
const challenge = (nonce: string, more = ""): { headers: Headers } => ({
  headers: { "WWW-Authenticate": `Digest realm="r", nonce="${nonce}", qop="auth"${more}` },
});

/** Seconds from now to the next REGISTER. */
function waitOf({ peer, wire }: Connected, most = 100_000): number {
  const from = wire.now;
  return (peer.awaits("REGISTER", from + most * 1000).atMs - from) / 1000;
}

function failureOf({ phone }: Connected): [unknown, unknown] {
  const { fields } = phone.event("account.failed");
  return [fields["status"], fields["rule"]];
}

// ---- passwords ----

test("a challenge is answered, and the next REGISTER needs no second try", () => {
  const all = registers({ config: PASSWORD });
  all.peer.replies(all.peer.expects("REGISTER"), 401, challenge("one"));
  const answered = all.peer.expects("REGISTER");
  assert.match(answered.header("Authorization"), /username="alice".*uri="sip:192\.0\.2\.20".*nc=00000001/);
  grants(all.peer, answered);
  const refresh = all.peer.awaits("REGISTER", 3_600_000);
  assert.match(refresh.header("Authorization"), /nonce="one".*nc=00000002/);
});

test("a stale nonce: one more try; stale for ever: given up", () => {
  const all = registers({ config: PASSWORD });
  all.peer.replies(all.peer.expects("REGISTER"), 401, challenge("one"));
  all.peer.replies(all.peer.expects("REGISTER"), 401, challenge("two", ", stale=true"));
  assert.match(all.peer.expects("REGISTER").header("Authorization"), /nonce="two"/);
  const forever = registers({ config: PASSWORD });
  let sent = 0;
  for (let round = 0; round < 10; round++) {
    const [request] = forever.peer.takesAll("REGISTER");
    if (!request) break;
    sent++;
    forever.peer.replies(request, 401, challenge(`n${round}`, ", stale=true"));
  }
  assert.equal(sent, 3);
  assert.deepEqual(failureOf(forever), [401, "RFC3261-22-credentials"]);
});

test("a wrong password: one event, and slow tries that become slower, no storm", () => {
  const all = registers({ config: PASSWORD });
  const tries: number[] = [];
  for (let round = 0; round < 8; round++) {
    all.peer.replies(all.peer.expects("REGISTER"), 401, challenge(`a${round}`));
    all.peer.replies(all.peer.expects("REGISTER"), 401, challenge(`b${round}`));
    all.peer.expectsNothing();
    tries.push(waitOf(all));
    all.wire.waiting.unshift(all.wire.all.at(-1)!);
  }
  assert.deepEqual(failureOf(all), [401, "RFC3261-22-credentials"]);
  all.phone.saysNothing();
  tries.forEach((wait, round) => {
    const upper = Math.min(3600, 300 * 2 ** round);
    assert.ok(wait >= upper / 2 && wait <= upper, `wait ${round}: ${wait} s`);
  });
});

test("401 without a password: its own rule", () => {
  const all = registers();
  all.peer.replies(all.peer.expects("REGISTER"), 401, challenge("one"));
  assert.deepEqual(failureOf(all), [401, "RFC3261-22-no-credentials"]);
  assert.ok(waitOf(all) >= 150);
});

// ---- refusals and their waits ----

test("403, 404 and others each have a rule and words", () => {
  const rules: [number, string][] = [
    [403, "RFC3261-10.3-forbidden"],
    [404, "RFC3261-10.3-unknown"],
    [400, "RFC3261-10.2-refused"],
    [500, "RFC3261-21.5-server"],
    [603, "RFC3261-10.2-refused"],
  ];
  for (const [status, rule] of rules) {
    const all = registers();
    all.peer.replies(all.peer.expects("REGISTER"), status, { reason: "Because" });
    const { fields } = all.phone.event("account.failed");
    assert.deepEqual([fields["status"], fields["rule"], fields["reason"]], [status, rule, "Because"]);
    const wait = waitOf(all);
    assert.equal(fields["retry"], Math.ceil(wait));
    assert.ok(status === 403 || status === 404 ? wait >= 150 : wait === 30, `${status}: ${wait}`);
  }
});

test("silence: 64*T1, then reg_fail_retry_interval, exactly and for ever", () => {
  const all = registers({ config: "account.1.reg_fail_retry_interval = 45" });
  all.peer.takesAll();
  for (let round = 0; round < 4; round++) {
    all.runTo(all.wire.now + 32_000);
    all.peer.takesAll("REGISTER");
    assert.equal(waitOf(all), 45);
  }
  assert.deepEqual(failureOf(all), [408, "RFC3261-17.1.2-timeout"]);
  all.phone.saysNothing("account.failed");
});

test("RFC 5626 §4.5 reg_failed_retry_min_time and max_time: 50 to 100 % of min(max, min * 2^n)", () => {
  const config = "account.1.reg_failed_retry_min_time = 30\naccount.1.reg_failed_retry_max_time = 300";
  const firsts = new Set<number>();
  for (let seed = 1; seed <= 6; seed++) {
    const all = registers({ config, seed });
    for (let failures = 1; failures <= 6; failures++) {
      all.peer.replies(all.peer.expects("REGISTER"), 500);
      const wait = waitOf(all);
      const upper = Math.min(300, 30 * 2 ** failures);
      assert.ok(wait >= upper / 2 && wait <= upper, `${failures}: ${wait}`);
      if (failures === 1) firsts.add(wait);
      all.wire.waiting.unshift(all.wire.all.at(-1)!);
    }
    grants(all.peer, all.peer.expects("REGISTER"));
    all.phone.event("account.registered");
  }
  assert.ok(firsts.size > 3);
});

test("Retry-After: not sooner, and not much later", () => {
  for (let seed = 1; seed <= 6; seed++) {
    const all = registers({ seed });
    all.peer.replies(all.peer.expects("REGISTER"), 503, { headers: { "Retry-After": "600 (busy)" } });
    const wait = waitOf(all);
    assert.ok(wait > 600 && wait <= 661, `${wait}`);
  }
});

test("after a failure a 2xx: account.registered again, and the count of failures begins anew", () => {
  const all = registered();
  all.phone.event("account.registered");
  all.peer.replies(all.peer.awaits("REGISTER", 3_600_000), 500);
  all.phone.event("account.failed");
  waitOf(all);
  grants(all.peer, all.wire.all.at(-1)!);
  all.phone.event("account.registered");
});

test("sip.reg_surge_prevention: a wait drawn at the start", () => {
  const waits = [1, 2, 3, 4, 5, 6].map((seed) => {
    const all = registers({ config: "sip.reg_surge_prevention = 60", seed });
    all.peer.expectsNothing();
    return waitOf(all);
  });
  assert.ok(
    waits.every((wait) => wait > 0 && wait <= 60),
    waits.join(),
  );
  assert.ok(new Set(waits).size === 6);
});

test("unregister_on_reboot: Contact * with Expires 0 first, whatever comes back", () => {
  for (const status of [200, 500]) {
    const all = registers({ config: "account.1.unregister_on_reboot = 1" });
    const clear = all.peer.expects("REGISTER");
    assert.deepEqual([clear.header("Contact"), clear.header("Expires")], ["*", "0"]);
    all.peer.replies(clear, status);
    if (status !== 200) waitOf(all);
    const request = status === 200 ? all.peer.expects("REGISTER") : all.wire.all.at(-1)!;
    assert.equal(request.header("Expires"), "3600");
    grants(all.peer, request);
    assert.equal(all.peer.awaits("REGISTER", 10_000_000).header("Expires"), "3600");
  }
});

test("RFC 3261 §8.1.3.4 a 3xx is followed once", () => {
  const all = registers();
  const moved = { headers: { Contact: `<sip:${SECOND}>;q=0.5, <sip:192.0.2.40>;q=0.1` } };
  all.peer.replies(all.peer.expects("REGISTER"), 302, moved);
  const request = all.peer.expects("REGISTER");
  assert.deepEqual([request.uri, request.address.address], [`sip:${SECOND}`, SECOND]);
  all.peer.replies(request, 302, { headers: { Contact: "<sip:192.0.2.40>" }, from: request.address });
  all.peer.expectsNothing();
  assert.deepEqual(failureOf(all), [302, "RFC3261-8.1.3.4-redirects"]);
  assert.equal(waitOf(all), 30);
  assert.equal(all.wire.all.at(-1)!.address.address, SERVER);
});

// ---- extensions ----

test("RFC 3608 Service-Route: the Route of requests outside of dialogs, in its order, instead of the proxy's", () => {
  const all = registered({
    config: `account.1.outbound_proxy_enable = 1\naccount.1.outbound_proxy.1.address = ${SERVER}`,
    headers: {
      "Service-Route": ["<sip:192.0.2.20;lr>", "<sip:hsp.example.com;lr>, <sip:third.example.com;lr>"],
    },
  });
  assert.deepEqual(all.first.headers("Route"), [`<sip:${SERVER}:5060;lr>`]);
  all.phone.dials("2002");
  assert.deepEqual(all.peer.expects("INVITE").headers("Route"), [
    "<sip:192.0.2.20;lr>",
    "<sip:hsp.example.com;lr>",
    "<sip:third.example.com;lr>",
  ]);
});

const OUTBOUND =
  "account.1.outbound.enable = 1\nringlet.instance_id = urn:uuid:00000000-0000-1000-8000-000A95A0E128";

test("RFC 5626 §4.2 outbound: instance, reg-id, ob; the call's Contact has ob once the registrar requires it", () => {
  const all = registered({ config: OUTBOUND, headers: { Require: "outbound" } });
  assert.equal(
    all.first.header("Contact"),
    '<sip:alice@192.0.2.10:5060;ob>;+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>";reg-id=1',
  );
  assert.equal(all.first.header("Supported"), "path, outbound");
  all.phone.dials("2002");
  assert.equal(all.peer.expects("INVITE").header("Contact"), "<sip:alice@192.0.2.10:5060;ob>");
});

test("RFC 5626 §4.2.1 439: registered without outbound", () => {
  const all = registers({ config: OUTBOUND });
  all.peer.replies(all.peer.expects("REGISTER"), 439);
  const request = all.peer.expects("REGISTER");
  assert.doesNotMatch(request.text, /outbound|reg-id|;ob/);
  grants(all.peer, request);
  all.phone.event("account.registered");
});

test("our binding by +sip.instance and reg-id, whatever the URI has become", () => {
  const instance = '+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"';
  const all = registered({
    config: OUTBOUND,
    headers: {
      Contact: `<sip:x@203.0.113.1>;${instance};reg-id=2;expires=50, <sip:x@203.0.113.2>;${instance};reg-id=1;expires=70`,
    },
  });
  assert.equal(all.phone.event("account.registered").fields["expires"], 70);
});

test("without ringlet.instance_id a UUID of version 4, the same for all accounts and all requests", () => {
  const config = `account.1.instance_id.enable = 1
account.2.instance_id.enable = 1
account.2.enable = 1
account.2.sip_server.1.address = ${SERVER}`;
  const all = registers({ config });
  const [one, two] = all.peer
    .takesAll("REGISTER")
    .map((each) => /instance="<(.*)>"/.exec(each.header("Contact"))?.[1]);
  assert.match(one ?? "", /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(one, two);
});

test("RFC 5627 a GRUU that is granted is the Contact of calls", () => {
  const all = registers({ config: "account.1.gruu.enable = 1" });
  const request = all.peer.expects("REGISTER");
  assert.equal(request.header("Supported"), "path, gruu");
  const row = `<${bindingOf(request)}>;pub-gruu="sip:alice@example.com;gr=urn:uuid:1";expires=90`;
  all.peer.replies(request, 200, { headers: { Contact: row } });
  all.phone.dials("2002");
  assert.equal(all.peer.expects("INVITE").header("Contact"), "<sip:alice@example.com;gr=urn:uuid:1>");
});

test("account.X.path.enable = 0: nothing is supported", () => {
  assert.equal(
    registers({ config: "account.1.path.enable = 0" }).peer.expects("REGISTER").has("Supported"),
    false,
  );
});

// ---- two servers ----

const TWO = `account.1.sip_server.2.address = ${SECOND}`;
const ONE_AFTER_THE_OTHER = `${TWO}\naccount.1.fallback.redundancy_type = 1`;

test("fallback.redundancy_type = 0: registered at both, each with a Call-ID of its own", () => {
  const all = registers({ config: TWO });
  const [one, two] = all.peer.takesAll("REGISTER");
  assert.ok(one && two);
  assert.deepEqual([one.address.address, two.address.address], [SERVER, SECOND]);
  assert.notEqual(one.header("Call-ID"), two.header("Call-ID"));
  grants(all.peer, one);
  grants(all.peer, two);
  assert.deepEqual(
    [1, 2].map(() => all.phone.event("account.registered").fields["server"]),
    [1, 2],
  );
});

test("fallback.redundancy_type = 1: the second when the first is silent for retry_counts, and back after fallback.timeout", () => {
  const all = registers({ config: `${ONE_AFTER_THE_OTHER}\naccount.1.fallback.timeout = 60` });
  const tried = all.peer.expects("REGISTER");
  assert.equal(tried.address.address, SERVER);
  let second = tried;
  while (second.address.address === SERVER) second = all.peer.awaits("REGISTER", 32_000);
  assert.equal(second.atMs, 500 + 1_000 + 2_000);
  assert.deepEqual(failureOf(all), [408, "RFC3261-17.1.2-timeout"]);
  grants(all.peer, second);
  assert.equal(all.phone.event("account.registered").fields["server"], 2);
  const probe = all.peer.awaits("REGISTER", 1_000_000);
  assert.equal(probe.address.address, SERVER);
  assert.equal(probe.atMs - second.atMs, 60_000);
  grants(all.peer, probe);
  assert.equal(all.phone.event("account.registered").fields["server"], 1);
  assert.equal(all.phone.event("account.unregistered").fields["server"], 2);
  // Server 2 is left alone from now on.
  assert.equal(all.peer.awaits("REGISTER", 10_000_000).address.address, SERVER);
});

test("fallback.redundancy_type = 1: a refusal is no reason to try the second", () => {
  const all = registers({ config: ONE_AFTER_THE_OTHER });
  all.peer.replies(all.peer.expects("REGISTER"), 403);
  all.runTo(100_000);
  all.peer.expectsNothing();
});

test("calls go to the server where the account is registered", () => {
  const all = registers({ config: TWO });
  const [one, two] = all.peer.takesAll("REGISTER");
  assert.ok(one && two);
  all.peer.replies(one, 500);
  grants(all.peer, two);
  all.phone.dials("2002");
  const invite = all.peer.expects("INVITE");
  assert.equal(invite.address.address, SECOND);
  assert.equal(invite.uri, `sip:2002@${SECOND}`);
});

// ---- calls that leave their server ----

const FIRST_REGISTERED = `${ONE_AFTER_THE_OTHER}
account.1.sip_server.1.failback_mode = 1
account.1.sip_server.2.failback_mode = 1
account.1.sip_server.2.register_on_enable = 1`;

/** Registered at the first server alone; a call's INVITE has got 503 there. */
function leavesFirst(config: string): Connected {
  const all = registers({ config });
  grants(all.peer, all.peer.expects("REGISTER"));
  all.phone.event("account.registered");
  all.phone.dials("2002");
  const invite = all.peer.expects("INVITE");
  assert.equal(invite.address.address, SERVER);
  all.peer.replies(invite, 503);
  all.peer.expects("ACK");
  return all;
}

test("register_on_enable = 0: the servers share what they know, and INVITE goes to the second at once", () => {
  const { peer } = leavesFirst(ONE_AFTER_THE_OTHER);
  assert.equal(peer.expects("INVITE").address.address, SECOND);
});

test("register_on_enable = 1: INVITE goes to the second server when we are registered there, not before", () => {
  const { phone, peer } = leavesFirst(FIRST_REGISTERED);
  const register = peer.expects("REGISTER");
  assert.equal(register.address.address, SECOND);
  peer.expectsNothing();
  grants(peer, register);
  const invite = peer.expects("INVITE");
  assert.equal(invite.address.address, SECOND);
  peer.replies(invite, 200, { body: sdp(), from: invite.address });
  peer.expects("ACK");
  phone.event("call.established");
});

test("register_on_enable = 1: a second server that refuses us does not get the call, which ends as it was refused", () => {
  const { phone, peer, runTo } = leavesFirst(FIRST_REGISTERED);
  const register = peer.expects("REGISTER");
  peer.replies(register, 403, { from: register.address });
  runTo(10_000);
  assert.equal(phone.event("call.ended").fields["status"], 503);
  peer.expectsNothing();
});

test("register_on_enable = 1 of a proxy counts where it is not -1", () => {
  const { peer } = leavesFirst(`${FIRST_REGISTERED}
account.1.outbound_proxy_enable = 1
account.1.outbound_proxy.1.address = ${SERVER}
account.1.outbound_proxy.2.address = ${SECOND}
account.1.outbound_proxy.2.register_on_enable = 0`);
  assert.equal(peer.expects("INVITE").address.address, SECOND);
});

test("only_signal_with_registered: a call goes to the other targets of a name only where the registration is", () => {
  const config = `${NAMED}
account.1.sip_server.2.address = other.example.com
account.1.sip_server.2.failback_mode = 1
account.1.sip_server.2.register_on_enable = 1`;
  const hosts = { "sip.example.com": [SERVER], "other.example.com": [SECOND, "192.0.2.22"] };
  for (const isAlone of [false, true]) {
    const alone = isAlone ? "\naccount.1.sip_server.2.only_signal_with_registered = 1" : "";
    const all = registers({ config: config + alone, hosts });
    for (const register of all.peer.takesAll("REGISTER")) grants(all.peer, register);
    all.phone.dials("2002");
    for (const address of [SERVER, SECOND]) {
      const invite = all.peer.expects("INVITE");
      assert.equal(invite.address.address, address);
      all.peer.replies(invite, 503, { from: invite.address });
      all.peer.expects("ACK");
    }
    if (isAlone) all.peer.expectsNothing();
    else assert.equal(all.peer.expects("INVITE").address.address, "192.0.2.22");
  }
});

// ---- targets of one name ----

const NAMED = "account.1.sip_server.1.address = sip.example.com";
const HOSTS = { "sip.example.com": [SERVER, SECOND] };

/** Registered at the second address of the name, because the first said 503. */
function away(config = ""): Connected {
  const all = registers({ config: `${NAMED}\n${config}`, hosts: HOSTS });
  all.peer.replies(all.peer.expects("REGISTER"), 503);
  const second = all.peer.expects("REGISTER");
  assert.equal(second.address.address, SECOND);
  grants(all.peer, second);
  assert.equal(all.phone.event("account.registered").fields["address"], SECOND);
  all.phone.saysNothing("account.failed");
  return all;
}

test("503: the next address of the name, with a new branch and the next CSeq", () => {
  const all = registers({ config: NAMED, hosts: HOSTS });
  const first = all.peer.expects("REGISTER");
  all.peer.replies(first, 503);
  const second = all.peer.expects("REGISTER");
  assert.notEqual(second.header("Via"), first.header("Via"));
  assert.equal(second.cseq, first.cseq + 1);
  assert.equal(second.header("Call-ID"), first.header("Call-ID"));
});

test("YL-08 failback_mode 0 and 2: the refresh begins with the first address; 1 and 3 stay", () => {
  for (const [mode, address] of [
    [0, SERVER],
    [2, SERVER],
  ] as const) {
    const all = away(`account.1.sip_server.1.failback_mode = ${mode}`);
    assert.equal(all.peer.awaits("REGISTER", 3_600_000).address.address, address, `mode ${mode}`);
  }
});

test("failback_mode 3: after failback_timeout; 0 stays until that one fails", () => {
  const timed = away(
    "account.1.sip_server.1.failback_mode = 3\naccount.1.sip_server.1.failback_timeout = 120",
  );
  const back = timed.peer.awaits("REGISTER", 3_600_000);
  assert.deepEqual([back.atMs, back.address.address], [120_000, SERVER]);
  grants(timed.peer, back);
  assert.equal(timed.phone.event("account.registered").fields["address"], SERVER);
  const stays = away("account.1.sip_server.1.failback_mode = 3\naccount.1.sip_server.1.failback_timeout = 0");
  const refresh = stays.peer.awaits("REGISTER", 3_600_000);
  assert.equal(refresh.address.address, SECOND);
  stays.peer.replies(refresh, 503, { from: refresh.address });
  assert.equal(stays.peer.expects("REGISTER").address.address, SERVER);
});

test("YL-08 failback_mode 1: after the time to live of the name", () => {
  const all = away("account.1.sip_server.1.failback_mode = 1");
  const back = all.peer.awaits("REGISTER", 3_600_000);
  assert.deepEqual([back.atMs, back.address.address], [300_000, SERVER]);
});

test("going back waits while there is a call, for the refresh", () => {
  const all = away("account.1.sip_server.1.failback_mode = 3\naccount.1.sip_server.1.failback_timeout = 120");
  all.peer.invites();
  all.peer.takesAll();
  all.runTo(130_000);
  assert.deepEqual(all.peer.takesAll(180).length > 0, true);
});

test("the first proxy is dead: the second, and outbound_proxy_fallback_interval later the first again", () => {
  const all = registers({
    config: `account.1.outbound_proxy_enable = 1
account.1.outbound_proxy.1.address = 192.0.2.41
account.1.outbound_proxy.2.address = 192.0.2.42
account.1.sip_server.1.failback_mode = 3
account.1.sip_server.1.failback_timeout = 0
account.1.outbound_proxy_fallback_interval = 200`,
  });
  all.peer.replies(all.peer.expects("REGISTER"), 503);
  const second = all.peer.expects("REGISTER");
  assert.deepEqual(
    [second.address.address, second.header("Route"), second.uri],
    ["192.0.2.42", "<sip:192.0.2.42:5060;lr>", `sip:${SERVER}`],
  );
  grants(all.peer, second);
  const back = all.peer.awaits("REGISTER", 3_600_000);
  assert.deepEqual([back.atMs, back.address.address], [200_000, "192.0.2.41"]);
});

test("an outage of an hour ends with the phone registered within the back-off", () => {
  const config = "account.1.reg_failed_retry_min_time = 30\naccount.1.reg_failed_retry_max_time = 120";
  const all = registered({ config, expires: 600 });
  all.runTo(3_600_000);
  all.peer.takesAll("REGISTER");
  const again = all.peer.awaits("REGISTER", 3_600_000 + 152_000);
  grants(all.peer, again);
  all.phone.event("account.failed");
  all.phone.event("account.registered");
  assert.equal(PEER.address, SERVER);
});
