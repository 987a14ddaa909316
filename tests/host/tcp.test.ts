// Connections over TCP on real sockets, against a peer that does what peers do.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { after, test } from "node:test";
import { Transport } from "../../host/node/abi.js";
import type { Address } from "../../host/node/records.js";
import { listenOf, Recorder } from "./recorder.js";

const FLOW = 7;
const LISTENER = 8;
const ends: (() => void)[] = [];
after(() => {
  for (const end of ends) end();
});

/** A peer that listens; `met` is the next connection to it. */
async function server(host = "127.0.0.1"): Promise<{ to: Address; met: Promise<Socket>; server: Server }> {
  const peer = createServer({ allowHalfOpen: true });
  const met = new Promise<Socket>((resolve) => peer.once("connection", resolve));
  peer.listen(0, host);
  await once(peer, "listening");
  ends.push(() => peer.close());
  const bound = peer.address();
  assert.ok(typeof bound === "object" && bound);
  return { to: { address: bound.address, port: bound.port }, met, server: peer };
}

function recorder(): Recorder {
  const made = new Recorder();
  ends.push(() => made.flows.release());
  return made;
}

/** Connected to a peer, and the peer's side of it. */
async function connected(): Promise<{ phone: Recorder; peer: Socket }> {
  const phone = recorder();
  const { to, met } = await server();
  phone.open(FLOW, Transport.Tcp, to);
  const peer = await met;
  peer.on("error", () => {});
  await phone.next("opened");
  return { phone, peer };
}

/** A connection that the peer made to us. */
async function accepted(): Promise<{ phone: Recorder; peer: Socket; flow: number; at: Address }> {
  const phone = recorder();
  const at = await phone.listen(LISTENER, Transport.Tcp);
  const peer = connect(at.port, at.address);
  peer.on("error", () => {});
  const { flow } = await phone.next("accepted");
  return { phone, peer, flow, at };
}

/** All that a peer gets until the end. */
async function readAll(peer: Socket): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of peer) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

test("a connection is opened, told with both addresses, and carries bytes both ways", async () => {
  const phone = recorder();
  const { to, met } = await server();
  phone.open(FLOW, Transport.Tcp, to);
  const peer = await met;
  const opened = await phone.next("opened");
  assert.deepEqual(opened, {
    what: "opened",
    flow: FLOW,
    local: { address: peer.remoteAddress, port: peer.remotePort },
    peer: to,
    names: "",
  });
  phone.flows.send(FLOW, to, Buffer.from("from us"));
  assert.equal(String((await once(peer, "data"))[0]), "from us");
  peer.write("from there");
  const received = await phone.next("received");
  assert.equal(String(received.bytes), "from there");
  assert.deepEqual(received.peer, { address: "", port: 0 });
});

test("what is sent while it opens leaves after the drain behind it is over, in order", async () => {
  const phone = recorder();
  const { to, met } = await server();
  phone.react = ({ what }) => {
    if (what === "opened") phone.flows.send(FLOW, to, Buffer.from("three"));
  };
  phone.open(FLOW, Transport.Tcp, to);
  phone.flows.send(FLOW, to, Buffer.from("one "));
  phone.flows.send(FLOW, to, Buffer.from("two "));
  const peer = await met;
  await phone.next("opened");
  phone.flows.close(FLOW);
  assert.equal(String(await readAll(peer)), "one two three");
});

test("if that drain closes it, nothing of what was held back leaves", async () => {
  const phone = recorder();
  const { to, met } = await server();
  phone.react = ({ what }) => {
    if (what === "opened") phone.flows.close(FLOW);
  };
  phone.open(FLOW, Transport.Tcp, to);
  phone.flows.send(FLOW, to, Buffer.from("secret"));
  const peer = await met;
  await phone.next("opened");
  const got = await readAll(peer).catch((error: NodeJS.ErrnoException) => {
    assert.equal(error.code, "ECONNRESET");
    return Buffer.alloc(0);
  });
  assert.equal(got.length, 0);
  assert.deepEqual(phone.all("closed"), []);
});

test("a flow that is closed while it opens is told nothing more of", async () => {
  const phone = recorder();
  const { to } = await server();
  phone.open(FLOW, Transport.Tcp, to);
  phone.flows.close(FLOW);
  // Whatever comes of the first has come when the second is open.
  phone.open(FLOW + 1, Transport.Tcp, to);
  assert.equal((await phone.next("opened")).flow, FLOW + 1);
  assert.equal(phone.told.length, 1);
});

test("a refused connection is closed once, with the reason", async () => {
  const phone = recorder();
  const { to, server: peer } = await server();
  peer.close();
  await once(peer, "close");
  phone.open(FLOW, Transport.Tcp, to);
  phone.flows.send(FLOW, to, Buffer.from("lost"));
  const closed = await phone.next("closed");
  assert.match(String(closed.error), /ECONNREFUSED/);
  assert.deepEqual(closed.peer, to);
  phone.flows.send(FLOW, to, Buffer.from("lost"));
  assert.equal(phone.told.length, 1);
});

test("a name is no address: it is not looked up, and what can't be opened is told later", async () => {
  const phone = recorder();
  phone.open(FLOW, Transport.Tcp, { address: "localhost", port: 5060 });
  assert.deepEqual(phone.told, []);
  assert.match(String((await phone.next("closed")).error), /"localhost" is no address/);
  phone.open(FLOW, Transport.Udp, { address: "127.0.0.1", port: 5060 });
  assert.match(String((await phone.next("closed")).error), /makes no connections/);
});

test("the local address is the one that the phone is bound to", async () => {
  const phone = recorder();
  phone.flows.options = { credentials: {}, from: "127.0.0.2" };
  const { to } = await server();
  phone.open(FLOW, Transport.Tcp, to);
  assert.equal((await phone.next("opened")).local?.address, "127.0.0.2");
});

test("a stream arrives whole, however it was cut, in parts that the module takes", async () => {
  const { phone, peer } = await connected();
  const text = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
  peer.setNoDelay(true);
  for (let i = 0; i < 200; i++) {
    peer.write(text.subarray(i, i + 1));
    await new Promise(setImmediate);
  }
  peer.write(text.subarray(200));
  assert.ok((await phone.bytes(FLOW, text.length)).equals(text));
  const parts = phone.all("received").map(({ bytes }) => bytes?.length ?? 0);
  assert.ok(Math.max(...parts) <= 65_535);
  assert.ok(parts.length > 100);
});

test("no part is told of a flow that was closed by the part before", async () => {
  const { phone, peer } = await connected();
  phone.react = ({ what }) => {
    if (what === "received") phone.flows.close(FLOW);
  };
  peer.write(Buffer.alloc(1 << 20));
  await readAll(peer);
  assert.equal(phone.all("received").length, 1);
  assert.deepEqual(phone.all("closed"), []);
});

test("a peer that sends and ends still gets its answer, then it is over, once", async () => {
  const { phone, peer } = await connected();
  phone.react = ({ what, flow, peer: from }) => {
    if (what === "received" && from) phone.flows.send(flow, from, Buffer.from("answer"));
  };
  peer.end("question");
  assert.equal(String(await readAll(peer)), "answer");
  const closed = await phone.next("closed");
  assert.equal(closed.error, undefined);
  assert.equal(phone.all("closed").length, 1);
});

test("a peer that resets it is one word, not an error of ours", async () => {
  const { phone, peer } = await connected();
  peer.resetAndDestroy();
  const closed = await phone.next("closed");
  assert.equal(closed.error, undefined);
  phone.flows.send(FLOW, { address: "127.0.0.1", port: 1 }, Buffer.from("into nothing"));
  await new Promise(setImmediate);
  assert.equal(phone.all("closed").length, 1);
});

test("a peer that does not read is given up at a limit", async () => {
  const { phone, peer } = await connected();
  peer.pause();
  const to = { address: "127.0.0.1", port: 1 };
  let sent = 0;
  for (; phone.all("closed").length === 0; sent += 65_536) {
    assert.ok(sent < 64 << 20, "no limit");
    phone.flows.send(FLOW, to, Buffer.alloc(65_536));
  }
  assert.match(String(phone.all("closed")[0]?.error), /does not read/);
  assert.ok((await readAll(peer)).length < sent);
});

test("one that is still opening holds back no more than the limit", async () => {
  const phone = recorder();
  const { to } = await server();
  phone.open(FLOW, Transport.Tcp, to);
  for (let i = 0; i < 17; i++) phone.flows.send(FLOW, to, Buffer.alloc(65_536));
  assert.match(String(phone.all("closed")[0]?.error), /does not read/);
});

test("close lets everything leave first, and is told nothing of", async () => {
  const { phone, peer } = await connected();
  const bytes = Buffer.alloc(900_000, "x");
  phone.flows.send(FLOW, { address: "127.0.0.1", port: 1 }, bytes);
  phone.flows.close(FLOW);
  assert.ok((await readAll(peer)).equals(bytes));
  assert.deepEqual(phone.all("closed"), []);
});

test("a connection comes in, and is answered on", async () => {
  const { phone, peer, flow, at } = await accepted();
  const told = phone.all("accepted")[0];
  assert.deepEqual(told?.local, at);
  assert.deepEqual(told?.peer, { address: peer.localAddress, port: peer.localPort });
  peer.write("question");
  assert.equal((await phone.next("received")).flow, flow);
  phone.flows.send(flow, { address: "", port: 0 }, Buffer.from("answer"));
  assert.equal(String((await once(peer, "data"))[0]), "answer");
});

test("a connection that nobody wants is closed at once", async () => {
  const phone = recorder();
  const at = await phone.listen(LISTENER, Transport.Tcp);
  phone.isTaking = false;
  const peer = connect(at.port, at.address);
  peer.on("error", () => {});
  await once(peer, "close");
  assert.equal(phone.told.length, 2);
});

test("closing the listening socket leaves its connections", async () => {
  const { phone, peer, flow, at } = await accepted();
  phone.flows.close(LISTENER);
  const second = connect(at.port, at.address);
  assert.match(String((await once(second, "error"))[0]), /ECONNREFUSED/);
  phone.flows.send(flow, at, Buffer.from("still"));
  assert.equal(String((await once(peer, "data"))[0]), "still");
});

test("at the end everything is closed and nothing is told", async () => {
  const { phone, peer, flow, at } = await accepted();
  phone.flows.send(flow, at, Buffer.from("last words"));
  phone.open(FLOW, Transport.Tcp, at);
  const before = phone.told.length;
  phone.flows.release();
  assert.equal(String(await readAll(peer)), "last words");
  assert.equal(phone.told.length, before);
  assert.equal(phone.flows.size, 0);
});

test("a port in use, and an address that is not ours, are errors of listening", async () => {
  const { at } = await accepted();
  const phone = recorder();
  const taken = phone.flows.listen(listenOf(LISTENER, Transport.Tcp, at));
  await assert.rejects(taken, { code: "EADDRINUSE" });
  const foreign = listenOf(LISTENER, Transport.Tcp, { address: "192.0.2.77", port: 0 });
  await assert.rejects(phone.flows.listen(foreign), { code: "EADDRNOTAVAIL" });
  assert.deepEqual(phone.told, []);
});

test("over IPv6", async (t) => {
  if (!Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1")))
    return t.skip("this machine has no IPv6");
  const phone = recorder();
  const at = await phone.listen(LISTENER, Transport.Tcp, "::1");
  assert.equal(at.address, "::1");
  phone.open(FLOW, Transport.Tcp, at);
  assert.equal((await phone.next("accepted")).peer?.address, "::1");
});
