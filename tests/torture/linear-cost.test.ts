// What a message costs grows with its size and no faster: ten times as much of anything, inside the limits,
// is at most twelve times the work.
//
// Work is counted in turns of loops of the shipped module, not in seconds.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Back, CountedPhone, workOn } from "./counted-phone.js";
import { offer, type Shot, shot } from "./shot.js";

const MOST_TIMES = 12;
/** Of any message, whatever is in it: a part that grows faster can't hide behind a large one that does not. */
const MOST_TURNS = 4000;
const MOST_TURNS_A_BYTE = 16;
/** What the message costs with `size` and ten times `size` of something. */
function mustBeLinear(what: string, size: number, message: (size: number) => Buffer): void {
  const small = workOn(message(size));
  const large = workOn(message(size * 10));
  for (const way of ["judged", "received"] as const) {
    const times = large[way] / small[way];
    const words = `${what}, ${way}: ${small[way]} turns, then ${large[way]}`;
    assert.ok(small[way] > 0 && times <= MOST_TIMES, words);
    assert.ok(large[way] < MOST_TURNS + MOST_TURNS_A_BYTE * message(size * 10).length, words);
  }
}

const METHODS = ["OPTIONS", "INVITE"];
const bodyOf = (method: string): string => (method === "INVITE" ? offer() : "");

function everyMethod(what: string, size: number, parts: (size: number) => Shot): void {
  for (const method of METHODS) {
    const build = (n: number) => shot({ method, body: bodyOf(method), ...parts(n) });
    mustBeLinear(`${method} with ${what}`, size, build);
  }
}

const many = (count: number, text: string): string[] => Array.from({ length: count }, () => text);

/** An element of each header field that a list or a parameter can be long in; the limit of the list. */
const LISTS: [name: string, element: string, most: number][] = [
  ["Via", "SIP/2.0/UDP 192.0.2.98;branch=z9hG4bKlist", 70],
  ["Contact", "<sip:eve@192.0.2.99>", 30],
  ["Route", "<sip:192.0.2.99;lr>", 30],
  ["Record-Route", "<sip:192.0.2.99;lr>", 30],
  ["Require", "x", 110],
  ["Supported", "x", 110],
  ["Allow", "INVITE", 110],
  ["Accept", "application/x", 110],
  ["Authorization", 'Digest a="b"', 110],
  ["Content-Length", "0", 110],
  ["Call-ID", "x", 110],
  ["CSeq", "1 INVITE", 110],
  ["From", "<sip:a@b>;tag=1", 110],
  ["To", "<sip:a@b>", 110],
  ["Session-Expires", "90", 110],
  ["Reason", "SIP;cause=200", 110],
  ["Warning", '399 a "b"', 110],
  ["Max-Forwards", "70", 110],
  ["X", "y", 110],
];

for (const [name, element, most] of LISTS) {
  test(`${name}: ten times as many rows`, () => {
    everyMethod(`rows of ${name}`, most / 10, (n) => ({ rows: { [name]: many(n, element) } }));
  });
  test(`${name}: ten times as many commas`, () => {
    const count = Math.min(most, 60) / 10;
    everyMethod(`commas in ${name}`, count, (n) => ({ rows: { [name]: many(n, element).join(",") } }));
  });
}

/** Header fields with something in front of what is made long. */
const STARTS: Record<string, string> = {
  Via: "SIP/2.0/UDP 192.0.2.99",
  From: "<sip:eve@192.0.2.99>;tag=1",
  To: "<sip:alice@192.0.2.10>",
  Contact: "<sip:eve@192.0.2.99>",
  Route: "<sip:192.0.2.99;lr>",
  "Record-Route": "<sip:192.0.2.99;lr>",
  "Call-ID": "x",
  CSeq: "1 OPTIONS",
  "Max-Forwards": "70",
  Require: "timer",
  Supported: "timer",
  Allow: "INVITE",
  Accept: "application/sdp",
  "Content-Type": "application/sdp",
  "Content-Disposition": "session",
  "Content-Length": "0",
  "Session-Expires": "90",
  "Min-SE": "90",
  Reason: "SIP",
  "Retry-After": "5",
  Authorization: 'Digest realm="r"',
  Subject: "x",
};

/** What a header of 8 KB may be full of. */
const SHAPES: Record<string, string> = {
  parameters: ";a=b",
  "bare parameters": ";a",
  "quoted parameters": ';a="b"',
  "quotes within quotes": ';a="\\""',
  letters: "xxxx",
  commas: ",",
  semicolons: ";",
  quotes: '"',
  backslashes: "\\",
  "percent signs": "%",
  escapes: "%41",
  "opening brackets": "<",
  "closing brackets": ">",
  brackets: "<>",
  "square brackets": "[",
  parentheses: "(",
  "at signs": "@",
  "equal signs": "=",
  slashes: "/",
  blanks: " ",
  tabs: "\t",
  folds: "\r\n ",
  "elements in quotes": '"",',
  "bytes above 127": "\xff",
};

for (const [shape, text] of Object.entries(SHAPES))
  test(`${shape}: ten times as long, in each header field`, () => {
    for (const [name, begin] of Object.entries(STARTS))
      everyMethod(`${shape} in ${name}`, 700, (n) => ({
        rows: { [name]: `${begin}${text.repeat(Math.floor(n / text.length))}x` },
      }));
  });

test("URIs: ten times as long, in each place", () => {
  for (const [shape, text] of Object.entries(SHAPES).filter(([, each]) => !/[ \t\r]/.test(each)))
    for (const begin of [
      "sip:",
      "sip:alice@192.0.2.10",
      "sip:alice@192.0.2.10;",
      "sip:alice@192.0.2.10?a=b",
      "tel:+1",
    ]) {
      const uri = (n: number) => begin + text.repeat(Math.floor(n / text.length));
      everyMethod(`${shape} behind ${begin}`, 190, (n) => ({ uri: uri(n) }));
      for (const name of ["From", "To", "Contact", "Route"])
        everyMethod(`${shape} behind ${begin} in ${name}`, 700, (n) => ({
          rows: { [name]: `<${uri(n)}>;tag=1` },
        }));
    }
});

test("parameters of a URI: ten times as many", () => {
  for (const parameter of [";a=b", ";a", ";lr", ";transport=udp", ";a=%41"])
    for (const name of ["From", "To", "Contact", "Route", "Record-Route"])
      everyMethod(`${parameter} in ${name}`, 6, (n) => ({
        rows: { [name]: `<sip:a@192.0.2.99${parameter.repeat(n)}>` },
      }));
});

test("a name or a line without end: ten times as long", () => {
  for (const text of Object.values(SHAPES)) {
    const long = (n: number) => text.repeat(Math.floor(n / text.length));
    everyMethod(`a header's name of ${text}`, 700, (n) => ({ lines: [`X${long(n)}: y`] }));
    everyMethod(`a line of ${text}`, 700, (n) => ({ lines: [long(n)] }));
    mustBeLinear(`a start line of ${text}`, 190, (n) => shot({ startLine: long(n) }));
    mustBeLinear(`nothing but ${text}`, 6000, (n) => Buffer.from(long(n), "latin1"));
  }
});

// ---- past the limits, where a refusal is not to cost more than a message ----

test("ten times as many rows, past the limit", () => {
  for (const row of ["X: y", ": ", ":", "Via: SIP/2.0/UDP a", "Contact: *", " ", "Content-Length: 1"])
    everyMethod(row, 150, (n) => ({ lines: many(n, row) }));
});

test("seven times as long a header, past the limit", () => {
  for (const [name, begin] of Object.entries(STARTS))
    for (const text of Object.values(SHAPES)) {
      const message = (n: number) =>
        shot({ rows: { [name]: begin + text.repeat(Math.floor(n / text.length)) } });
      const [small, large] = [workOn(message(8300)), workOn(message(58_100))];
      const most = small.received * 8.4;
      assert.ok(
        large.received <= most,
        `${text} in ${name}: ${small.received} turns, then ${large.received}`,
      );
    }
});

// ---- bodies ----

const SDP_LINES = [
  ...[
    "a=x",
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:96 opus/48000/2",
    "a=fmtp:101 0-15",
    "a=ptime:20",
    "a=sendonly",
  ],
  ...[
    "a=",
    "a",
    "=",
    "",
    "b=AS:64",
    "c=IN IP4 192.0.2.99",
    "i=x",
    "k=x",
    "z=0",
    "a=rtpmap:",
    "a=fmtp:",
    "a=crypto:1 x",
  ],
];

test("lines of a session description: ten times as many", () => {
  for (const line of SDP_LINES)
    for (const method of ["INVITE", "UPDATE", "OPTIONS"])
      mustBeLinear(`${method}, ${line}`, 250, (n) => shot({ method, body: offer(many(n, line)) }));
});

test("media lines of a session description: fifteen instead of two", () => {
  for (const media of ["m=audio 3456 RTP/AVP 0", "m=audio 3456 RTP/AVP 96", "m=video 0 RTP/AVP 0"]) {
    const message = (n: number) => shot({ method: "INVITE", body: offer(many(n - 1, media), media) });
    const [small, large] = [workOn(message(2)), workOn(message(15))];
    assert.ok(
      large.received <= small.received * 9,
      `${media}: ${small.received} turns, then ${large.received}`,
    );
  }
});

test("formats of a media line: ten times as many", () => {
  for (const format of ["0", "96", "128", "4294967296", "x", "-1"])
    mustBeLinear(`format ${format}`, 300, (n) =>
      shot({ method: "INVITE", body: offer([], `m=audio 3456 RTP/AVP ${many(n, format).join(" ")}`) }),
    );
});

test("formats of a media line and their rtpmaps: ten times as many of both", () => {
  for (const format of ["0", "96", "127"])
    mustBeLinear(`format ${format}`, 100, (n) => {
      const maps = many(n, `a=rtpmap:${format} opus/48000/2`);
      return shot({
        method: "INVITE",
        body: offer(maps, `m=audio 3456 RTP/AVP ${many(n, format).join(" ")}`),
      });
    });
});

test("ten times as large a body, of anything", () => {
  for (const text of Object.values(SHAPES))
    for (const type of ["application/sdp", "multipart/mixed;boundary=x", "application/xml", "text/plain"])
      for (const method of ["INVITE", "OPTIONS"])
        mustBeLinear(`${text} as ${type}`, 6000, (n) =>
          shot({ method, type, body: offer() + text.repeat(Math.floor(n / text.length)) }),
        );
});

test("the longest lines of a session description: ten times as long", () => {
  for (const [shape, text] of Object.entries(SHAPES).filter(([, each]) => !/\r/.test(each)))
    for (const begin of [
      "a=rtpmap:0 ",
      "a=fmtp:0 ",
      "a=",
      "o=",
      "c=IN IP4 ",
      "m=audio ",
      "m=audio 1 RTP/AVP ",
      "s=",
    ])
      mustBeLinear(`${shape} in ${begin}`, 6000, (n) =>
        shot({ method: "INVITE", body: offer([begin + text.repeat(Math.floor(n / text.length))]) }),
      );
});

// ---- in a call ----

/** As a response to our INVITE, and as a request in the call that it made. */
const WAYS: [status: number, request: string][] = [
  [180, ""],
  [200, ""],
  [401, ""],
  [200, "UPDATE"],
  [200, "INVITE"],
];

function mustBeLinearInCall(what: string, size: number, parts: (size: number) => Back): void {
  for (const [status, request] of WAYS) {
    const small = new CountedPhone().inCall(status, parts(size), request);
    const large = new CountedPhone().inCall(status, parts(size * 10), request);
    const words = `${request || status} with ${what}: ${small.turns} turns, then ${large.turns}`;
    assert.ok(small.turns > 0 && large.turns <= small.turns * MOST_TIMES, words);
    assert.ok(large.turns < MOST_TURNS + MOST_TURNS_A_BYTE * large.bytes, words);
  }
}

test("in a call: ten times as many rows", () => {
  for (const row of [
    ...["Record-Route: <sip:192.0.2.99;lr>", "Contact: <sip:eve@192.0.2.99>", "Route: <sip:192.0.2.99;lr>"],
    ...['WWW-Authenticate: Digest realm="r", nonce="n"', "Session-Expires: 90", "Min-SE: 90", "Reason: SIP"],
    ...["Require: x", "Supported: timer", "Allow: UPDATE", "Warning: 399 a b", "Retry-After: 5", "X: y"],
  ])
    mustBeLinearInCall(row, 3, (n) => ({ lines: many(n, row), body: offer() }));
});

test("in a call: ten times as long a header", () => {
  const begins = [
    ...[
      "Record-Route: <sip:192.0.2.99;lr>",
      "Contact: <sip:eve@192.0.2.99>",
      "Session-Expires: 90",
      "Reason: SIP",
    ],
    ...['WWW-Authenticate: Digest realm="r", nonce="n"', "Require: x", "Allow: UPDATE", "Retry-After: 5"],
  ];
  for (const begin of begins)
    for (const text of Object.values(SHAPES))
      mustBeLinearInCall(begin, 700, (n) => ({
        lines: [`${begin}${text.repeat(Math.floor(n / text.length))}x`],
      }));
});

test("in a call: ten times as large a session description", () => {
  for (const line of SDP_LINES) mustBeLinearInCall(line, 250, (n) => ({ body: offer(many(n, line)) }));
  for (const format of ["0", "96", "x"])
    mustBeLinearInCall(format, 300, (n) => ({
      body: offer([], `m=audio 3456 RTP/AVP ${many(n, format).join(" ")}`),
    }));
});
