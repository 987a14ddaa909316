// The call flows of RFC 3665 §3 as a phone sees them: as Alice, who calls, and as Bob, who is called.
//
// The messages are those of the RFC (F1, F2, ... are its numbers), with UDP where it shows TCP, and with
// tags, branches and Call-ID of the phone where it sends them. What runs between proxies is left out.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Connected, connect, type Datagram, type Headers } from "../support/scripted-peer.js";

const HOSTS = {
  "ss1.atlanta.example.com": ["192.0.2.111"],
  "ss2.biloxi.example.com": ["192.0.2.222"],
  "ss3.chicago.example.com": ["192.0.2.133"],
  "alg1.atlanta.example.com": ["192.0.2.128"],
  "client.biloxi.example.com": ["192.0.2.201"],
  "client.chicago.example.com": ["192.0.2.100"],
  "biloxi.example.com": ["192.0.2.222"],
  "chicago.example.com": ["192.0.2.133"],
  "client.atlanta.example.com": ["192.0.2.101"],
};

const BOB_SDP = [
  "v=0",
  "o=bob 2890844527 2890844527 IN IP4 client.biloxi.example.com",
  "s=-",
  "c=IN IP4 192.0.2.201",
  "t=0 0",
  "m=audio 3456 RTP/AVP 0",
  "a=rtpmap:0 PCMU/8000",
  "",
].join("\r\n");

const ALICE_SDP = [
  "v=0",
  "o=alice 2890844526 2890844526 IN IP4 client.atlanta.example.com",
  "s=-",
  "c=IN IP4 192.0.2.101",
  "t=0 0",
  "m=audio 49172 RTP/AVP 0",
  "a=rtpmap:0 PCMU/8000",
  "",
].join("\r\n");

const BOTH_PROXIES = "<sip:ss2.biloxi.example.com;lr>, <sip:ss1.atlanta.example.com;lr>";
const BOB_CONTACT = "<sip:bob@client.biloxi.example.com>";

/** The phone is Alice's; what it sends goes to `proxy`, if there is one. */
function alice(server: string, proxy = ""): Connected {
  const first = proxy || "biloxi.example.com";
  const address = HOSTS[first as keyof typeof HOSTS][0] ?? "";
  const outbound = proxy
    ? `account.1.outbound_proxy_enable = 1\naccount.1.outbound_proxy.1.address = ${proxy}\n`
    : "";
  return connect({
    baseConfig: `#!version:1.0.0.1
ringlet.bind.address = 192.0.2.101
account.1.enable = 1
account.1.user_name = alice
account.1.display_name = Alice
account.1.password = secret of alice
account.1.sip_server.1.address = ${server}
${outbound}`,
    local: { address: "192.0.2.101", port: 5060 },
    hosts: HOSTS,
    peer: { address, tag: "314159" },
  });
}

/** The phone is Bob's, who is reached through ss2. */
function bob(config = ""): Connected {
  return connect({
    baseConfig: `#!version:1.0.0.1
ringlet.bind.address = 192.0.2.201
account.1.enable = 1
account.1.user_name = bob
account.1.display_name = Bob
account.1.sip_server.1.address = biloxi.example.com
${config}`,
    local: { address: "192.0.2.201", port: 5060 },
    hosts: HOSTS,
    peer: { address: "192.0.2.222" },
  });
}

/** What a hop of Bob's sends: his Contact, and no body. */
function fromBob(headers: Headers = {}): { headers: Headers } {
  return { headers: { Contact: BOB_CONTACT, ...headers } };
}

/** F7 of §3.2: the INVITE as it reaches Bob. */
const INVITE_TO_BOB = `
  INVITE sip:bob@client.biloxi.example.com SIP/2.0
  Via: SIP/2.0/UDP ss2.biloxi.example.com:5060;branch=z9hG4bK721e4.1
  Via: SIP/2.0/UDP ss1.atlanta.example.com:5060;branch=z9hG4bK2d4790.1
   ;received=192.0.2.111
  Via: SIP/2.0/UDP client.atlanta.example.com:5060;branch=z9hG4bK74bf9
   ;received=192.0.2.101
  Max-Forwards: 68
  Record-Route: <sip:ss2.biloxi.example.com;lr>,
   <sip:ss1.atlanta.example.com;lr>
  From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl
  To: Bob <sip:bob@biloxi.example.com>
  Call-ID: 3848276298220188511@atlanta.example.com
  CSeq: 2 INVITE
  Contact: <sip:alice@client.atlanta.example.com>
  Content-Type: application/sdp

  v=0
  o=alice 2890844526 2890844526 IN IP4 client.atlanta.example.com
  s=-
  c=IN IP4 192.0.2.101
  t=0 0
  m=audio 49172 RTP/AVP 0
  a=rtpmap:0 PCMU/8000
`;

/** A request of Alice's that follows on F7 of §3.2, as ss2 hands it on. */
function fromAlice(startLine: string, response: Datagram, cseq: string, more = ""): string {
  return `
  ${startLine}
  Via: SIP/2.0/UDP ss2.biloxi.example.com:5060;branch=z9hG4bK721e4.${cseq.replace(" ", "")}
  Via: SIP/2.0/UDP ss1.atlanta.example.com:5060;branch=z9hG4bK2d4790.1
   ;received=192.0.2.111
  Via: SIP/2.0/UDP client.atlanta.example.com:5060;branch=z9hG4bK74b76
   ;received=192.0.2.101
  Max-Forwards: 68
  From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl
  To: ${response.header("To")}
  Call-ID: 3848276298220188511@atlanta.example.com
  CSeq: ${cseq}${more}
`;
}

function byeFromBob(toAlice: Datagram, vias = ""): string {
  return `
  BYE sip:alice@client.atlanta.example.com SIP/2.0
  Via: SIP/2.0/UDP ss1.atlanta.example.com:5060;branch=z9hG4bK2d4790.1${vias}
  Via: SIP/2.0/UDP client.biloxi.example.com:5060;branch=z9hG4bKnashds7
   ;received=192.0.2.201
  Max-Forwards: 68
  From: ${toAlice.header("To")};tag=314159
  To: ${toAlice.header("From")}
  Call-ID: ${toAlice.header("Call-ID")}
  CSeq: 1 BYE
`;
}

test("RFC 3665 §3.1 successful session, Alice's side", () => {
  const { phone, peer } = alice("biloxi.example.com");
  phone.dials("sip:bob@biloxi.example.com");
  const f1 = peer.expects("INVITE");
  assert.equal(f1.startLine, "INVITE sip:bob@biloxi.example.com SIP/2.0");
  assert.equal(f1.header("Max-Forwards"), "70");
  assert.match(f1.header("From"), /^"?Alice"? <sip:alice@biloxi\.example\.com>;tag=\w+$/);
  assert.equal(f1.header("To"), "<sip:bob@biloxi.example.com>");
  assert.equal(f1.header("Content-Type"), "application/sdp");

  peer.replies(f1, 180, fromBob());
  assert.equal(phone.event("call.ringing").fields["status"], 180);
  peer.replies(f1, 200, { ...fromBob(), body: BOB_SDP });

  const f4 = peer.expects("ACK");
  assert.equal(f4.startLine, "ACK sip:bob@client.biloxi.example.com SIP/2.0");
  assert.equal(f4.address.address, "192.0.2.201");
  assert.equal(f4.cseq, f1.cseq);
  assert.notEqual(f4.header("Via"), f1.header("Via"));
  assert.match(phone.event("call.established").fields["media"] as string, /^PCMU 192\.0\.2\.201:3456 /);

  peer.sends(byeFromBob(f1), { address: "192.0.2.201", port: 5060 });
  const f6 = peer.expects(200);
  assert.equal(f6.headers("Via").length, 2);
  assert.equal(phone.event("call.ended").fields["by"], "remote");
  peer.expectsNothing();
});

test("RFC 3665 §3.1 successful session, Bob's side", () => {
  const { phone, peer } = bob();
  peer.sends(INVITE_TO_BOB);
  const f2 = peer.expects(180);
  assert.match(f2.header("To"), /^Bob <sip:bob@biloxi\.example\.com>;tag=\w+$/);
  assert.equal(f2.header("Contact"), "<sip:bob@192.0.2.201:5060>");
  const incoming = phone.event("call.incoming");
  assert.equal(incoming.fields["from"], "sip:alice@atlanta.example.com");
  assert.equal(incoming.fields["display"], "Alice");
  phone.answers();
  const f3 = peer.expects(200);
  assert.equal(f3.header("To"), f2.header("To"));
  assert.equal(f3.header("Content-Type"), "application/sdp");
  assert.match(f3.body, /\r\nm=audio \d+ RTP\/AVP 0\r\n/);
  peer.sends(fromAlice("ACK sip:bob@192.0.2.201:5060 SIP/2.0", f3, "2 ACK"));
  phone.event("call.established");

  phone.hangsUp();
  const f5 = peer.expects("BYE");
  assert.equal(f5.uri, "sip:alice@client.atlanta.example.com");
  peer.replies(f5, 200);
  peer.expectsNothing();
});

test("RFC 3665 §3.2 through two proxies, Alice's side", () => {
  const { phone, peer } = alice("atlanta.example.com", "ss1.atlanta.example.com");
  phone.dials("sip:bob@biloxi.example.com");
  const f1 = peer.expects("INVITE");
  assert.equal(f1.address.address, "192.0.2.111");
  assert.match(f1.header("Route"), /^<sip:ss1\.atlanta\.example\.com(:5060)?;lr>$/);
  peer.replies(f1, 407, {
    tag: "3flal12sf",
    headers: {
      "Proxy-Authenticate":
        'Digest realm="atlanta.example.com", qop="auth", nonce="f84f1cec41e6cbe5aea9c8e88d359", ' +
        'opaque="", stale=FALSE, algorithm=MD5',
    },
  });
  const f3 = peer.expects("ACK");
  assert.equal(f3.header("Via"), f1.header("Via"));
  assert.equal(f3.header("Route"), f1.header("Route"));
  assert.match(f3.header("To"), /;tag=3flal12sf$/);

  const f4 = peer.expects("INVITE");
  assert.equal(f4.cseq, f1.cseq + 1);
  assert.equal(f4.header("Call-ID"), f1.header("Call-ID"));
  assert.equal(f4.header("From"), f1.header("From"));
  assert.equal(f4.header("To"), f1.header("To"));
  assert.match(f4.header("Proxy-Authorization"), /^Digest username="alice", realm="atlanta\.example\.com"/);
  peer.replies(f4, 100);
  peer.replies(f4, 180, fromBob({ "Record-Route": BOTH_PROXIES }));
  peer.replies(f4, 200, { ...fromBob({ "Record-Route": BOTH_PROXIES }), body: BOB_SDP });

  const f15 = peer.expects("ACK");
  assert.equal(f15.startLine, "ACK sip:bob@client.biloxi.example.com SIP/2.0");
  assert.deepEqual(f15.headers("Route"), [
    "<sip:ss1.atlanta.example.com;lr>",
    "<sip:ss2.biloxi.example.com;lr>",
  ]);
  assert.equal(f15.address.address, "192.0.2.111");
  assert.equal(f15.cseq, f4.cseq);
  phone.event("call.established");

  const ss2 =
    "\n  Via: SIP/2.0/UDP ss2.biloxi.example.com:5060;branch=z9hG4bK721e4.1\n   ;received=192.0.2.222";
  peer.sends(byeFromBob(f4, ss2));
  const f21 = peer.expects(200);
  assert.deepEqual(
    f21.headers("Via").map((via) => /UDP ([^:]*)/.exec(via)?.[1]),
    ["ss1.atlanta.example.com", "ss2.biloxi.example.com", "client.biloxi.example.com"],
  );
  phone.event("call.ended");
});

test("RFC 3665 §3.2 through two proxies, Bob's side", () => {
  const { phone, peer } = bob();
  peer.sends(INVITE_TO_BOB);
  const f9 = peer.expects(180);
  assert.deepEqual(f9.headers("Record-Route").join(", ").replace(/\s+/g, " "), BOTH_PROXIES);
  assert.equal(f9.headers("Via").length, 3);
  phone.event("call.incoming");
  phone.answers();
  const f12 = peer.expects(200);
  assert.deepEqual(f12.headers("Record-Route").join(", ").replace(/\s+/g, " "), BOTH_PROXIES);
  peer.sends(fromAlice("ACK sip:bob@192.0.2.201:5060 SIP/2.0", f12, "2 ACK"));
  phone.hangsUp();
  const f18 = peer.expects("BYE");
  assert.equal(f18.uri, "sip:alice@client.atlanta.example.com");
  assert.equal(f18.address.address, "192.0.2.222");
  assert.match(f18.header("From"), /^Bob <sip:bob@biloxi\.example\.com>;tag=/);
  assert.match(f18.header("To"), /tag=9fxced76sl$/);
  assert.equal(f18.headers("Route").join(", ").replace(/\s+/g, " "), BOTH_PROXIES);
});

test("RFC 3665 §3.3 two proxies, each asks for credentials", () => {
  const { phone, peer } = alice("atlanta.example.com", "ss1.atlanta.example.com");
  phone.dials("sip:bob@biloxi.example.com");
  const challenge = (realm: string, nonce: string): Headers => ({
    "Proxy-Authenticate": `Digest realm="${realm}", qop="auth", nonce="${nonce}", opaque="", stale=FALSE, algorithm=MD5`,
  });
  const f1 = peer.expects("INVITE");
  peer.replies(f1, 407, { headers: challenge("atlanta.example.com", "wf84f1cczx41ae6cbeaea9ce88d359") });
  peer.expects("ACK");
  const f4 = peer.expects("INVITE");
  assert.equal(f4.headers("Proxy-Authorization").length, 1);
  peer.replies(f4, 100);
  peer.replies(f4, 407, {
    tag: "838209",
    headers: challenge("biloxi.example.com", "c1e22c41ae6cbe5ae983a9c8e88d359"),
  });
  peer.expects("ACK");
  const f11 = peer.expects("INVITE");
  assert.equal(f11.cseq, 3);
  assert.deepEqual(
    f11.headers("Proxy-Authorization").map((line) => /realm="([^"]*)"/.exec(line)?.[1]),
    ["atlanta.example.com", "biloxi.example.com"],
  );
  peer.replies(f11, 100);
  peer.replies(f11, 200, { ...fromBob({ "Record-Route": BOTH_PROXIES }), body: BOB_SDP });
  const f19 = peer.expects("ACK");
  assert.deepEqual(f19.headers("Proxy-Authorization"), f11.headers("Proxy-Authorization"));
  phone.event("call.established");
});

test("RFC 3665 §3.4 the first proxy does not answer: the call fails after 64*T1", () => {
  const { phone, peer, runTo } = alice("atlanta.example.com", "ss1.atlanta.example.com");
  phone.dials("sip:bob@biloxi.example.com");
  runTo(31_999);
  // F1 to F7: T1, then twice as long each time.
  const sent = peer.takesAll("INVITE");
  assert.deepEqual(
    sent.map((each) => each.atMs),
    [0, 500, 1500, 3500, 7500, 15500, 31500],
  );
  assert.equal(new Set(sent.map((each) => each.text)).size, 1);
  phone.saysNothing("call.ended");
  runTo(32_000);
  const ended = phone.event("call.ended");
  assert.equal(ended.fields["status"], 408);
  assert.equal(ended.fields["rule"], "RFC3261-17.1.1-timeout");
  peer.expectsNothing();
});

test("RFC 3665 §3.4 the second proxy takes the call", () => {
  const { phone, peer } = alice("atlanta.example.com", "ss2.biloxi.example.com");
  phone.dials("sip:bob@biloxi.example.com");
  const f8 = peer.expects("INVITE");
  peer.replies(f8, 407, {
    tag: "2421452",
    headers: {
      "Proxy-Authenticate":
        'Digest realm="biloxi.example.com", qop="auth", nonce="1ae6cbe5ea9c8e8df84fqnlec434a359", ' +
        'opaque="", stale=FALSE, algorithm=MD5',
    },
  });
  peer.expects("ACK");
  const f11 = peer.expects("INVITE");
  const recorded = { "Record-Route": "<sip:ss2.biloxi.example.com;lr>" };
  peer.replies(f11, 100);
  peer.replies(f11, 180, fromBob(recorded));
  peer.replies(f11, 200, { ...fromBob(recorded), body: BOB_SDP });
  const f18 = peer.expects("ACK");
  assert.deepEqual(f18.headers("Route"), ["<sip:ss2.biloxi.example.com;lr>"]);
  phone.event("call.established");
  peer.sends(byeFromBob(f11));
  peer.expects(200);
  phone.event("call.ended");
});

test("RFC 3665 §3.5 through an ALG that also carries the media", () => {
  const { phone, peer } = alice("atlanta.example.com", "alg1.atlanta.example.com");
  phone.dials("sip:bob@biloxi.example.com");
  const f1 = peer.expects("INVITE");
  assert.equal(f1.address.address, "192.0.2.128");
  const recorded = { "Record-Route": "<sip:alg1.atlanta.example.com;lr>" };
  peer.replies(f1, 100);
  peer.replies(f1, 180, fromBob(recorded));
  peer.replies(f1, 200, {
    ...fromBob(recorded),
    body: BOB_SDP.replace("c=IN IP4 192.0.2.201", "c=IN IP4 192.0.2.128").replace("3456", "1734"),
  });
  const f12 = peer.expects("ACK");
  assert.deepEqual(f12.headers("Route"), ["<sip:alg1.atlanta.example.com;lr>"]);
  assert.equal(f12.address.address, "192.0.2.128");
  const media = phone.event("call.media").fields;
  assert.equal(media["address"], "192.0.2.128");
  assert.equal(media["port"], 1734);

  phone.hangsUp();
  const f14 = peer.expects("BYE");
  assert.equal(f14.startLine, "BYE sip:bob@client.biloxi.example.com SIP/2.0");
  assert.deepEqual(f14.headers("Route"), ["<sip:alg1.atlanta.example.com;lr>"]);
  assert.equal(f14.cseq, f1.cseq + 1);
  peer.replies(f14, 200);
  assert.equal(phone.event("call.ended").fields["by"], "local");
});

test("RFC 3665 §3.6 a redirect server sends Alice elsewhere", () => {
  const { phone, peer } = alice("atlanta.example.com", "ss1.atlanta.example.com");
  phone.dials("sip:bob@biloxi.example.com");
  const f1 = peer.expects("INVITE");
  peer.replies(f1, 302, { tag: "53fHlqlQ2", headers: { Contact: "<sip:bob@chicago.example.com>" } });
  const f3 = peer.expects("ACK");
  assert.match(f3.header("To"), /;tag=53fHlqlQ2$/);
  const f4 = peer.expects("INVITE");
  assert.equal(f4.startLine, "INVITE sip:bob@chicago.example.com SIP/2.0");
  assert.equal(f4.header("To"), f1.header("To"));
  assert.equal(f4.header("From"), f1.header("From"));
  assert.equal(f4.header("Call-ID"), f1.header("Call-ID"));
  assert.equal(f4.cseq, f1.cseq + 1);
  const headers = {
    "Record-Route": "<sip:ss3.chicago.example.com;lr>",
    Contact: "<sip:bob@client.chicago.example.com>",
  };
  peer.replies(f4, 180, { headers });
  peer.replies(f4, 200, { headers, body: BOB_SDP });
  const f11 = peer.expects("ACK");
  assert.equal(f11.startLine, "ACK sip:bob@client.chicago.example.com SIP/2.0");
  assert.deepEqual(f11.headers("Route"), ["<sip:ss3.chicago.example.com;lr>"]);
  assert.equal(f11.address.address, "192.0.2.133");
  phone.event("call.established");
});

test("RFC 3665 §3.6 INVITE without an offer: Bob offers in the 200, the ACK answers", () => {
  const { phone, peer } = bob();
  const f5 = INVITE_TO_BOB.slice(0, INVITE_TO_BOB.indexOf("  Content-Type"));
  peer.sends(f5);
  peer.expects(180);
  phone.event("call.incoming");
  phone.answers();
  const f9 = peer.expects(200);
  assert.equal(f9.header("Content-Type"), "application/sdp");
  assert.match(f9.body, /m=audio \d+ RTP\/AVP [\d ]*\b0\b/);
  phone.saysNothing("call.established");
  const answer = `\n  Content-Type: application/sdp\n\n  ${ALICE_SDP.trim().split("\r\n").join("\n  ")}`;
  peer.sends(fromAlice("ACK sip:bob@192.0.2.201:5060 SIP/2.0", f9, "2 ACK", answer));
  assert.match(phone.event("call.established").fields["media"] as string, /^PCMU 192\.0\.2\.101:49172 /);
});

test("RFC 3665 §3.7 re-INVITE: Bob's address changes", () => {
  const { phone, peer } = alice("biloxi.example.com");
  phone.dials("sip:bob@biloxi.example.com");
  const f1 = peer.expects("INVITE");
  peer.replies(f1, 200, { ...fromBob(), body: BOB_SDP });
  peer.expects("ACK");
  phone.event("call.media");
  const chicago = { address: "192.0.2.100", port: 5060 };
  peer.sends(
    `
    INVITE sip:alice@192.0.2.101:5060 SIP/2.0
    Via: SIP/2.0/UDP client.chicago.example.com:5060;branch=z9hG4bKlkld5l
    Max-Forwards: 70
    From: Bob <sip:bob@biloxi.example.com>;tag=314159
    To: ${f1.header("From")}
    Call-ID: ${f1.header("Call-ID")}
    CSeq: 14 INVITE
    Contact: <sip:bob@client.chicago.example.com>
    Content-Type: application/sdp

    v=0
    o=bob 2890844527 2890844528 IN IP4 client.chicago.example.com
    s=-
    c=IN IP4 192.0.2.100
    t=0 0
    m=audio 47172 RTP/AVP 0
    a=rtpmap:0 PCMU/8000
    `,
    chicago,
  );
  const f10 = peer.expects(200);
  assert.match(f10.header("Via"), /branch=z9hG4bKlkld5l;received=192\.0\.2\.100/);
  assert.equal(f10.header("CSeq"), "14 INVITE");
  const media = phone.event("call.media").fields;
  assert.deepEqual([media["address"], media["port"]], ["192.0.2.100", 47172]);
  peer.sends(
    `
    ACK sip:alice@192.0.2.101:5060 SIP/2.0
    Via: SIP/2.0/UDP client.chicago.example.com:5060;branch=z9hG4bKlkldcc
    Max-Forwards: 70
    From: Bob <sip:bob@biloxi.example.com>;tag=314159
    To: ${f1.header("From")}
    Call-ID: ${f1.header("Call-ID")}
    CSeq: 14 ACK
    `,
    chicago,
  );
  phone.hangsUp();
  const f12 = peer.expects("BYE");
  assert.equal(f12.startLine, "BYE sip:bob@client.chicago.example.com SIP/2.0");
  assert.equal(f12.address.address, "192.0.2.100");
  assert.equal(f12.cseq, f1.cseq + 1);
});

test("RFC 3665 §3.8 no answer: Alice cancels", () => {
  const { phone, peer } = alice("atlanta.example.com", "ss1.atlanta.example.com");
  phone.dials("sip:bob@biloxi.example.com");
  const f1 = peer.expects("INVITE");
  peer.replies(f1, 100);
  peer.replies(f1, 180, fromBob({ "Record-Route": BOTH_PROXIES }));
  phone.hangsUp();
  const f9 = peer.expects("CANCEL");
  assert.equal(f9.uri, f1.uri);
  assert.deepEqual(f9.headers("Via"), f1.headers("Via"));
  assert.deepEqual(f9.headers("Route"), f1.headers("Route"));
  assert.equal(f9.header("To"), f1.header("To"));
  assert.equal(f9.header("CSeq"), "1 CANCEL");
  assert.equal(f9.has("Proxy-Authorization"), false);
  peer.replies(f9, 200, { tag: "" });
  peer.replies(f1, 487);
  const f20 = peer.expects("ACK");
  assert.equal(f20.header("Via"), f1.header("Via"));
  assert.deepEqual(f20.headers("Route"), f1.headers("Route"));
  assert.match(f20.header("To"), /;tag=314159$/);
  assert.equal(f20.header("CSeq"), "1 ACK");
  const ended = phone.event("call.ended").fields;
  assert.deepEqual([ended["by"], ended["rule"]], ["local", "user-cancel"]);
  peer.expectsNothing();
});

test("RFC 3665 §3.8 no answer: Bob is cancelled", () => {
  const { phone, peer } = bob();
  const f7 = peer.sends(INVITE_TO_BOB);
  const ringing = peer.expects(180);
  phone.event("call.incoming");
  peer.cancels(f7);
  const f14 = peer.expects(200);
  assert.equal(f14.header("CSeq"), "2 CANCEL");
  const f15 = peer.expects(487);
  assert.equal(f15.header("To"), ringing.header("To"));
  peer.acksRefusal(f7, f15);
  assert.equal(phone.event("call.ended").fields["rule"], "peer-cancel");
  peer.expectsNothing();
});

for (const [section, status, reason] of [
  ["3.9 busy", 486, "Busy Here"],
  ["3.10 no response from the user agent", 480, "No Response"],
  ["3.11 temporarily unavailable", 480, "Temporarily Unavailable"],
] as const) {
  test(`RFC 3665 §${section}, Alice's side`, () => {
    const { phone, peer, after } = alice("atlanta.example.com", "ss1.atlanta.example.com");
    phone.dials("sip:bob@biloxi.example.com");
    const f1 = peer.expects("INVITE");
    peer.replies(f1, 100);
    if (section.startsWith("3.11")) peer.replies(f1, 180, fromBob({ "Record-Route": BOTH_PROXIES }));
    const refusal = peer.replies(f1, status, { reason });
    const ack = peer.expects("ACK");
    assert.equal(ack.uri, f1.uri);
    assert.equal(ack.header("Via"), f1.header("Via"));
    assert.equal(ack.header("To"), `${f1.header("To")};tag=314159`);
    const ended = phone.event("call.ended").fields;
    assert.deepEqual([ended["by"], ended["status"], ended["reason"]], ["remote", status, reason]);
    // The ACK was lost: the refusal comes again, and only its transaction answers.
    after(500);
    peer.repeats(refusal);
    assert.equal(peer.expects("ACK").text, ack.text);
    phone.saysNothing("call.ended");
  });
}

test("RFC 3665 §3.9 busy, Bob's side", () => {
  const { phone, peer } = bob();
  const f4 = peer.sends(INVITE_TO_BOB);
  peer.expects(180);
  phone.event("call.incoming");
  phone.rejects(486);
  const f6 = peer.expects(486);
  assert.equal(f6.startLine, "SIP/2.0 486 Busy Here");
  peer.acksRefusal(f4, f6);
  assert.equal(phone.event("call.ended").fields["rule"], "user-reject");
});

test("RFC 3665 §3.11 temporarily unavailable, Bob's side: 480 again until its ACK", () => {
  const { phone, peer, runTo } = bob();
  const invite = peer.sends(INVITE_TO_BOB);
  peer.expects(180);
  phone.event("call.incoming");
  phone.rejects(480);
  const refusal = peer.expects(480);
  runTo(1_500);
  assert.deepEqual(
    peer.takesAll(480).map((each) => [each.atMs, each.text]),
    [
      [500, refusal.text],
      [1_500, refusal.text],
    ],
  );
  peer.acksRefusal(invite, refusal);
  runTo(60_000);
  peer.expectsNothing();
});
