// The phone as a library on real connections: what it shows of them, and its end.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import path from "node:path";
import { after, test } from "node:test";
import { connect as connectTls } from "node:tls";
import { type Event, Phone, StartError, type Traced } from "../../host/node/index.js";
import { certificateOf } from "../support/certificate.js";
import { folderOf, Program } from "../support/program.js";

const CONFIG = `account.1.enable = 1
account.1.user_name = alice
account.1.sip_server.1.transport_type = 2
ringlet.bind.address = 127.0.0.1
sip.listen_port = 0
sip.tls_listen_port = 0
sip.listen_mode = 1
`;

const own = certificateOf({ commonName: "phone.example", dns: ["phone.example"] });
const files = folderOf({
  "phone.cfg": `${CONFIG}ringlet.tls.certificate = phone.pem\nringlet.tls.key = phone.key\n`,
  "lost.cfg": `${CONFIG}ringlet.tls.certificate = lost.pem\n`,
  "phone.pem": own.cert,
  "phone.key": own.key,
});
const running: Phone[] = [];
after(async () => {
  await Promise.all(running.map((phone) => phone.close()));
  files.remove();
});

interface Started {
  phone: Phone;
  traces: Traced[];
  faults: Event[];
  /** Where it listens, by transport. */
  ports: Record<string, number>;
}

async function started(text = CONFIG): Promise<Started> {
  const folder = path.dirname(files.path("phone.cfg"));
  const phone = new Phone({ configs: [{ name: "phone.cfg", text }], folder });
  running.push(phone);
  const made: Started = { phone, traces: [], faults: [], ports: {} };
  phone.on("trace", (traced) => made.traces.push(traced));
  phone.on("event", (event) => {
    if (event.name === "fault") made.faults.push(event);
    if (event.name === "phone.ready")
      made.ports[String(event.fields["transport"])] = Number(event.fields["port"]);
  });
  await phone.start();
  return made;
}

function options(transport: string, more: string, length: number): string {
  return [
    "OPTIONS sip:alice@127.0.0.1 SIP/2.0",
    `Via: SIP/2.0/${transport} 127.0.0.1;branch=z9hG4bKx`,
    "Max-Forwards: 70",
    "From: <sip:bob:s3cret@127.0.0.1>;tag=1",
    "To: <sip:alice@127.0.0.1>",
    "Call-ID: 1",
    "CSeq: 1 OPTIONS",
    more,
    `Content-Length: ${length}`,
    "",
    "",
  ].join("\r\n");
}

const CREDENTIALS = "Authorization: Digest response=5ecret";
const HIDDEN = "Authorization: Digest ***************";

/** What the peer gets, up to the end of a header. */
async function answer(peer: Socket): Promise<string> {
  let got = "";
  while (!got.includes("\r\n\r\n")) got += String((await once(peer, "data"))[0]);
  return got;
}

function received({ traces }: Started): string[] {
  return traces.filter(({ direction }) => direction === "received").map(({ bytes }) => String(bytes));
}

test("over TCP a message is shown whole, however it came, and without its secrets", async () => {
  const phone = await started();
  const peer = connect(phone.ports["TCP"] ?? 0, "127.0.0.1");
  peer.setNoDelay(true);
  const text = options("TCP", CREDENTIALS, 0);
  const replied = answer(peer);
  // Cut inside the secret too; and a second message comes on the heels of the first.
  for (const byte of text) {
    peer.write(byte);
    await new Promise(setImmediate);
  }
  peer.write(text.replace("Call-ID: 1", "Call-ID: 2"));
  assert.match(await replied, /^SIP\/2\.0 200 /);
  while (received(phone).length < 2) await new Promise(setImmediate);
  const shown = text.replace(CREDENTIALS, HIDDEN).replace("s3cret", "******");
  assert.deepEqual(received(phone), [shown, shown.replace("Call-ID: 1", "Call-ID: 2")]);
  assert.deepEqual(phone.traces[0]?.peer, { address: peer.localAddress, port: peer.localPort });
  assert.ok(phone.traces.some(({ direction, bytes }) => direction === "sent" && /^SIP/.test(String(bytes))));
  peer.destroy();
});

test("what is no whole message is shown at the end, without its secrets", async () => {
  const phone = await started();
  const peer = connect(phone.ports["TCP"] ?? 0, "127.0.0.1");
  const text = options("TCP", CREDENTIALS, 5);
  peer.end(text);
  peer.resume();
  await once(peer, "close");
  assert.deepEqual(received(phone), [text.replace(CREDENTIALS, HIDDEN).replace("s3cret", "******")]);
});

test("over TLS, with the certificate that the settings name", async () => {
  const phone = await started(`${CONFIG}ringlet.tls.certificate = phone.pem\nringlet.tls.key = phone.key\n`);
  const peer = connectTls({
    host: "127.0.0.1",
    port: phone.ports["TLS"] ?? 0,
    ca: own.cert,
    servername: "phone.example",
  });
  await once(peer, "secureConnect");
  assert.equal(peer.authorized, true);
  peer.write(options("TLS", CREDENTIALS, 0));
  assert.match(await answer(peer), /^SIP\/2\.0 200 /);
  await phone.phone.close();
  await once(peer, "close");
  assert.deepEqual(phone.faults, []);
});

test("a connection that fails is a fault with its reason", async () => {
  const phone = await started();
  const taken = await started();
  const port = taken.ports["TCP"] ?? 0;
  await taken.phone.close();
  assert.ok(phone.phone.call(`sip:bob@127.0.0.1:${port};transport=tcp`) > 0);
  while (phone.faults.length === 0) await once(phone.phone, "event");
  assert.match(
    String(phone.faults[0]?.fields["what"]),
    new RegExp(`127\\.0\\.0\\.1 port ${port}: .*ECONNREFUSED`),
  );
});

test("a call over TCP", async () => {
  const alice = await started();
  const bob = await started();
  const seen: string[] = [];
  const until = async (name: string) => {
    while (!seen.includes(name)) await once(alice.phone, "event", { signal: AbortSignal.timeout(10_000) });
  };
  alice.phone.on("event", ({ name }) => seen.push(name));
  bob.phone.on("event", (event) => {
    if (event.name === "call.incoming") bob.phone.answer(event.call);
  });
  alice.phone.call(`sip:alice@127.0.0.1:${bob.ports["TCP"]};transport=tcp`);
  await until("call.established");
  alice.phone.hangup(alice.phone.find());
  await until("call.ended");
  assert.ok(alice.traces.length > 3);
  assert.ok(alice.traces.every(({ peer }) => peer.port === bob.ports["TCP"]));
});

test("a certificate that is not there is an error of the start", async () => {
  const phone = new Phone({ configs: [{ name: "a.cfg", text: `${CONFIG}ringlet.tls.key = lost.key\n` }] });
  await assert.rejects(
    phone.start(),
    (error) => error instanceof StartError && /tls\.key: .*lost\.key/.test(error.message),
  );
  const program = new Program("run", "--config", files.path("lost.cfg"));
  assert.equal(await program.exited, 1);
  assert.match(program.errors, /ringlet\.tls\.certificate: .*lost\.pem/);
});

test("paths start at the folder of the first file", async () => {
  const program = new Program("run", "--config", files.path("phone.cfg"), "--json");
  let transport: unknown;
  while (transport !== "TLS") transport = (await program.event("phone.ready"))["transport"];
  await program.end();
});

test("a name server is an address", async () => {
  for (const wrong of ["ns.example", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:", ""]) {
    const program = new Program("run", "--config", files.path("phone.cfg"), "--dns", wrong);
    assert.equal(await program.exited, 2, wrong);
    assert.match(program.errors, /--dns takes ADDRESS/);
  }
});
