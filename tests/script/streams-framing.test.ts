// Messages on a stream (RFC 3261 §18.3): where one ends, what is too long, and line ends between them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, type Connected, message } from "../support/scripted-peer.js";
import { come, type Stream, tryToConnect } from "../support/stream.js";
import { Status } from "../../host/node/abi.js";

const CONFIG = "sip.listen_mode = 1";

function listening(config = ""): Connected & { stream: Stream } {
  const connected = connect({ config: `${CONFIG}\n${config}` });
  return { ...connected, stream: come(connected) };
}

/** An OPTIONS as the peer writes it; `rows`: more header lines. */
function options(n: number, body = "", rows = ""): string {
  return message(`
    OPTIONS sip:alice@192.0.2.10 SIP/2.0
    Via: SIP/2.0/TCP 192.0.2.20:5060;branch=z9hG4bK${n}
    From: <sip:bob@192.0.2.20>;tag=1
    To: <sip:alice@192.0.2.10>
    Call-ID: ${n}
    CSeq: 1 OPTIONS
    Max-Forwards: 70

  `)
    .replace("Content-Length: 0\r\n", `${rows}Content-Length: ${Buffer.byteLength(body)}\r\n`)
    .concat(body);
}

/** Without Content-Length, or with other rows in its place. */
function without(text: string, rows = ""): string {
  return text.replace(/Content-Length: \d+\r\n/, rows);
}

test("messages are found however the stream is cut", () => {
  const text = `${options(1)}\r\n${options(2, "a body")}${options(3)}`;
  for (let at = 0; at <= text.length; at++) {
    const { peer, stream } = listening();
    stream.brings(text.slice(0, at));
    stream.brings(text.slice(at));
    for (const callId of ["1", "2", "3"])
      assert.equal(peer.expects(200).header("Call-ID"), callId, `cut at ${at}`);
    peer.expectsNothing();
    assert.ok(!stream.isClosed);
  }
});

test("byte by byte", () => {
  const { peer, stream } = listening();
  for (const byte of `${options(1, "ab")}${options(2)}`) stream.brings(byte);
  peer.expects(200);
  peer.expects(200);
  peer.expectsNothing();
});

test("folded, compact and spaced rows of Content-Length say the same", () => {
  for (const row of [
    "l: 4",
    "L:4",
    "content-length : 4",
    "CONTENT-LENGTH:\r\n 4",
    "Content-Length: \t4  ",
    "Content-Length:\n 4",
  ]) {
    const { peer, stream } = listening();
    stream.brings(without(options(1), `${row}\r\n`) + "body" + options(2));
    peer.expects(200);
    assert.equal(peer.expects(200).header("Call-ID"), "2", row);
    assert.ok(!stream.isClosed, row);
  }
});

test("without one Content-Length nobody knows where the next message begins: 400, and the connection ends", () => {
  for (const rows of [
    "",
    "Content-Length: 0\r\nContent-Length: 4\r\n",
    "Content-Length: 0\r\nl: 0\r\n",
    "Content-Length: -1\r\n",
    "Content-Length: 5 5\r\n",
    "Content-Length: 0x5\r\n",
    "Content-Length: 99999999999\r\n",
    "Content-Length: +5\r\n",
    "Content-Length:\r\n",
  ]) {
    const { peer, stream, wire } = listening();
    stream.brings(without(options(1), rows) + options(2));
    peer.expects(400);
    peer.expectsNothing();
    assert.ok(stream.isClosed, rows);
    assert.equal(
      wire.instance.module.receive(stream.flow, { address: "", port: 0 }, Buffer.from("x"), 0),
      Status.NoSuchThing,
    );
  }
});

test("a response or an ACK without Content-Length ends the connection without a word", () => {
  for (const line of ["SIP/2.0 200 OK", "ACK sip:alice@192.0.2.10 SIP/2.0"]) {
    const { peer, stream } = listening();
    stream.brings(
      without(options(1))
        .replace(/^.*\r\n/, `${line}\r\n`)
        .replace("1 OPTIONS", "1 ACK"),
    );
    peer.expectsNothing();
    assert.ok(stream.isClosed, line);
  }
});

test("TDR-20 a message of 60 KiB is taken, in pieces of any size", () => {
  const text = options(1, "b".repeat(50_000), `X: ${"x".repeat(5000)}\r\nY: ${"y".repeat(5000)}\r\n`);
  for (const size of [1000, 7777, 65_535]) {
    const { peer, stream } = listening();
    for (let at = 0; at < text.length; at += size) stream.brings(text.slice(at, at + size));
    stream.brings(options(2));
    assert.equal(peer.takesAll(200).length, 2, `pieces of ${size}`);
  }
});

test("a body that would not fit is refused before it has come", () => {
  const { peer, stream } = listening();
  stream.brings(without(options(1), "Content-Length: 65536\r\n"));
  assert.equal(peer.expects(413).header("Call-ID"), "1");
  assert.ok(stream.isClosed);
});

test("a header of more than 16 KiB is refused, also one that never ends", () => {
  const long = `X: ${"x".repeat(8000)}\r\n`;
  const { peer, stream } = listening();
  stream.brings(options(1, "", long + long + long));
  peer.expects(513);
  assert.ok(stream.isClosed);
  const other = listening();
  for (let n = 0; n < 30 && !other.stream.isClosed; n++) other.stream.brings("x".repeat(1000));
  assert.ok(other.stream.isClosed);
  other.peer.expectsNothing();
});

test("RFC 5626 §4.4.1 a double CRLF is answered with one, wherever it is cut", () => {
  const { stream, peer } = listening();
  stream.brings("\r\n\r\n");
  assert.deepEqual(stream.takesLineEnds(), ["\r\n"]);
  for (const byte of "\r\n\r\n") stream.brings(byte);
  assert.deepEqual(stream.takesLineEnds(), ["\r\n"]);
  stream.brings("\r\n");
  stream.brings(`${options(1)}\r\n`);
  stream.brings(options(2));
  assert.deepEqual(stream.takesLineEnds(), []);
  assert.equal(peer.takesAll(200).length, 2);
  stream.brings("\r\n".repeat(1000));
  assert.deepEqual(stream.takesLineEnds(), ["\r\n"]);
});

test("more requests than one call can answer are answered in the next ticks", () => {
  const { peer, stream, wire } = listening("ringlet.capacity.transactions = 1000");
  let text = "";
  let n = 0;
  for (; text.length < 64_000; n++) text += options(n);
  stream.brings(text);
  const first = peer.takesAll(200).length;
  assert.ok(first < n);
  wire.runTo(wire.now + 1);
  assert.equal(first + peer.takesAll(200).length, n);
  assert.ok(!stream.isClosed);
});

test("a connection that brings nothing, or line ends only, is closed after 32 s", () => {
  for (const bytes of ["", "\r\n\r\n", "INVITE"]) {
    const { stream, runTo } = listening();
    stream.brings(bytes);
    runTo(31_999);
    stream.brings(bytes && "\r\n");
    assert.ok(!stream.isClosed);
    runTo(32_000);
    assert.ok(stream.isClosed, JSON.stringify(bytes));
  }
});

test("a message that is not finished within 32 s ends its connection, however slowly it goes on", () => {
  const { peer, stream, runTo } = listening();
  stream.brings(options(1));
  peer.expects(200);
  runTo(50_000);
  const text = options(2);
  for (let n = 0; n < 31; n++) {
    runTo(50_000 + n * 1000);
    stream.brings(text.slice(n, n + 1));
  }
  assert.ok(!stream.isClosed);
  runTo(82_000);
  assert.ok(stream.isClosed);
});

test("an idle connection is closed after 120 s; line ends keep it", () => {
  const { peer, stream, runTo } = listening();
  stream.brings(options(1));
  peer.expects(200);
  runTo(119_999);
  stream.brings("\r\n\r\n");
  runTo(239_998);
  assert.ok(!stream.isClosed);
  runTo(239_999);
  assert.ok(stream.isClosed);
});

test("connections are limited: a quiet one makes room, one in use does not", () => {
  const connected = connect({ config: CONFIG });
  const streams = [];
  for (let n = 0; n < 24; n++) {
    const stream = come(connected, { from: { address: "192.0.2.20", port: 40_000 + n } });
    stream.brings(options(n));
    streams.push(stream);
  }
  connected.peer.takesAll(200);
  assert.equal(tryToConnect(connected), Status.Full);
  connected.runTo(20_000);
  for (const stream of streams) if (stream !== streams[7]) stream.brings("\r\n\r\n");
  connected.runTo(32_000);
  assert.ok(tryToConnect(connected) > 0);
  assert.deepEqual(streams.map(({ isClosed }) => isClosed).indexOf(true), 7);
  // The newest has said nothing yet: it is the next to go.
  assert.ok(tryToConnect(connected) > 0);
  assert.equal(streams.filter(({ isClosed }) => isClosed).length, 1);
});

test("unfinished messages of all peers together are limited", () => {
  const connected = connect({ config: CONFIG });
  const streams = [];
  for (let n = 0; n < 10; n++) {
    const stream = come(connected, { from: { address: "192.0.2.20", port: 40_000 + n } });
    stream.brings(`INVITE sip:alice@192.0.2.10 SIP/2.0\r\n${`X: ${"x".repeat(7000)}\r\n`.repeat(2)}`);
    streams.push(stream);
  }
  const closed = streams.map(({ isClosed }) => isClosed);
  assert.deepEqual(closed, [...Array<boolean>(4).fill(false), ...Array<boolean>(6).fill(true)]);
});
