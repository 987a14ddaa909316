// Bugs of other stacks that a body set off: the rows of multipart, SDP and XML, on the wire.
//
// Row 2 asks for a multipart written again: the phone writes none, tests/rooms/message/bodies.spec.ts does.
// Row 14 asks for bodies of XML: no part of the phone reads XML, so it is shown that none looks at it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { mustRefresh, ThreePhones } from "./three-phones.js";
import { offer, type Shot, shot } from "./shot.js";

const MIXED = "multipart/mixed;boundary=b";
const PART = `--b\r\nContent-Type: application/sdp\r\n\r\n${offer()}\r\n--b--\r\n`;

const invite = (body: string, parts: Shot = {}): Buffer => shot({ method: "INVITE", body, ...parts });

/** In the call of the third phone: a re-INVITE with that body, acknowledged. */
function reInvite(three: ThreePhones, body: string): number {
  const { peer, dialog } = three.up;
  peer.requests(dialog, "INVITE", { body });
  const status = peer.takesAll().at(-1)?.status ?? 0;
  if (status === 200) peer.acks(dialog);
  return status;
}

/** The idle, the ringing and the busy phone answer `status` to an INVITE, the call its own to a re-INVITE. */
function offers(three: ThreePhones, body: string, status: number): void {
  three.answer(invite(body), status);
  assert.equal(reInvite(three, body), status === 180 ? 200 : status, JSON.stringify(body));
}

test("row 1, CVE-2022-21723: a multipart body that ends anywhere", () => {
  const three = new ThreePhones();
  for (let length = 1; length <= PART.length; length++) {
    three.answer(invite(PART.slice(0, length), { type: MIXED }), 415);
    three.answer(shot({ body: PART.slice(0, length), type: MIXED }), 200);
  }
  three.mustLive();
});

test("row 2, commit 568be8ec2: a multipart body without any part", () => {
  const three = new ThreePhones();
  for (const body of ["--b--", "--b--\r\n", "\r\n--b--\r\n", "preamble\r\n--b--\r\n", "--b\r\n--b--\r\n"])
    three.answer(invite(body, { type: MIXED }), 415);
  three.answer(invite("", { rows: { "Content-Type": MIXED } }), 180);
  three.answer(invite(PART, { type: "multipart/mixed" }), 415);
  three.answer(invite(PART, { type: 'multipart/mixed;boundary=""' }), 415);
  three.mustLive();
});

test("row 3, GHSA-x5pq-qrp4-fmrj: nested boundaries that end anywhere", () => {
  const three = new ThreePhones();
  const open = (name: string) => `--${name}\r\nContent-Type: multipart/mixed;boundary=${name}${name}\r\n\r\n`;
  const nested = `${open("b")}${open("bb")}${open("bbbb")}--bbbbbbbb\r\n\r\nx\r\n--bbbbbbbb`;
  for (let length = 1; length <= nested.length; length++)
    three.answer(invite(nested.slice(0, length), { type: MIXED }), 415);
  three.mustLive();
});

test("row 6, CVE-2018-1000099: a NUL anywhere in a session description", () => {
  const three = new ThreePhones();
  const body = offer(["a=fmtp:0 0-16"]);
  for (let at = 0; at <= body.length; at++) offers(three, `${body.slice(0, at)}\0${body.slice(at)}`, 400);
  offers(three, offer(["a=fmtp\0:101 0-16"]), 400);
  three.mustLive();
});

test("row 7, CVE-2018-1000098: payload types that are none", () => {
  const three = new ThreePhones();
  for (const payload of ["4294967296", "2147483648", "4294967295", "-1", "128", "256", "0x0", "+0", "1e3"]) {
    offers(three, offer([], `m=audio 17000 RTP/AVP ${payload}`), 488);
    offers(three, offer([`a=rtpmap:${payload} PCMU/8000`], `m=audio 17000 RTP/AVP ${payload} 0`), 180);
  }
  three.mustLive();
});

test("row 8, CVE-2022-24764: many media lines, long attributes", () => {
  const three = new ThreePhones();
  const lines = Array.from({ length: 199 }, () => "m=audio 3456 RTP/AVP 0");
  offers(three, offer(lines), 400);
  offers(three, offer([`a=${"x".repeat(60_000)}`]), 180);
  offers(three, offer([`a=fmtp:0 ${"x=y;".repeat(15_000)}`]), 180);
  offers(three, offer(Array.from({ length: 6000 }, () => "a=x:y")), 180);
  three.mustLive();
});

test("row 9, CVE-2022-39244: a session description that ends behind any of its tokens", () => {
  const three = new ThreePhones();
  const body = offer(["a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15", "a=ptime:20", "a=sendrecv"]);
  const seen = new Set<number>();
  for (let length = 1; length <= body.length; length++) {
    const status = three.answerOneOf(invite(body.slice(0, length)), [180, 400, 488]);
    seen.add(status);
    assert.equal(reInvite(three, body.slice(0, length)), status === 180 ? 200 : status);
  }
  assert.deepEqual([...seen].sort(), [180, 400, 488]);
  three.mustLive();
});

test("row 13, CVE-2026-41416: packet times of any size, one for each side", () => {
  const three = new ThreePhones();
  const { phone } = three.up;
  for (const ptime of ["0", "1", "65535", "2147483648", "4294967296", "-1", "20.5", "x", ""])
    for (const most of ["0", "1", "65535"]) {
      offers(three, offer([`a=ptime:${ptime}`, `a=maxptime:${most}`]), 180);
      const agreed = Number(phone.event("call.media").fields["ptime"]);
      assert.ok(agreed >= 0 && agreed <= 200, `ptime ${ptime}, maxptime ${most}: ${agreed}`);
    }
  three.mustLive();
});

test("row 14, CVE-2022-24763: XML that never closes is not looked at", () => {
  const three = new ThreePhones();
  for (const body of ["<a><b><c>", "<!--", "<![CDATA[", "<?xml", "<a b='", "&lt", "<".repeat(60_000)]) {
    three.answer(invite(body, { type: "application/xml" }), 415);
    three.answer(shot({ method: "NOTIFY", body, type: "application/dialog-info+xml" }), 489);
    three.answer(shot({ method: "INFO", body, type: "application/media_control+xml" }), 481);
    const optional = { "Content-Disposition": "render;handling=optional" };
    three.answer(invite(body, { type: "application/xml", rows: optional }), 180);
  }
  three.mustLive();
});

test("row 18, CVE-2022-31003: SDP without line ends, or with halves of them", () => {
  const three = new ThreePhones();
  for (const body of ["v=0", "v", "v=", "=", "\r", "\n", "\r\n", "v=0\r", "v=0\n", "v=0\ro=x\r", "v=0\r\n"])
    offers(three, body, 400);
  offers(three, offer().replace(/\r\n/g, "\r"), 400);
  offers(three, offer().replace(/\r\n/g, "\n"), 180);
  offers(three, offer().replace(/\r\n$/, ""), 180);
  offers(three, offer().replace(/\n$/, ""), 180);
  three.mustLive();
});

test("in between the call is refreshed", () => {
  const three = new ThreePhones();
  offers(three, "v=0", 400);
  mustRefresh(three.up);
  offers(three, "v=0", 400);
  three.mustLive();
});
