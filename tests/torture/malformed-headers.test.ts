// Bugs of other stacks that a start line, a header or a whole datagram set off, on the wire.
//
// Row 27 asks for the readers alone: the rooms' specs do that, here every header of a request gets scraps.
// Not applicable: frames of WebSocket and TLS (rows 26, 27, 28), and streams, because there are none yet.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ThreePhones } from "./three-phones.js";
import { ALICE, offer, shot } from "./shot.js";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");
/** Header fields that nobody reads in an OPTIONS; what is in them is nobody's business. */
const UNREAD = [
  "Diversion",
  "P-Asserted-Identity",
  "Remote-Party-ID",
  "Reply-To",
  "Refer-To",
  "History-Info",
];
const NAME_ADDRS = ["From", "To", "Contact", "Route", "Record-Route"];

/** What an OPTIONS with that header field is answered with. */
function withRow(three: ThreePhones, name: string, value: string, status: number): void {
  three.answer(shot({ rows: { [name]: value } }), status, `${name}: ${value}`);
}

test("row 5, CVE-2017-9372: a Via without branch and a method of up to 4000 letters", () => {
  const three = new ThreePhones();
  for (const letters of [1, 8, 31, 32, 33, 63, 64, 65, 127, 128, 255, 256, 1000, 2000, 2017, 2018, 4000]) {
    const method = "M".repeat(letters);
    const datagram = shot({ method, rows: { Via: "SIP/2.0/UDP 192.0.2.99" } });
    const status = method.length + ALICE.length + 9 <= 2048 ? 501 : 414;
    three.answer(datagram, status, `${letters} letters`);
    // By the rules of RFC 2543 this is the same request once more.
    three.answer(datagram, status, `${letters} letters, again`);
    withRow(three, "CSeq", `1 ${method}`, 400);
  }
  three.mustLive();
});

test("row 16, CVE-2022-31001: datagrams of 0 to 8 bytes", () => {
  const three = new ThreePhones();
  const wholes = ["INVITE s", "SIP/2.0 ", "ACK sip:", "\r\n\r\n\r\n\r\n", "\0\0\0\0\0\0\0\0", "Via: x\r\n"];
  for (const whole of wholes)
    for (let length = 0; length <= 8; length++) three.answer(bytes(whole.slice(0, length)), 0);
  for (let byte = 0; byte < 256; byte++) three.answer(Buffer.of(byte), 0);
  three.mustLive();
});

test("row 17, CVE-2022-31002: a percent sign at the end of every part of a URI", () => {
  const three = new ThreePhones();
  for (const cut of ["%", "%4", "%4x", "%xx"]) {
    const uris = [
      `sip:${cut}`,
      `sip:alice${cut}@192.0.2.10`,
      `sip:alice:p${cut}@192.0.2.10`,
      `sip:alice@192.0.2.10${cut}`,
      `${ALICE};p${cut}`,
      `${ALICE};p=${cut}`,
      `${ALICE}?h=${cut}`,
      `tel:+1${cut}`,
      `tel:+1;p=${cut}`,
    ];
    for (const uri of uris) {
      three.answer(shot({ uri }), 400, uri);
      three.answer(shot({ method: "INVITE", uri, body: offer() }), 400, uri);
      for (const name of NAME_ADDRS) withRow(three, name, `<${uri}>`, 400);
      for (const name of UNREAD) withRow(three, name, `<${uri}>`, 200);
    }
  }
  three.mustLive();
});

test("row 19, CVE-2022-47516: junk, and more promised than there is", () => {
  const three = new ThreePhones();
  for (let first = 0; first < 256; first++) {
    const junk = Buffer.alloc(64, first);
    junk.writeUInt32BE(0x2112a442, 4);
    three.answer(junk, 0);
  }
  three.answer(Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 151) & 255)), 0);
  withRow(three, "Content-Length", "1", 400);
  withRow(three, "Content-Length", "65536", 400);
  three.mustLive();
});

test("row 20, CVE-2023-22741, CVE-2023-32307: STUN, with attributes that go on behind its end", () => {
  const three = new ThreePhones();
  for (const type of [0x0001, 0x0101, 0x0111, 0x0011, 0x7fff])
    for (const length of [0, 4, 8, 0x7ffc, 0xffff])
      for (const attribute of [0, 4, 5, 0xfffc, 0xffff]) {
        const stun = Buffer.alloc(28);
        stun.writeUInt16BE(type, 0);
        stun.writeUInt16BE(length, 2);
        stun.writeUInt32BE(0x2112a442, 4);
        stun.writeUInt16BE(0x8022, 20);
        stun.writeUInt16BE(attribute, 22);
        three.answer(stun, 0);
      }
  three.mustLive();
});

test("row 21, CVE-2021-33056: addresses whose URI has no scheme, or nothing behind it", () => {
  const three = new ThreePhones();
  for (const value of [
    "<>",
    "</>",
    "<:>",
    "<sip:>",
    "<sips:@>",
    "<tel:>",
    "x <>;tag=1",
    "sip:",
    "/",
    ":",
    "<",
  ]) {
    for (const name of NAME_ADDRS) withRow(three, name, value, 400);
    for (const name of UNREAD) withRow(three, name, value, 200);
  }
  for (const uri of ["/", ":", "sip:", "sips:@", "tel:", "<>", "sip"]) three.answer(shot({ uri }), 400, uri);
  three.mustLive();
});

test("row 22, CVE-2021-43611: display names that end in a backslash", () => {
  const three = new ThreePhones();
  const slash = "\\";
  for (let slashes = 1; slashes <= 9; slashes++) {
    const open = `"abc${slash.repeat(slashes)}`;
    for (const name of NAME_ADDRS) {
      withRow(three, name, open, 400);
      // To with a tag that no dialog has.
      const read = name === "To" ? 481 : 200;
      withRow(three, name, `${open}" <sip:a@192.0.2.99>;tag=1`, slashes % 2 ? 400 : read);
    }
  }
  three.mustLive();
});

test("row 25, OpenSIPS audit: a Content-Length that is no number of bytes", () => {
  const three = new ThreePhones();
  for (const value of [
    "-1",
    "+5",
    "5 5",
    "5,5",
    "0x5",
    "5;x",
    "99999999999",
    "18446744073709551621",
    "",
    "x",
  ]) {
    withRow(three, "Content-Length", value, 400);
    three.answer(shot({ method: "INVITE", body: offer(), rows: { "Content-Length": value } }), 400);
  }
  three.answer(shot({ rows: { "Content-Length": ["0", "1"] } }), 400);
  withRow(three, "Content-Length", "0000000000000000000000000", 200);
  three.mustLive();
});

test("row 25, OpenSIPS audit: parameters, URIs and Vias that break off", () => {
  const three = new ThreePhones();
  for (const via of [
    "",
    "SIP",
    "SIP/",
    "SIP/2.0",
    "SIP/2.0/",
    "SIP/2.0/UDP",
    "SIP/2.0/UDP ;x",
    "SIP/2.0/UDP a:",
  ])
    three.answerOneOf(shot({ rows: { Via: via } }), [0, 400], `Via: ${via}`);
  for (const end of [";", ";;", ";=", ";=x", ";branch=", ";branch", ';branch="', ";rport=x;received=y"])
    three.answerOneOf(shot({ rows: { Via: `SIP/2.0/UDP 192.0.2.99${end}` } }), [200, 400, 482], `Via ${end}`);
  for (const end of [";", ";;", ";=", ";=x", ";tag=", ";tag", ';tag="'])
    three.answerOneOf(shot({ rows: { From: `<sip:a@192.0.2.99>${end}` } }), [200, 400], `From ${end}`);
  three.mustLive();
});

test("row 26, sipgo: requests without a header that each must have", () => {
  const three = new ThreePhones();
  for (const method of ["OPTIONS", "INVITE", "BYE", "NEWMETHOD"])
    for (const name of ["Via", "From", "To", "Call-ID", "CSeq"]) {
      three.answer(shot({ method, rows: { [name]: null } }), 0, `${method} without ${name}`);
      // What is there and empty can be repeated in an answer, but a Via says to whom.
      three.answer(
        shot({ method, rows: { [name]: "" } }),
        name === "Via" ? 0 : 400,
        `${method}, empty ${name}`,
      );
    }
  withRow(three, "Content-Length", "2147483647", 400);
  withRow(three, "Content-Length", "4294967295", 400);
  three.mustLive();
});

test("row 27, resiprocate: scraps in every header", () => {
  const three = new ThreePhones();
  const names = [
    ...[
      "Via",
      "From",
      "To",
      "Contact",
      "CSeq",
      "Call-ID",
      "Max-Forwards",
      "Route",
      "Record-Route",
      "Require",
    ],
    ...["Supported", "Allow", "Accept", "Session-Expires", "Min-SE", "Retry-After", "Reason", "Content-Type"],
    ...["Content-Length", "Content-Disposition", "Content-Encoding", "Authorization", "Warning", "Expires"],
    ...["Date", "Event", "Proxy-Require", "Subscription-State", "Replaces", "RAck", "RSeq", "Privacy"],
    ...["Alert-Info", "Call-Info", "Answer-Mode", ...UNREAD],
  ];
  const scraps = [
    "",
    ";",
    ",",
    "=",
    '"',
    "<",
    ">",
    "%",
    ":",
    "@",
    "[",
    "*",
    "\\",
    "(",
    "1",
    "-",
    '"\\',
    "<<",
    "[:",
  ];
  // 423 and its like would be wrong: whatever comes of a scrap is a refusal of the message, or nothing.
  const fair = [0, 180, 200, 400, 406, 415, 416, 420, 422, 513];
  for (const name of names)
    for (const value of scraps) {
      three.answerOneOf(shot({ rows: { [name]: value } }), fair, `${name}: ${value}`);
      three.answerOneOf(
        shot({ method: "INVITE", body: offer(), rows: { [name]: value } }),
        fair,
        `INVITE ${name}: ${value}`,
      );
    }
  three.mustLive();
});

test("row 28, libre: a URI of 64 KB", () => {
  const three = new ThreePhones();
  const long = "a".repeat(64_000);
  three.answer(shot({ uri: `sip:${long}` }), 414);
  three.answer(shot({ uri: `sip:${long}@192.0.2.10` }), 414);
  three.answer(shot({ uri: `${ALICE};${long}` }), 414);
  for (const name of [...NAME_ADDRS, ...UNREAD]) withRow(three, name, `<sip:${long}>`, 513);
  three.mustLive();
});

test("row 29, AST-2016-009: no other byte than blanks between a name and its colon", () => {
  const three = new ThreePhones();
  for (let byte = 0; byte < 256; byte++) {
    const character = String.fromCharCode(byte);
    if (character === "\n" || character === ":") continue;
    const isBlank = character === " " || character === "\t";
    const line = `To${character}: <sip:evil@192.0.2.66>`;
    // A letter makes it another header, that nobody knows; a blank makes it a second To.
    const isToken = /[-.!%*_+`'~0-9A-Za-z]/.test(character);
    three.answer(shot({ lines: [line] }), isToken ? 200 : 400, `byte ${byte}`);
    // As the only one it never counts as a To of a good request.
    const only = isBlank ? 200 : byte < 32 ? 400 : 0;
    three.answer(shot({ rows: { To: null }, lines: [line] }), only, `only To, byte ${byte}`);
  }
  three.mustLive();
});

test("docs/parsing.md: control bytes in a value, and in a quoted pair; DEL is read in both", () => {
  const three = new ThreePhones();
  for (let byte = 0; byte < 128; byte++) {
    const character = String.fromCharCode(byte);
    if (character === "\n") continue;
    const isControl = byte < 32 && character !== "\t";
    const answer = (value: string, status: number): unknown =>
      three.answer(shot({ rows: { Subject: value } }), status, `byte ${byte}`);
    answer(`a${character}b`, isControl ? 400 : 200);
    answer(`"a\\${character}b"`, character === "\r" ? 400 : 200);
  }
  three.mustLive();
});

test("row 31, CSCvc63986: what a printf would obey is kept and told as it came", () => {
  const three = new ThreePhones();
  const words = '"%s%n%x%p %99999999d" <sip:%25s%25n@192.0.2.99>;tag=%s%n';
  three.answer(shot({ rows: { From: words, "%s%n": "%s%n", "User-Agent": "%n%n%n" } }), 200);
  three.answer(shot({ method: "INVITE", body: offer(), rows: { From: words } }), 180);
  const { instance } = three.idle.wire;
  const told = instance.said.events.filter((event) => event.name === "call.incoming").at(-1);
  assert.match(JSON.stringify(told?.fields), /%s%n%x%p %99999999d/);
  three.answer(shot({ method: "%s%n", uri: "sip:%25n@192.0.2.10" }), 501);
  three.mustLive();
});
