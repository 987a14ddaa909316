// Listening flows and connections: which are asked for, and how they come and go (docs/abi.md, "What arrives").

import assert from "node:assert/strict";
import { test } from "node:test";
import { RecordKind, Status, Transport } from "../../host/node/abi.js";
import { LOCAL, PEER, Raw } from "./raw.js";

/** What a started phone asks to listen on: transport, address, port, DSCP. */
function listens(config: string): (string | number)[][] {
  const raw = Raw.ready(config);
  raw.call("sip_start", 0);
  return raw
    .poll()
    .filter(({ kind }) => kind === RecordKind.Listen)
    .map(({ words }) => [
      Transport[words[1] ?? 0] ?? "",
      raw.text(words[2], words[3]),
      words[4] ?? -1,
      words[5] ?? -1,
    ]);
}

/** A phone that listens for TCP too. */
function listening(): { raw: Raw; listener: number; udp: number } {
  const raw = Raw.ready("sip.listen_mode = 1\n");
  raw.call("sip_start", 0);
  const records = raw.poll().filter(({ kind }) => kind === RecordKind.Listen);
  const [udp = 0, listener = 0] = records.map(({ words }) => words[0] ?? 0);
  for (const flow of [udp, listener]) raw.call("sip_flow_opened", flow, raw.put(LOCAL), 5060, 0, 0, 0, 0);
  raw.poll();
  return { raw, listener, udp };
}

function accept(raw: Raw, listener: number, port = 40_000, now = 0): number {
  raw.put(LOCAL, PEER);
  return raw.call("sip_accepted", listener, LOCAL.length, 5060, PEER.length, port, 0, now);
}

test("without settings: UDP alone, with the usual DSCP", () => {
  assert.deepEqual(listens(""), [["Udp", LOCAL, 5060, 26]]);
});

test("listen_mode, and the transports of the servers, say what else", () => {
  const udp = ["Udp", LOCAL, 5060, 26];
  const tcp = ["Tcp", LOCAL, 5060, 26];
  const tls = ["Tls", LOCAL, 5061, 26];
  const certificate = "ringlet.tls.certificate = phone.pem\n";
  const server = (type: number) => `account.1.sip_server.1.transport_type = ${type}\n`;
  assert.deepEqual(listens("sip.listen_mode = 1\n"), [udp, tcp]);
  assert.deepEqual(listens("sip.listen_mode = 2\n"), [udp, tcp]);
  assert.deepEqual(listens(server(1)), [tcp]);
  assert.deepEqual(listens(server(2)), []);
  assert.deepEqual(listens(certificate + server(2)), [tls]);
  assert.deepEqual(listens(certificate), [udp]);
  assert.deepEqual(listens(certificate + server(3)), [udp, tcp, tls]);
  // The second server counts only where there is one.
  const second = "account.1.sip_server.2.transport_type = 1\n";
  assert.deepEqual(listens(second), [udp]);
  assert.deepEqual(listens(`${second}account.1.sip_server.2.address = b.example\n`), [udp, tcp]);
  // An account that is not enabled wants nothing.
  assert.deepEqual(listens("account.2.sip_server.1.transport_type = 1\n"), [udp]);
});

test("other ports and another DSCP", () => {
  const config =
    "sip.listen_port = 6060\nsip.tls_listen_port = 6061\nnetwork.qos.signaltos = 46\nringlet.tls.certificate = a\n" +
    "account.1.sip_server.1.transport_type = 3\n";
  assert.deepEqual(listens(config), [
    ["Udp", LOCAL, 6060, 46],
    ["Tcp", LOCAL, 6060, 46],
    ["Tls", LOCAL, 6061, 46],
  ]);
});

test("connections come in on listening flows only", () => {
  const { raw, listener, udp } = listening();
  for (const other of [0, -1, udp, listener + 1])
    assert.equal(accept(raw, other), Status.NoSuchThing, `${other}`);
  const flow = accept(raw, listener);
  assert.ok(flow > 0);
  raw.poll();
  assert.equal(accept(raw, flow), Status.NoSuchThing);
  assert.equal(raw.call("sip_flow_closed", flow, 0), Status.Ok);
  assert.equal(raw.call("sip_flow_closed", flow, 0), Status.NoSuchThing);
});

test("what can't be an end of a connection is refused", () => {
  const { raw, listener } = listening();
  assert.equal(raw.call("sip_accepted", listener, 0, 5060, 0, 40_000, 0, 0), Status.BadArgument);
  for (const port of [-1, 65_536]) {
    assert.equal(accept(raw, listener, port), Status.BadArgument);
    raw.put(LOCAL, PEER);
    assert.equal(
      raw.call("sip_accepted", listener, LOCAL.length, port, PEER.length, 1, 0, 0),
      Status.BadArgument,
    );
  }
  for (const length of [-1, 70_000, 2 ** 31 - 1]) {
    assert.equal(raw.call("sip_accepted", listener, length, 5060, 0, 1, 0, 0), Status.TooLarge);
    assert.equal(raw.call("sip_accepted", listener, 0, 5060, length, 1, 0, 0), Status.TooLarge);
    assert.equal(raw.call("sip_accepted", listener, 0, 5060, 0, 1, length, 0), Status.TooLarge);
  }
});
