// What the fuzzer begins with: every message of the corpora, judged and received, and for each state of a
// phone the messages that move it on. The letters in front and the control characters are those of fuzz.c
// and phone.h.
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { globSync } from "../../tools/files.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const CORPORA = path.join(HERE, "../torture/corpora");
/** Longer ones cost more than they bring; the limits above have tests of their own. */
const MOST_BYTES = 8000;

const OUR_TAG = "\x01";
const CALL_ID = "\x02";
const OUR_BRANCH = "\x03";
const OUR_CSEQ = "\x04";
const NEXT_CSEQ = "\x05";
const NEXT_BRANCH = "\x06";
const OUR_RSEQ = "\x07";
const ORDER = "\x1d";
const NEXT = "\x1e";

/** Buffers. */
export function* seeds() {
  yield* corpora();
  for (const text of [...states(), ...served(), ...bodies(), ...settings(), ...lives(), ...streams()])
    yield Buffer.from(text, "latin1");
}

/** Requests on a connection, cut here and there. */
function* streams() {
  const whole = (method) =>
    request(method, { to: "", headers: ["Content-Length: 0"] }).replace("/UDP", "/TCP");
  const two = whole("OPTIONS") + whole("INVITE");
  yield "x" + two;
  yield "X" + ["\r\n\r\n", two.slice(0, 99), two.slice(99, 444), two.slice(444)].join(NEXT);
  yield "x" + whole("OPTIONS").replace("Content-Length: 0\r\n", "");
  yield (
    "x" +
    whole("OPTIONS").replace("Content-Length: 0", "l :\r\n 2\r\nX: a\r\n\tb") +
    "ab" +
    NEXT +
    ORDER +
    "T400"
  );
}

function* corpora() {
  const files = globSync(CORPORA, "").filter((file) => /\.(sip|dat)$/.test(file));
  for (const file of files) {
    const bytes = readFileSync(file);
    if (bytes.length > MOST_BYTES) continue;
    for (const mode of ["j", "i"]) yield Buffer.concat([Buffer.from(mode), bytes]);
    const body = bytes.indexOf("\r\n\r\nv=0");
    if (body > 0)
      for (const mode of ["d", "o", "m"]) yield Buffer.concat([Buffer.from(mode), bytes.subarray(body + 4)]);
  }
}

// ---- messages ----

function lines(...list) {
  return list.filter((line) => line !== "").join("\r\n") + "\r\n";
}

function withBody(head, body, type = "application/sdp") {
  return body
    ? `${head}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    : `${head}\r\n`;
}

/** A request of the peer inside the call; outside of any with `to` "". */
function request(
  method,
  { headers = [], body = "", to = `;tag=${OUR_TAG}`, cseq = NEXT_CSEQ, branch = NEXT_BRANCH, type } = {},
) {
  const head = lines(
    `${method} sip:alice@192.0.2.10 SIP/2.0`,
    `Via: SIP/2.0/UDP 192.0.2.20:5060;branch=z9hG4bK${branch};rport`,
    "Max-Forwards: 70",
    "From: <sip:bob@192.0.2.20>;tag=peer",
    `To: <sip:alice@192.0.2.10>${to}`,
    `Call-ID: ${CALL_ID}`,
    `CSeq: ${cseq} ${method}`,
    "Contact: <sip:bob@192.0.2.20:5060>",
    ...headers,
  );
  return withBody(head, body, type);
}

/** The peer's answer to what the phone sent last. */
function reply(status, method, { headers = [], body = "", tag = "peer" } = {}) {
  const head = lines(
    `SIP/2.0 ${status} Words`,
    `Via: SIP/2.0/UDP 192.0.2.10:5060;branch=${OUR_BRANCH}`,
    `From: "Alice" <sip:alice@192.0.2.10>;tag=${OUR_TAG}`,
    `To: <sip:bob@192.0.2.20>${tag ? `;tag=${tag}` : ""}`,
    `Call-ID: ${CALL_ID}`,
    `CSeq: ${OUR_CSEQ} ${method}`,
    "Contact: <sip:bob@192.0.2.20:5060>",
    ...headers,
  );
  return withBody(head, body);
}

function sdp(direction = "sendrecv", version = 1) {
  return lines(
    "v=0",
    `o=- 1 ${version} IN IP4 192.0.2.20`,
    "s=-",
    "c=IN IP4 192.0.2.20",
    "t=0 0",
    "m=audio 4000 RTP/AVP 0 8 9 18 101",
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:101 telephone-event/8000",
    "a=fmtp:101 0-15",
    "a=ptime:20",
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2|2^20|1:4",
    `a=${direction}`,
  );
}

const TIMER = ["Session-Expires: 90;refresher=uac", "Supported: timer", "Allow: INVITE, UPDATE"];
const THEIR_TIMER = [
  "Session-Expires: 120;refresher=uas",
  "Require: timer",
  "Supported: timer, 100rel, replaces",
];
const CHALLENGE = 'Digest realm="a", nonce="n", qop="auth", algorithm=SHA-256, opaque="o", stale=FALSE';
const ROUTES = [
  "Record-Route: <sip:p1.example.com;lr>, <sip:192.0.2.30;lr>",
  "Record-Route: <sip:192.0.2.31:5070>",
];

// ---- one or two datagrams for each state ----

const ANSWERS = [
  [100, {}],
  [180, {}],
  [183, { body: sdp(), headers: ROUTES }],
  [180, { tag: "fork", headers: ["Require: 100rel", "RSeq: 1"] }],
  [200, { body: sdp(), headers: TIMER }],
  [200, { body: sdp("sendonly"), headers: [...THEIR_TIMER, ...ROUTES] }],
  [200, { tag: "fork", body: sdp() }],
  [200, {}],
  [202, {}],
  [301, { headers: ["Contact: <sip:carol@192.0.2.21>;q=0.5, <sip:dave@192.0.2.22>"] }],
  [302, { headers: ["Contact: <sip:bob@192.0.2.20;transport=udp?Subject=a>;expires=3600"] }],
  [380, { headers: ["Contact: *"] }],
  [401, { headers: [`WWW-Authenticate: ${CHALLENGE}`] }],
  [407, { headers: [`Proxy-Authenticate: ${CHALLENGE}`, 'Proxy-Authenticate: Digest realm="b",nonce=""'] }],
  [408, {}],
  [415, { headers: ["Accept: application/sdp"] }],
  [420, { headers: ["Unsupported: timer"] }],
  [422, { headers: ["Min-SE: 1800"] }],
  [481, {}],
  [486, { headers: ['Reason: Q.850;cause=17;text="busy", SIP;cause=486'] }],
  [487, {}],
  [488, { headers: ['Warning: 304 192.0.2.20 "no"'] }],
  [491, {}],
  [500, { headers: ["Retry-After: 2"] }],
  [503, { headers: ["Retry-After: 18000 (soon);duration=3600"] }],
  [603, {}],
];

const REQUESTS = [
  ["BYE", { headers: ['Reason: SIP;cause=200;text="done"'] }],
  ["ACK", { cseq: "1" }],
  ["CANCEL", { cseq: "1", branch: "invite", to: "" }],
  ["INVITE", { body: sdp("sendonly", 2), headers: TIMER }],
  ["INVITE", { body: sdp("inactive", 2), headers: THEIR_TIMER }],
  ["INVITE", { headers: ["Session-Expires: 30", "Min-SE: 30", "Supported: timer"] }],
  ["INVITE", { to: "", body: sdp(), headers: [...ROUTES, "Require: foo"] }],
  [
    "INVITE",
    { to: "", headers: ['Replaces: call@peer;to-tag=a;from-tag="b"', "Alert-Info: <http://a>;info=b"] },
  ],
  ["UPDATE", { headers: TIMER }],
  ["UPDATE", { body: sdp("recvonly", 3), headers: THEIR_TIMER }],
  ["OPTIONS", { to: "", headers: ["Accept: application/sdp, text/plain;q=0.5"] }],
  ["OPTIONS", {}],
  ["INFO", { headers: ["Info-Package: dtmf"], body: "Signal=1\r\nDuration=160\r\n" }],
  ["PRACK", { headers: ["RAck: 1 1 INVITE"] }],
  ["NOTIFY", { to: "", headers: ["Event: dialog", "Subscription-State: active;expires=60"] }],
  [
    "REFER",
    { headers: ["Refer-To: <sip:carol@192.0.2.21?Replaces=a%3Bto-tag%3Db>", "Referred-By: <sip:bob@b>"] },
  ],
  ["MESSAGE", { to: "" }],
  ["SUBSCRIBE", { to: "", headers: ["Event: presence;id=1", "Expires: 600"] }],
  ["REGISTER", { to: "" }],
];

/** The letters of fuzz.c, and the method that the phone waits for an answer to. */
const STATES = {
  i: "",
  r: "",
  u: "",
  c: "INVITE",
  e: "INVITE",
  w: "INVITE",
  v: "UPDATE",
  h: "INVITE",
  b: "BYE",
  n: "",
  g: "REGISTER",
  p: "",
  a: "SUBSCRIBE",
  l: "SUBSCRIBE",
  y: "SUBSCRIBE",
  f: "INVITE",
  z: "",
};

function* states() {
  for (const [letter, method] of Object.entries(STATES)) {
    if (method) for (const [status, parts] of ANSWERS) yield letter + reply(status, method, parts);
    for (const [name, parts] of REQUESTS) yield letter.toUpperCase() + request(name, parts);
  }
}

// ---- several in a row, with time and the user between them ----

function order(text) {
  return ORDER + text;
}

/** Thirty routes: what a phone has to keep of such a call is more than it has for all. */
const LONG_ROUTES = Array.from(
  { length: 30 },
  (_, i) => `Record-Route: <sip:${"r".repeat(200)}${i}.example.com;lr>`,
);

function* lives() {
  const script = (letter, ...pieces) => letter + pieces.join(NEXT);
  const ack = request("ACK", { cseq: "1" });
  yield script("R", request("CANCEL", { cseq: "1", branch: "invite", to: "" }), ack);
  yield script(
    "R",
    order("a"),
    ack,
    order("o"),
    reply(200, "INVITE", { body: sdp("recvonly", 2) }),
    order("r"),
    order("h"),
  );
  yield script("R", order("x603"), order("t"), order("t"));
  yield script(
    "C",
    reply(401, "INVITE", { headers: [`WWW-Authenticate: ${CHALLENGE}`] }),
    reply(200, "INVITE", { body: sdp() }),
  );
  yield script(
    "C",
    reply(302, "INVITE", { headers: ["Contact: <sip:carol@192.0.2.21>"] }),
    reply(180, "INVITE"),
  );
  yield script(
    "C",
    reply(422, "INVITE", { headers: ["Min-SE: 1800"] }),
    reply(200, "INVITE", { body: sdp(), headers: TIMER }),
  );
  yield script("C", order("h"), reply(180, "INVITE"), reply(200, "CANCEL"), reply(487, "INVITE"));
  yield script("E", order("h"), reply(200, "INVITE", { body: sdp() }), order("t"));
  yield script(
    "E",
    reply(200, "INVITE", { tag: "a", body: sdp() }),
    reply(200, "INVITE", { tag: "b", body: sdp() }),
  );
  yield script(
    "E",
    reply(200, "INVITE", { body: sdp() }),
    reply(200, "INVITE", { tag: "b", body: sdp() }),
    reply(200, "BYE", { tag: "b" }),
  );
  yield script("U", order("g"), request("BYE"), order("t"), order("h"));
  yield script(
    "W",
    order("T450"),
    reply(200, "UPDATE", { headers: TIMER }),
    order("T450"),
    reply(481, "UPDATE"),
  );
  yield script("V", reply(405, "UPDATE"), reply(200, "INVITE", { body: sdp(), headers: TIMER }));
  yield script(
    "V",
    reply(422, "UPDATE", { headers: ["Min-SE: 3600"] }),
    reply(200, "UPDATE", { headers: THEIR_TIMER }),
  );
  yield script(
    "H",
    reply(491, "INVITE"),
    order("T21"),
    reply(200, "INVITE", { body: sdp("recvonly") }),
    request("BYE"),
  );
  yield script(
    "H",
    request("INVITE", { body: sdp() }),
    request("UPDATE", { headers: TIMER }),
    order("t"),
    order("t"),
  );
  yield script("B", reply(401, "BYE", { headers: [`WWW-Authenticate: ${CHALLENGE}`] }), reply(200, "BYE"));
  yield script("U", order("T450"), order("f"), order("t"), request("BYE"), order("l"));
  yield script("N", order("q192.0.2.20 60\n"), reply(200, "INVITE", { body: sdp() }), order("h"));
  yield script(
    "I",
    order("csip:a@192.0.2.20"),
    order("csip:b@192.0.2.20"),
    order("csip:c@192.0.2.20"),
    order("h"),
  );
  yield script(
    "I",
    ...Array.from({ length: 12 }, () => request("INVITE", { to: "", body: sdp() })),
    order("a"),
  );
  const long = { to: "", headers: LONG_ROUTES, body: sdp() };
  yield script("I", ...Array.from({ length: 9 }, () => request("INVITE", long)), order("a"), request("BYE"));
  yield script(
    "C",
    reply(183, "INVITE", { headers: LONG_ROUTES }),
    reply(200, "INVITE", { headers: LONG_ROUTES, body: sdp() }),
  );
  const realm = (name, nonce) => [`WWW-Authenticate: Digest realm="${name}", nonce="${nonce}", stale=true`];
  yield script(
    "C",
    reply(401, "INVITE", { headers: realm("a", "1") }),
    reply(401, "INVITE", { headers: [...realm("b", "2"), `Proxy-Authenticate: ${CHALLENGE}`] }),
    reply(401, "INVITE", { headers: realm("a", "3") }),
    reply(401, "INVITE", { headers: realm("a", "3") }),
  );
  yield script("I", ...Array.from({ length: 24 }, () => request("OPTIONS", { to: "" })));
}

// ---- what a phone with a server is told, and what the server may command ----

const SUMMARY =
  "Messages-Waiting: yes\r\nMessage-Account: sip:alice@192.0.2.20\r\nVoice-Message: 2/8 (0/2)\r\n";

const dialogInfo = (version, state, inside) =>
  `<?xml version="1.0"?>\r\n<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="${version}" state="${state}" entity="sip:bob@192.0.2.20">${inside}</dialog-info>`;
const oneDialog = (state, id = "d1") =>
  `<dialog id="${id}" call-id="c@b" local-tag="l" remote-tag="r" direction="recipient"><state event="replaced">${state}</state><remote><identity display="Eve &amp; Co">sip:eve@b</identity><target uri="sip:eve@192.0.2.9"><param pname="+sip.rendering" pvalue="no"/></target></remote><local><identity>sip:bob@192.0.2.20</identity></local></dialog>`;

const LIST_TYPE = 'multipart/related;type="application/rlmi+xml";start="<top@b>";boundary="bound"';
const rlmi = (version, full, inside) =>
  `<?xml version="1.0"?>\r\n<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="sip:bob@192.0.2.20" version="${version}" fullState="${full}">${inside}</list>`;
const resource = (name, state = "active") =>
  `<resource uri="sip:${name}@192.0.2.20"><name>${name}</name><instance id="i1" state="${state}" cid="${name}@b"/></resource>`;
const part = (id, type, body) =>
  `--bound\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <${id}>\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;
const list = (version) =>
  part(
    "top@b",
    "application/rlmi+xml",
    rlmi(version, "true", resource("bob") + resource("carol", "terminated")),
  ) +
  part("bob@b", "application/dialog-info+xml", dialogInfo(0, "full", oneDialog("early"))) +
  "--bound--\r\n";

const reginfo = (event) =>
  `<?xml version="1.0"?>\r\n<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="1" state="full"><registration aor="sip:alice@192.0.2.20" id="a" state="active"><contact id="1" state="terminated" event="${event}" retry-after="30"><uri>sip:alice@192.0.2.10</uri></contact></registration></reginfo>`;

function notify(event, { type, body = "", state = "active;expires=3600", headers = [], to } = {}) {
  const rows = [`Event: ${event}`, `Subscription-State: ${state}`, ...headers];
  return request("NOTIFY", { headers: rows, body, type, ...(to === undefined ? {} : { to }) });
}

const CSTA_TYPE = "application/csta+xml\r\nContent-Disposition: signal;handling=required";
const csta = (name, inside = "") =>
  `<?xml version="1.0"?>\r\n<${name} xmlns="http://www.ecma-international.org/standards/ecma-323/csta/ed4">${inside}</${name}>`;
const info = (name, inside) => request("INFO", { body: csta(name, inside), type: CSTA_TYPE });
const connection = (name, call) =>
  `<${name}><callID>${call}</callID><deviceID>tel:4001;phone-context=a</deviceID></${name}>`;
const refer = (to, headers = []) => request("REFER", { headers: [`Refer-To: ${to}`, ...headers] });
const sipfrag = (line, state) =>
  notify("refer", { type: "message/sipfrag;version=2.0", body: `${line}\r\n`, state });
const outside = (method, parts) => request(method, { to: "", ...parts });

function* served() {
  const script = (letter, ...pieces) => letter + pieces.join(NEXT);
  const ok = (method, parts) => reply(200, method, parts);
  const rings = outside("INVITE", { body: sdp() }).replace(CALL_ID, "rings@peer");
  yield script("G", reply(401, "REGISTER", { headers: [`WWW-Authenticate: ${CHALLENGE}`] }), ok("REGISTER"));
  yield script("G", reply(423, "REGISTER", { headers: ["Min-Expires: 7200"] }), ok("REGISTER"));
  const bound = "Contact: <sip:alice@192.0.2.10>;expires=30, <sip:alice@192.0.2.99>;expires=7";
  yield script(
    "G",
    ok("REGISTER", { headers: [bound, "Service-Route: <sip:192.0.2.20;lr>"] }),
    order("t"),
    order("u"),
  );
  yield script("G", reply(503, "REGISTER", { headers: ["Retry-After: 30"] }), order("T600"), order("v"));

  const summary = { type: "application/simple-message-summary", body: SUMMARY };
  yield script("A", notify("message-summary", summary), order("t"), ok("SUBSCRIBE"));
  yield script(
    "A",
    notify("message-summary", { ...summary, state: "terminated;reason=deactivated" }),
    order("t"),
  );
  yield script("P", notify("message-summary", { ...summary, to: "" }));
  const calls = (version, state, inside) =>
    notify("dialog", { type: "application/dialog-info+xml", body: dialogInfo(version, state, inside) });
  yield script(
    "L",
    calls(0, "full", oneDialog("early")),
    calls(1, "partial", oneDialog("confirmed")),
    calls(9, "partial", ""),
  );
  yield script(
    "L",
    calls(0, "full", oneDialog("trying") + oneDialog("terminated", "d2")),
    reply(481, "SUBSCRIBE"),
  );
  yield script(
    "L",
    ...[0, 1, 7].map((version) => notify("dialog", { type: LIST_TYPE, body: list(version) })),
  );
  yield script(
    "P",
    notify("dialog", {
      type: "application/dialog-info+xml",
      body: dialogInfo(0, "full", oneDialog("early")),
      to: "",
    }),
  );
  for (const event of ["rejected", "deactivated", "probation", "shortened"])
    yield script("Y", notify("reg", { type: "application/reginfo+xml", body: reginfo(event) }), order("t"));
  yield script("P", order("pdialog;sla sip:bob@192.0.2.20"), reply(489, "SUBSCRIBE"), order("t"));

  yield script("P", outside("NOTIFY", { headers: ["Event: check-sync;reboot=true"] }));
  yield script("P", rings, notify("talk"), request("ACK", { cseq: "2" }), notify("hold"));
  yield script("P", outside("MESSAGE", { type: "text/plain;charset=utf-8", body: "Gr\xc3\xbc\xc3\x9fe" }));
  yield script("P", order("msip:bob@192.0.2.20 hello"), reply(202, "MESSAGE"));
  yield script(
    "U",
    request("MESSAGE", { type: "message/cpim", body: "x" }),
    request("INFO", { type: "application/dtmf-relay", body: "Signal= 5\r\nDuration= 160\r\n" }),
  );

  const who = [
    'P-Asserted-Identity: "Bob" <sip:+4930@192.0.2.20;user=phone>, <tel:+4930>',
    'Remote-Party-ID: "B" <sip:b@b>;party=calling;privacy=full',
    "Privacy: id;critical",
    "Diversion: <sip:carol@b>;reason=no-answer;counter=2;limit=4, <sip:dave@b>;reason=unconditional",
    "History-Info: <sip:alice@b>;index=1, <sip:carol@b?Privacy=history&Reason=SIP%3Bcause%3D486>;index=1.1;rc=1",
    "History-Info: <sip:dave@b?Reason=SIP%3B\\cause%3D302>;index=1.2;mp=1",
    "Supported: histinfo, 100rel, timer, replaces",
  ];
  yield script("P", outside("INVITE", { headers: who, body: sdp() }), order("a"), order("h"));
  yield script("P", order("sfeatures.dnd.enable=1"), outside("INVITE", { headers: who, body: sdp() }));
  yield script(
    "P",
    order("sforward.always.enable=1"),
    order("sforward.always.target=4002"),
    outside("INVITE", { headers: who, body: sdp() }),
  );
  for (const row of [
    "Alert-Info: <http://a>;info=alert-autoanswer",
    "Call-Info: <sip:a>;answer-after=0",
    "Answer-Mode: Auto;require",
    "Priv-Answer-Mode: Auto",
  ])
    yield script("P", outside("INVITE", { headers: [row], body: sdp() }), order("T20"), order("h"));
  const replaces = (early) => `Replaces: call@peer;to-tag=${OUR_TAG};from-tag=peer${early}`;
  yield script(
    "U",
    outside("INVITE", { headers: [replaces("")], body: sdp() }).replace(CALL_ID, "other@peer"),
  );
  yield script(
    "R",
    outside("INVITE", { headers: [replaces(";early-only")], body: sdp() }).replace(CALL_ID, "other@peer"),
  );

  yield script("F", reply(200, "INVITE", { body: sdp() }), order("h"));
  yield script(
    "F",
    reply(183, "INVITE", { tag: "fork", headers: ["Require: 100rel", "RSeq: 2"], body: sdp() }),
    request("UPDATE", { body: sdp("inactive", 2) }),
  );
  yield script(
    "P",
    outside("INVITE", { headers: ["Require: 100rel"] }),
    request("PRACK", { headers: [`RAck: ${OUR_RSEQ} 2 INVITE`], body: sdp() }),
    order("a"),
  );
  yield script(
    "U",
    refer("<sip:carol@192.0.2.21?Replaces=a%40b%3Bto-tag%3Dc%3Bfrom-tag%3Dd&X=y>", [
      'Referred-By: <sip:bob@b>;cid="a@b"',
      "Refer-Sub: false",
    ]),
  );
  yield script("U", refer("<sip:carol@192.0.2.21>"), ok("NOTIFY"), order("t"), ok("NOTIFY"));
  yield script(
    "W",
    order("bsip:carol@192.0.2.21"),
    reply(202, "REFER"),
    sipfrag("SIP/2.0 100 Trying", "active;expires=60"),
    sipfrag("SIP/2.0 200 OK", "terminated;reason=noresource"),
  );
  yield script(
    "W",
    order("b4002"),
    reply(403, "REFER"),
    order("bsip:dave@192.0.2.22"),
    ok("REFER"),
    sipfrag("SIP/2.0 486 Busy", "terminated"),
  );
  yield script(
    "W",
    order("o"),
    reply(200, "INVITE", { body: sdp("recvonly", 2) }),
    order("csip:carol@192.0.2.20"),
    ok("INVITE", { body: sdp() }),
    order("b"),
  );
  yield script("W", order("csip:carol@192.0.2.20"), ok("INVITE", { body: sdp() }), order("j"), order("h"));
  yield script("W", order("n192.0.2.77"), reply(200, "INVITE", { body: sdp() }));
  yield script(
    "U",
    order("saccount.1.dtmf.type=2"),
    order("d12#"),
    ok("INFO"),
    reply(401, "INFO", { headers: [`WWW-Authenticate: ${CHALLENGE}`] }),
    ok("INFO"),
  );

  yield script(
    "P",
    outside("INVITE", { body: csta("RequestSystemStatus"), type: CSTA_TYPE }),
    request("ACK", { cseq: "2" }),
  );
  yield script(
    "Z",
    info("GetCSTAFeatures"),
    info("SnapshotDevice", "<snapshotObject>tel:4001;phone-context=a</snapshotObject>"),
    info("SystemRegister"),
  );
  yield script(
    "Z",
    info(
      "MonitorStart",
      "<monitorObject><deviceObject>tel:4001;phone-context=a</deviceObject></monitorObject>",
    ),
    info("MonitorStop", "<monitorCrossRefID>1</monitorCrossRefID>"),
  );
  const makes = info(
    "MakeCall",
    "<callingDevice>tel:4001;phone-context=a</callingDevice><calledDirectoryNumber>tel:+4930&amp;</calledDirectoryNumber><autoOriginate>doNotPrompt</autoOriginate>",
  );
  yield script(
    "Z",
    makes,
    ok("INFO"),
    ok("INFO"),
    info("ClearConnection", connection("connectionToBeCleared", 2)),
  );
  yield script(
    "Z",
    makes,
    reply(401, "INFO", { headers: [`WWW-Authenticate: ${CHALLENGE}`] }),
    ok("INFO"),
    reply(481, "INFO"),
  );
  const asked = (name, of, more = "") =>
    info(name, connection(of, 2) + more).replace(CALL_ID, "control@peer");
  for (const [name, of, more] of [
    ["AnswerCall", "callToBeAnswered"],
    ["HoldCall", "callToBeHeld"],
    ["RetrieveCall", "callToBeRetrieved"],
    ["DeflectCall", "callToBeDiverted", "<newDestination>sip:carol@b</newDestination>"],
    ["SingleStepTransferCall", "activeCall", "<transferredTo>4002</transferredTo>"],
    ["GenerateDigits", "connectionToSendDigits", "<charactersToSend>12#</charactersToSend>"],
    ["ConsultationCall", "existingCall", "<consultedDevice>4002</consultedDevice>"],
    ["AlternateCall", "heldCall", connection("activeCall", 2)],
    ["TransferCall", "heldCall", connection("activeCall", 3)],
  ])
    yield script(
      "Z",
      rings,
      ok("INFO"),
      asked("AnswerCall", "callToBeAnswered"),
      asked(name, of, more),
      order("t"),
    );
  yield script(
    "Z",
    info("SetDoNotDisturb", "<doNotDisturbOn>true</doNotDisturbOn>"),
    info("GetDoNotDisturb"),
    rings,
  );
  yield script(
    "Z",
    request("UPDATE", { headers: TIMER }),
    request("INVITE", { body: csta("RequestSystemStatus"), type: CSTA_TYPE }),
    request("BYE"),
  );
}

// ---- bodies, names and settings ----

function* bodies() {
  for (const mode of ["d", "o", "m"]) {
    for (const direction of ["sendrecv", "sendonly", "recvonly", "inactive"])
      yield mode.toUpperCase() + sdp(direction, 2);
    yield (
      mode +
      lines(
        "v=0",
        "o=- 1 1 IN IP6 ::1",
        "s=-",
        "t=0 0",
        "m=audio 0 RTP/AVP 0",
        "m=video 1 RTP/SAVP 96",
        "c=IN IP6 ::1",
      )
    );
    yield (
      mode +
      lines(
        "v=0",
        "o=- 1 2 IN IP4 0.0.0.0",
        "s=-",
        "c=IN IP4 0.0.0.0",
        "t=0 0",
        "m=audio 4 RTP/AVP 96 97",
        "a=rtpmap:96 PCMA/8000",
        "a=rtpmap:97 G722/8000/1",
        "a=maxptime:40",
      )
    );
  }
  yield "q192.0.2.20 300\n2001:db8::1 60\n192.0.2.21 0\n";
  yield "Q";
}

function* settings() {
  const file = [
    "#!version:1.0.0.1",
    "account.1.enable = 1",
    "account.1.user_name = 2001",
    'account.1.display_name = "Alice %s"',
    "account.1.sip_server.1.address = 192.0.2.1",
    "account.1.sip_server.1.port = 5060",
    "account.1.outbound_proxy_enable = 1",
    "account.1.outbound_proxy.1.address = proxy.example.com",
    "account.1.session_timer.enable = 1",
    "account.1.session_timer.expires = 99999",
    "account.1.session_timer.refresher = uas",
    "account.1.codec.pcmu.enable = 0",
    "account.1.codec.g722.priority = 9",
    "account.1.codec.1.payload_type = G729",
    "account.16.enable = 1",
    "sip.timer_t1 = 0.5",
    "sip.listen_port = 5062",
    "sip.trust_ctrl = 1",
    "features.dnd.enable = 1",
    "features.normal_refuse_code = 486",
    "network.port.min_rtpport = 11780",
    "network.port.max_rtpport = 12780",
    "voice.tone.dial = 1",
    "static.a = b",
  ];
  yield `s${file.join("\n")}\n`;
  yield `s${file.join("\r\n")}`;
  for (const line of file) yield `k${line.replace(" = ", "=")}`;
  yield 't#!version:1.0.0.1\ninclude:config <common.cfg>\ninclude:config "$PN-$MAC.cfg"\n[$PN==T54W]include:config <a.cfg>\noverwrite_mode = 1\n';
  yield "t#!version:1.0.0.1\n[T54W, T46U]include:config <http://example.com/a.cfg>\nexclude:config <b.cfg>\n";
}
