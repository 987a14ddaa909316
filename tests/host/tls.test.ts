// Connections over TLS: what is told of the peer's certificate, what is shown of ours, and who is not spoken to.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectPlain, type Socket } from "node:net";
import path from "node:path";
import { after, test } from "node:test";
import { connect, createServer, type TLSSocket, type TlsOptions } from "node:tls";
import { Transport } from "../../host/node/abi.js";
import { readCredentials } from "../../host/node/credentials.js";
import type { Address } from "../../host/node/records.js";
import { type Certificate, certificateOf, type CertificateOptions } from "../support/certificate.js";
import { folderOf } from "../support/program.js";
import { Recorder } from "./recorder.js";

const FLOW = 7;
const LISTENER = 8;

const authority = { ...certificateOf({ commonName: "Tests", isAuthority: true }), commonName: "Tests" };
const phoneCertificate = issued({ dns: ["phone.example"] });
const ends: (() => void)[] = [];
after(() => {
  for (const end of ends) end();
});

function issued(options: CertificateOptions): Certificate {
  return certificateOf({ ...options, issuer: authority });
}

function recorder(): Recorder {
  const phone = new Recorder();
  phone.flows.options = { credentials: { ca: authority.cert, ...phoneCertificate }, from: "" };
  ends.push(() => phone.flows.release());
  return phone;
}

/** Node's types do not have it. */
type Met = TLSSocket & { servername: string | false };

/** A server with these options, the first who comes, and the end of the first connection. */
async function server(
  options: TlsOptions,
): Promise<{ to: Address; met: Promise<Met>; over: Promise<unknown> }> {
  const peer = createServer(options);
  peer.on("tlsClientError", () => {});
  const over = new Promise((resolve) => {
    peer.once("connection", (socket: Socket) => socket.once("close", resolve));
  });
  const met = new Promise<Met>((resolve) =>
    peer.once("secureConnection", (socket) => resolve(socket as Met)),
  );
  peer.listen(0, "127.0.0.1");
  await once(peer, "listening");
  ends.push(() => peer.close());
  const bound = peer.address();
  assert.ok(typeof bound === "object" && bound);
  return { to: { address: bound.address, port: bound.port }, met, over };
}

/** The lines that are told of a server with this certificate. */
async function linesOf(certificate: Certificate, name = "a.example"): Promise<string[]> {
  const phone = recorder();
  const { to } = await server({ ...certificate });
  phone.open(FLOW, Transport.Tls, to, name);
  const { names = "" } = await phone.next("opened");
  assert.ok(names.endsWith("\n"));
  return names.slice(0, -1).split("\n");
}

/** A client of our listening socket. */
async function client(
  phone: Recorder,
  options: { cert?: string; key?: string } = {},
): Promise<{ peer: TLSSocket; at: Address }> {
  const at = await phone.listen(LISTENER, Transport.Tls);
  const peer = connect({
    host: at.address,
    port: at.port,
    ca: authority.cert,
    ...options,
    servername: "phone.example",
  });
  peer.on("error", () => {});
  return { peer, at };
}

test("the names of a certificate are told, each on a line", async () => {
  const certificate = issued({
    commonName: "a.example",
    uri: ["sip:a.example"],
    dns: ["a.example", "*.b.example"],
    ip: [
      [192, 0, 2, 7],
      [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    ],
  });
  assert.deepEqual(await linesOf(certificate), [
    "verified",
    "URI:sip:a.example",
    "DNS:a.example",
    "DNS:*.b.example",
    "IP:192.0.2.7",
    "IP:2001:db8::1",
    "CN:a.example",
  ]);
});

test("a certificate that nobody trusts, or that has expired, is told so, and not refused", async () => {
  assert.deepEqual(await linesOf(certificateOf({ commonName: "a.example" })), [
    "unverified DEPTH_ZERO_SELF_SIGNED_CERT",
    "CN:a.example",
  ]);
  assert.deepEqual(await linesOf(issued({ commonName: "a.example", isExpired: true })), [
    "unverified CERT_HAS_EXPIRED",
    "CN:a.example",
  ]);
});

test("another name than ours is verified all the same: to compare them is the module's business", async () => {
  assert.deepEqual(await linesOf(issued({ dns: ["b.example"] }), "a.example"), ["verified", "DNS:b.example"]);
});

test("a name can't be two, and can't be read as another one", async () => {
  const certificate = issued({
    commonName: "x\ny",
    dns: ["a.example\0.b.example", "a.example\nDNS:b.example", "a.example, DNS:c.example", "good.example"],
    uri: ['sip:a"b,c'],
  });
  assert.deepEqual(await linesOf(certificate), [
    "verified",
    'URI:sip:a"b,c',
    "DNS:a.example, DNS:c.example",
    "DNS:good.example",
  ]);
});

test("of very many names as many are told as the module takes; the common name is none of them", async () => {
  const dns = Array.from({ length: 2000 }, (_, i) => `host-${i}.${"x".repeat(20)}.example`);
  const lines = await linesOf(issued({ commonName: "common.example", dns }));
  assert.ok(lines.join("\n").length <= 32 * 1024);
  assert.ok(lines.length > 500);
  assert.ok(!lines.includes("CN:common.example"));
});

test("bytes that are sent before the certificate was seen are held back", async () => {
  const phone = recorder();
  const { to, met, over } = await server(certificateOf({ commonName: "a.example" }));
  let got = "";
  // Mostly the connection is gone before the server thinks that it is there.
  void met.then((peer) => peer.on("data", (bytes) => (got += String(bytes))).on("error", () => {}));
  phone.react = ({ what, names = "" }) => {
    if (what === "opened" && names.startsWith("unverified")) phone.flows.close(FLOW);
  };
  phone.open(FLOW, Transport.Tls, to, "a.example");
  phone.flows.send(FLOW, to, Buffer.from("secret"));
  await phone.next("opened");
  await over;
  assert.equal(got, "");
  assert.deepEqual(phone.all("closed"), []);
});

test("bytes pass both ways, and the end is told once", async () => {
  const phone = recorder();
  const { to, met } = await server(issued({ dns: ["a.example"] }));
  phone.open(FLOW, Transport.Tls, to, "a.example");
  phone.flows.send(FLOW, to, Buffer.from("early "));
  const peer = await met;
  await phone.next("opened");
  phone.flows.send(FLOW, to, Buffer.from("late"));
  let got = "";
  while (got.length < 10) got += String((await once(peer, "data"))[0]);
  assert.equal(got, "early late");
  const long = Buffer.alloc(200_000, "y");
  peer.write(long);
  assert.ok((await phone.bytes(FLOW, long.length)).equals(long));
  peer.end();
  assert.equal((await phone.next("closed")).error, undefined);
  assert.equal(phone.all("closed").length, 1);
});

test("the server is told the name, never an address", async () => {
  for (const [name, told] of [
    ["a.example", "a.example"],
    ["a.example.", "a.example"],
    ["127.0.0.1", false],
    ["::1", false],
    ["", false],
  ] as const) {
    const phone = recorder();
    const { to, met } = await server(issued({ dns: ["a.example"] }));
    phone.open(FLOW, Transport.Tls, to, name);
    assert.equal((await met).servername, told, name);
  }
});

test("TDR-01 TLS 1.1 is not spoken", async () => {
  const old: TlsOptions = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };
  const { to, met } = await server({ ...issued({ dns: ["a.example"] }), ...old });
  const phone = recorder();
  phone.open(FLOW, Transport.Tls, to, "a.example");
  assert.match(String((await phone.next("closed")).error), /version|protocol/i);
  // The server speaks it with those who do.
  const other = connect({ host: to.address, port: to.port, rejectUnauthorized: false, ...old } as object);
  assert.equal((await met).getProtocol(), "TLSv1.1");
  other.destroy();
});

test("somebody who speaks no TLS, or nothing, or hangs up: told with the reason", async () => {
  const phone = recorder();
  const plain = await phone.listen(LISTENER, Transport.Tcp);
  phone.react = ({ what, flow }) => {
    if (what === "received") phone.flows.send(flow, plain, Buffer.from("not TLS\r\n\r\n"));
  };
  const caller = recorder();
  caller.open(FLOW, Transport.Tls, plain, "a.example");
  assert.match(String((await caller.next("closed")).error), /SSL|TLS|version/);
  phone.react = ({ what, flow }) => {
    if (what === "received") phone.flows.close(flow);
  };
  caller.open(FLOW, Transport.Tls, plain, "a.example");
  assert.match(String((await caller.next("closed")).error), /hung up|disconnected|ECONNRESET/);
});

test("TDR-02 our certificate is shown to a server that asks for it", async () => {
  const phone = recorder();
  const options = { requestCert: true, ca: authority.cert };
  const { to, met } = await server({ ...issued({ dns: ["a.example"] }), ...options });
  phone.open(FLOW, Transport.Tls, to, "a.example");
  const peer = await met;
  assert.equal(peer.authorized, true);
  assert.equal(peer.getPeerCertificate().subjectaltname, "DNS:phone.example");
});

test("a client's certificate is asked for, told, and not demanded", async () => {
  const mutual = recorder();
  const { peer } = await client(mutual, issued({ dns: ["proxy.example"] }));
  assert.equal((await mutual.next("accepted")).names, "verified\nDNS:proxy.example\n");
  assert.equal(peer.authorized, true);
  const stranger = recorder();
  await client(stranger, certificateOf({ commonName: "stranger" }));
  const told = await stranger.next("accepted");
  assert.equal(told.names, "unverified DEPTH_ZERO_SELF_SIGNED_CERT\nCN:stranger\n");
  const anonymous = recorder();
  await client(anonymous);
  assert.equal((await anonymous.next("accepted")).names, "");
});

test("noise at the listening socket costs nothing", async () => {
  const phone = recorder();
  const at = await phone.listen(LISTENER, Transport.Tls);
  const noise = connectPlain(at.port, at.address);
  noise.on("error", () => {});
  noise.end("GET / HTTP/1.0\r\n\r\n");
  noise.resume();
  await once(noise, "close");
  const peer = connect({ host: at.address, port: at.port, ca: authority.cert, servername: "phone.example" });
  peer.write("still here");
  assert.equal(String((await phone.next("received")).bytes), "still here");
  assert.equal(phone.all("accepted").length, 1);
  peer.destroy();
});

test("who never introduces himself ends with the listening socket", async () => {
  const phone = recorder();
  const at = await phone.listen(LISTENER, Transport.Tls);
  const silent: Socket = connectPlain(at.port, at.address);
  silent.on("error", () => {});
  await once(silent, "connect");
  // A connection that came later was taken: this one is known by then.
  const { flow } = await takenAfter(phone, at);
  assert.ok(flow > 0);
  phone.flows.release();
  await once(silent, "close");
});

async function takenAfter(phone: Recorder, at: Address): Promise<{ flow: number }> {
  const peer = connect({ host: at.address, port: at.port, ca: authority.cert, servername: "phone.example" });
  peer.on("error", () => {});
  return phone.next("accepted");
}

test("the files of the settings are read, and what is wrong with them is told", () => {
  const other = certificateOf({ commonName: "other" });
  const files = folderOf({
    "phone.pem": phoneCertificate.cert,
    "phone.key": phoneCertificate.key,
    "other.key": other.key,
    "noise.pem": "noise",
  });
  ends.push(files.remove);
  const folder = path.dirname(files.path("phone.pem"));
  const read = (cert: string, key: string, ca = "") => {
    const named: Record<string, string> = {
      "ringlet.tls.certificate": cert,
      "ringlet.tls.key": key,
      "ringlet.tls.trusted": ca,
    };
    return readCredentials((name) => named[name] ?? "", folder);
  };
  assert.deepEqual(read("", ""), {});
  assert.equal(String(read("phone.pem", "phone.key").cert), phoneCertificate.cert);
  assert.equal(String(read(files.path("phone.pem"), "phone.key", "phone.pem").ca), phoneCertificate.cert);
  assert.throws(() => read("none.pem", "phone.key"), /ringlet\.tls\.certificate: .*none\.pem/);
  assert.throws(() => read("phone.pem", "other.key"), /ringlet\.tls\..*mismatch/);
  assert.throws(() => read("noise.pem", "phone.key"), /ringlet\.tls\./);
  assert.throws(() => read("phone.pem", "noise.pem"), /ringlet\.tls\./);
});
