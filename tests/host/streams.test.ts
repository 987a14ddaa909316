// A phone's connections and names from outside, as any host must have them: `ringlet run` against a peer on real sockets.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { after, test } from "node:test";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { certificateOf } from "../support/certificate.js";
import {
  addressRecord,
  aliasRecord,
  NameServer,
  pointerRecord,
  serviceRecord,
  type ZoneRecord,
} from "../support/name-server.js";
import { folderOf, type Line, Program } from "../support/program.js";

const PRESET = `#!version:1.0.0.1
account.1.enable = 1
account.1.user_name = bob
account.1.auto_answer = 1
sip.listen_port = 0
sip.tls_listen_port = 0
sip.listen_mode = 1
`;
const TLS = "account.1.sip_server.1.transport_type = 2\n";

const authority = { ...certificateOf({ commonName: "Tests", isAuthority: true }), commonName: "Tests" };
const shown = certificateOf({
  issuer: authority,
  commonName: "bob.example",
  dns: ["bob.example"],
  ip: [[127, 0, 0, 1]],
});
const stranger = certificateOf({ commonName: "bob.example", dns: ["bob.example"] });
const expired = certificateOf({ issuer: authority, dns: ["bob.example"], isExpired: true });
const other = certificateOf({ issuer: authority, dns: ["carol.example"] });

const files = folderOf({
  "authority.pem": authority.cert,
  ...pair("shown", shown),
  ...pair("stranger", stranger),
  ...pair("expired", expired),
  ...pair("other", other),
  "noise.pem": "noise",
});
const running: { end(): unknown }[] = [];
after(async () => {
  await Promise.all(running.map((program) => program.end()));
  files.remove();
});

function pair(name: string, { cert, key }: { cert: string; key: string }): Record<string, string> {
  return { [`${name}.pem`]: cert, [`${name}.key`]: key };
}

/** The settings of a phone with this certificate. */
function identity(name: string): string {
  const path = files.path;
  return `ringlet.tls.certificate = ${path(`${name}.pem`)}\nringlet.tls.key = ${path(`${name}.key`)}\nringlet.tls.trusted = ${path("authority.pem")}\n`;
}

interface Running {
  program: Program;
  /** Where it listens, by transport. */
  ports: Record<string, number>;
}

async function phone(settings: string, transports: string[], ...words: string[]): Promise<Running> {
  const folder = folderOf({ "phone.cfg": PRESET + settings });
  const program = new Program(
    "run",
    "--config",
    folder.path("phone.cfg"),
    "--bind",
    "127.0.0.1",
    "--json",
    ...words,
  );
  running.push({ end: () => program.end().then(folder.remove) });
  const ports: Record<string, number> = {};
  while (transports.some((transport) => !(transport in ports))) {
    const ready = await program.event("phone.ready");
    ports[String(ready["transport"])] = Number(ready["port"]);
  }
  return { program, ports };
}

function options(transport: string, callId: string, more = "", length = 0): string {
  return [
    "OPTIONS sip:bob@127.0.0.1 SIP/2.0",
    `Via: SIP/2.0/${transport} 127.0.0.1;branch=z9hG4bK${callId}`,
    "Max-Forwards: 70",
    "From: <sip:alice:s3cret@127.0.0.1>;tag=1",
    "To: <sip:bob@127.0.0.1>",
    `Call-ID: ${callId}`,
    "CSeq: 1 OPTIONS",
    ...(more ? [more] : []),
    `Content-Length: ${length}`,
    "",
    "",
  ].join("\r\n");
}

const CREDENTIALS = "Authorization: Digest response=5ecret";
const HIDDEN = "Authorization: Digest ***************";

function masked(text: string): string {
  return text.replace(CREDENTIALS, HIDDEN).replace("s3cret", "******");
}

/** What the peer gets, until so many answers are there. */
async function answers(peer: Socket, count: number): Promise<string[]> {
  let got = "";
  for (;;) {
    const all = got.split("\r\n\r\n").slice(0, -1);
    if (all.length >= count) return all;
    const [bytes] = (await once(peer, "data")) as [Buffer];
    got += bytes.toString();
  }
}

async function nextReceived(program: Program): Promise<Line> {
  for (;;) {
    const line = await program.event("trace");
    if (line["direction"] === "received") return line;
  }
}

async function called(program: Program, uri: string): Promise<Line> {
  program.type(`call ${uri}`);
  return program.event("call.ended");
}

async function callsThrough(program: Program, uri: string): Promise<void> {
  program.type(`call ${uri}`);
  await program.event("call.established");
  program.type("hangup");
  assert.equal((await program.event("call.ended"))["by"], "local");
}

// ---- TCP ----

test("over TCP a message is shown whole, however it came, and without its secrets", async () => {
  const { program, ports } = await phone("", ["TCP"], "--trace");
  const peer = connect(ports["TCP"] ?? 0, "127.0.0.1").setNoDelay(true);
  const text = options("TCP", "1", CREDENTIALS);
  const replied = answers(peer, 2);
  for (const byte of text) {
    peer.write(byte);
    await new Promise(setImmediate);
  }
  peer.write(options("TCP", "2", CREDENTIALS));
  const first = await nextReceived(program);
  assert.equal(first["message"], masked(text));
  assert.equal(first["peer"], `127.0.0.1:${peer.localPort}`);
  assert.equal(first["local"], `127.0.0.1:${ports["TCP"]}`);
  assert.equal((await nextReceived(program))["message"], masked(options("TCP", "2", CREDENTIALS)));
  for (const answer of await replied) assert.match(answer, /^SIP\/2\.0 200 /);
  peer.destroy();
});

test("what is no whole message is shown at the end, without its secrets", async () => {
  const { program, ports } = await phone("", ["TCP"], "--trace");
  const peer = connect(ports["TCP"] ?? 0, "127.0.0.1");
  const isOver = once(peer, "close");
  const text = options("TCP", "1", CREDENTIALS, 5);
  peer.end(text);
  peer.resume();
  assert.equal((await nextReceived(program))["message"], masked(text));
  await isOver;
});

test("many messages in one stream are answered in order, also to a peer that has ended its side", async () => {
  const { program, ports } = await phone("ringlet.capacity.transactions = 1000\n", ["TCP"]);
  const peer = connect({ port: ports["TCP"] ?? 0, host: "127.0.0.1", allowHalfOpen: true });
  const isOver = once(peer, "close");
  const count = 200;
  peer.end(Array.from({ length: count }, (_, i) => options("TCP", `${i}`)).join(""));
  const got = await answers(peer, count);
  got.forEach((answer, i) => assert.match(answer, new RegExp(`^SIP/2\\.0 200 [^]*Call-ID: ${i}\\r\\n`)));
  await isOver;
  assert.equal(program.errors, "");
});

test("a connection that fails is a fault with its reason", async () => {
  const { program } = await phone("", ["TCP"]);
  const taken = createServer();
  taken.listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  taken.close();
  await once(taken, "close");
  program.type(`call sip:bob@127.0.0.1:${port};transport=tcp`);
  const fault = await program.event("fault");
  assert.match(String(fault["what"]), new RegExp(`^socket to 127\\.0\\.0\\.1 port ${port}: .*ECONNREFUSED`));
  await program.event("call.ended");
});

test("a call over TCP", async () => {
  const alice = await phone("", ["TCP"]);
  const bob = await phone("", ["TCP"]);
  await callsThrough(alice.program, `sip:bob@127.0.0.1:${bob.ports["TCP"]};transport=tcp`);
  assert.equal((await bob.program.event("call.ended"))["by"], "remote");
});

test("a port of TCP that is in use is an error of the start", async () => {
  const taken = createServer();
  taken.listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  const folder = folderOf({ "phone.cfg": `${PRESET}sip.listen_port = ${port}\n` });
  const program = new Program("run", "--config", folder.path("phone.cfg"), "--bind", "127.0.0.1");
  assert.equal(await program.exited, 1);
  assert.match(program.errors, new RegExp(`EADDRINUSE.* 127\\.0\\.0\\.1:${port}\n$`));
  taken.close();
  folder.remove();
});

test("at the end what was said last arrives, and then the connection ends", async () => {
  const { program, ports } = await phone("", ["TCP"]);
  const peer = connect(ports["TCP"] ?? 0, "127.0.0.1");
  const replied = answers(peer, 1);
  peer.write(options("TCP", "1"));
  await replied;
  program.type("quit");
  await once(peer, "end");
  assert.equal(await program.exited, 0);
});

// ---- TLS ----

async function client(port: number, more: object = {}): Promise<TLSSocket> {
  const peer = connectTls({
    host: "127.0.0.1",
    port,
    ca: authority.cert,
    servername: "bob.example",
    ...more,
  });
  await once(peer, "secureConnect");
  return peer;
}

test("over TLS, with the certificate that the settings name", async () => {
  const { program, ports } = await phone(TLS + identity("shown"), ["TLS"], "--trace");
  const peer = await client(ports["TLS"] ?? 0);
  assert.equal(peer.authorized, true);
  const text = options("TLS", "1", CREDENTIALS);
  const replied = answers(peer, 2);
  for (const byte of text) peer.write(byte);
  peer.write(options("TLS", "2"));
  for (const answer of await replied) assert.match(answer, /^SIP\/2\.0 200 /);
  assert.equal((await nextReceived(program))["message"], masked(text));
  program.type("quit");
  await once(peer, "end");
  assert.equal(await program.exited, 0);
  assert.equal(
    program.lines.some(({ event }) => event === "fault"),
    false,
  );
});

test("TLS 1.1, noise and silence at the listening socket cost nothing", async () => {
  const { program, ports } = await phone(TLS + identity("shown"), ["TLS"]);
  const port = ports["TLS"] ?? 0;
  const silent = connect(port, "127.0.0.1");
  const noise = connect(port, "127.0.0.1");
  noise.on("error", () => {});
  const isRid = new Promise((resolve) => noise.once("close", resolve));
  noise.end("GET / HTTP/1.0\r\n\r\n").resume();
  await isRid;
  const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };
  await assert.rejects(client(port, old), /version|handshake|ECONNRESET/i);
  const peer = await client(port);
  const replied = answers(peer, 1);
  peer.write(options("TLS", "1"));
  assert.match((await replied)[0] ?? "", /^SIP\/2\.0 200 /);
  peer.destroy();
  silent.on("error", () => {});
  program.type("quit");
  await once(silent, "close");
  assert.equal(await program.exited, 0);
});

test("calls over TLS: to who is trusted, and to nobody else", async () => {
  const alice = await phone(TLS + identity("shown"), ["TLS"]);
  const uriOf = ({ ports }: Running) => `sip:bob@127.0.0.1:${ports["TLS"]};transport=tls`;
  const bob = await phone(TLS + identity("shown"), ["TLS"]);
  await callsThrough(alice.program, uriOf(bob));
  for (const name of ["stranger", "expired"]) {
    const peer = await phone(TLS + identity(name), ["TLS"]);
    assert.notEqual((await called(alice.program, uriOf(peer)))["status"], 200, name);
    assert.equal(
      peer.program.lines.some(({ event }) => event === "call.incoming"),
      false,
      name,
    );
  }
});

test("the name that was called must stand in the certificate, if the settings want it", async () => {
  const zone = [addressRecord("bob.example", 60, "127.0.0.1")];
  const server = await nameServer(...zone);
  const settings = `${TLS}${identity("shown")}security.cn_validation = 1\n`;
  const alice = await phone(settings, ["TLS"], "--dns", server.address);
  const bob = await phone(TLS + identity("shown"), ["TLS"]);
  const carol = await phone(TLS + identity("other"), ["TLS"]);
  await callsThrough(alice.program, `sip:bob@bob.example:${bob.ports["TLS"]};transport=tls`);
  await callsThrough(alice.program, `sip:bob@127.0.0.1:${bob.ports["TLS"]};transport=tls`);
  await called(alice.program, `sip:bob@bob.example:${carol.ports["TLS"]};transport=tls`);
  assert.equal(
    carol.program.lines.some(({ event }) => event === "call.incoming"),
    false,
  );
});

test("a server that speaks no TLS is a fault with its reason", async () => {
  const { program } = await phone(TLS + identity("shown"), ["TLS"]);
  const peer = createServer((socket) => socket.end("not TLS\r\n\r\n").on("error", () => {}));
  running.push({ end: () => peer.close() });
  peer.listen(0, "127.0.0.1");
  await once(peer, "listening");
  const { port } = peer.address() as { port: number };
  program.type(`call sip:bob@127.0.0.1:${port};transport=tls`);
  assert.match(
    String((await program.event("fault"))["what"]),
    /^socket to 127\.0\.0\.1 port \d+: .*(SSL|TLS)/,
  );
  await program.event("call.ended");
});

test("files of certificates that can't be used are errors of the start", async () => {
  for (const [settings, reason] of [
    ["ringlet.tls.certificate = lost.pem\n", /ringlet\.tls\.certificate: ENOENT.*lost\.pem/],
    [`${identity("shown")}ringlet.tls.key = ${files.path("noise.pem")}\n`, /ringlet\.tls\.key/],
    [`${identity("shown")}ringlet.tls.key = ${files.path("other.key")}\n`, /ringlet\.tls\..*mismatch/],
  ] as const) {
    const folder = folderOf({ "phone.cfg": PRESET + settings });
    const program = new Program("run", "--config", folder.path("phone.cfg"), "--bind", "127.0.0.1");
    assert.equal(await program.exited, 1, settings);
    assert.match(program.errors, reason);
    folder.remove();
  }
});

// ---- names ----

async function nameServer(...zone: ZoneRecord[]): Promise<NameServer> {
  const server = await NameServer.start(zone);
  running.push({ end: () => server.close() });
  return server;
}

test("a name is found over its services, an alias and an address", async () => {
  const bob = await phone("", ["TCP"]);
  const server = await nameServer(
    pointerRecord("site.example", 60, [20, 10], ["s", "SIP+D2U", ""], "_sip._udp.site.example"),
    pointerRecord("site.example", 60, [10, 10], ["S", "SIP+D2T", ""], "_sip._tcp.site.example"),
    serviceRecord("_sip._tcp.site.example", 60, [1, 0, bob.ports["TCP"] ?? 0], "host.example"),
    aliasRecord("host.example", 60, "real.example"),
    addressRecord("real.example", 60, "127.0.0.1"),
  );
  const asking =
    "account.1.sip_server.1.address = site.example\naccount.1.sip_server.1.port = 0\naccount.1.sip_server.1.transport_type = 3\n";
  const alice = await phone(asking, ["TCP"], "--dns", server.address);
  await callsThrough(alice.program, "sip:bob@site.example");
  assert.deepEqual([...new Set(server.asked)].slice(0, 3), [
    "site.example 35",
    "_sip._tcp.site.example 33",
    "host.example 1",
  ]);
});

test("what a datagram does not hold is asked for over TCP; the second name server helps where the first does not", async () => {
  const bob = await phone("", ["UDP"]);
  const addresses = Array.from({ length: 50 }, () => addressRecord("big.example", 60, "127.0.0.1"));
  const server = await nameServer(...addresses);
  const refusing = await nameServer();
  refusing.code = 5;
  const alice = await phone("", ["UDP"], "--dns", refusing.address, "--dns", server.address);
  await callsThrough(alice.program, `sip:bob@big.example:${bob.ports["UDP"]}`);
  assert.ok(server.asked.includes("big.example 1 tcp"));
  assert.ok(refusing.asked.includes("big.example 1"));
});

test("a broken answer, and no such name, end the call", async () => {
  const server = await nameServer(addressRecord("a.example", 60, "127.0.0.1"));
  const alice = await phone("", ["UDP"], "--dns", server.address);
  assert.equal((await called(alice.program, "sip:bob@nowhere.example:5060"))["rule"], "RFC3263-not-located");
  server.spoil = (answer) => answer.subarray(0, answer.length - 1);
  assert.equal((await called(alice.program, "sip:bob@a.example:5060"))["rule"], "RFC3263-not-located");
});
