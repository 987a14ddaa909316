// A server that wants the phone's certificate, as Teams does (TDR-02), and one that speaks an old TLS only (TDR-01): any host.

import assert from "node:assert/strict";
import { once } from "node:events";
import { after, test } from "node:test";
import { createServer, type TLSSocket, type TlsOptions } from "node:tls";
import { certificateOf } from "../support/certificate.js";
import { folderOf, IS_NODE_HOST, Program } from "../support/program.js";

const authority = { ...certificateOf({ commonName: "Tests", isAuthority: true }), commonName: "Tests" };
const shown = certificateOf({ issuer: authority, dns: ["sbc.example"] });
const stranger = certificateOf({ commonName: "sbc.example", dns: ["sbc.example"] });
const server = certificateOf({ issuer: authority, ip: [[127, 0, 0, 1]] });

const files = folderOf({
  "authority.pem": authority.cert,
  "shown.pem": shown.cert,
  "shown.key": shown.key,
  "stranger.pem": stranger.cert,
  "stranger.key": stranger.key,
});
const ends: (() => unknown)[] = [() => files.remove()];
after(() => Promise.all(ends.map((end) => end())));

interface Registrar {
  port: number;
  /** Names of those who have sent anything. */
  met: string[];
}

/** Grants whatever it is asked for. */
async function registrar(options: TlsOptions): Promise<Registrar> {
  const met: string[] = [];
  const listening = createServer({ ...server, ca: authority.cert, ...options });
  listening.on("tlsClientError", () => {});
  listening.on("secureConnection", (socket: TLSSocket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => {
      met.push(socket.getPeerCertificate().subjectaltname ?? "");
      socket.write(granted(String(bytes)));
    });
  });
  listening.listen(0, "127.0.0.1");
  await once(listening, "listening");
  ends.push(() => listening.close());
  return { port: (listening.address() as { port: number }).port, met };
}

function granted(request: string): string {
  const rows = request.split("\r\n").filter((row) => /^(Via|From|To|Call-ID|CSeq|Contact):/.test(row));
  return ["SIP/2.0 200 OK", ...rows, "Expires: 600", "Content-Length: 0", "", ""].join("\r\n");
}

/** A phone that shows this certificate, or none. */
function phone({ port }: Registrar, name: string): Program {
  const own = `ringlet.tls.certificate = ${files.path(`${name}.pem`)}\nringlet.tls.key = ${files.path(`${name}.key`)}\n`;
  const folder = folderOf({
    "phone.cfg": `#!version:1.0.0.1
account.1.enable = 1
account.1.user_name = alice
account.1.sip_server.1.address = 127.0.0.1
account.1.sip_server.1.port = ${port}
account.1.sip_server.1.transport_type = 2
security.cn_validation = 1
sip.tls_listen_port = 0
ringlet.tls.trusted = ${files.path("authority.pem")}
${name ? own : ""}`,
  });
  const program = new Program("run", "--config", folder.path("phone.cfg"), "--bind", "127.0.0.1", "--json");
  ends.push(() => program.end().then(folder.remove));
  return program;
}

const MUTUAL: TlsOptions = { requestCert: true, rejectUnauthorized: true };

// The library of the host in C, Mbed TLS 2.28, has no TLS 1.3.
const VERSIONS = IS_NODE_HOST ? (["TLSv1.2", "TLSv1.3"] as const) : (["TLSv1.2"] as const);

test("TDR-02 a server that demands our certificate gets it", async () => {
  for (const version of VERSIONS) {
    const there = await registrar({ ...MUTUAL, minVersion: version, maxVersion: version });
    const program = phone(there, "shown");
    assert.equal((await program.event("account.registered"))["transport"], "TLS", version);
    assert.deepEqual(there.met, ["DNS:sbc.example"], version);
  }
});

test("TDR-02 without a certificate, or with one that it does not trust, such a server is not spoken to", async () => {
  for (const name of ["", "stranger"]) {
    const there = await registrar(MUTUAL);
    await phone(there, name).event("account.failed");
    assert.deepEqual(there.met, []);
  }
});

test("TDR-01 a server that speaks TLS 1.1 alone is not spoken to", async () => {
  const there = await registrar({
    minVersion: "TLSv1",
    maxVersion: "TLSv1.1",
    ciphers: "DEFAULT@SECLEVEL=0",
  });
  await phone(there, "shown").event("account.failed");
  assert.deepEqual(there.met, []);
});
