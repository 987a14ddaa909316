// What examples/teams-sbc.cfg puts on the wire: TLS to port 5061 and nothing else, and no sips: URI anywhere (TDR-01).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { Transport } from "../../host/node/abi.js";
import { ROOT } from "../support/files.js";
import { type Connected, connect, type Datagram, sdp, type SdpOptions } from "../support/scripted-peer.js";
import { come, open } from "../support/stream.js";

const CONFIG = readFileSync(path.join(ROOT, "examples/teams-sbc.cfg"), "utf8");
const SERVER = "sip.pstnhub.microsoft.com";
const NAMES = `verified\nDNS:${SERVER}\nDNS:sip2.pstnhub.microsoft.com\n`;
const HOSTS = { [SERVER]: ["192.0.2.20"], "sip2.pstnhub.microsoft.com": ["192.0.2.21"] };

/** As a node behind the proxy that everything passes. */
const ROWS = {
  Contact: "<sip:api-du-a-euwe.pstnhub.microsoft.com:443;x-i=6ba9a9b2-0c4f;x-c=2d3c/s/1/5f7a>",
  "Record-Route": `<sip:${SERVER}:5061;transport=tls;lr>`,
};

/** The phone of the example; its first probe is answered over the connection that it has asked for. */
function sbc(): Connected {
  const all = connect({
    baseConfig: CONFIG,
    registers: true,
    hosts: HOSTS,
    local: { address: "192.0.2.10", port: 5061 },
  });
  all.runTo(60_000);
  open(all, NAMES);
  all.peer.replies(all.peer.expects("OPTIONS"), 200);
  return all;
}

/** Everything that it has said so far. */
function check({ wire }: Connected, sent: readonly Datagram[]): void {
  const { said } = wire.instance;
  assert.equal(sent.at(-1)?.method, "BYE");
  assert.deepEqual([...new Set(said.listens.map(({ transport }) => transport))], [Transport.Tls]);
  for (const { transport, to } of said.opens) assert.deepEqual([transport, to.port], [Transport.Tls, 5061]);
  assert.ok(sent.length > 0 && said.opens.length > 0);
  for (const { text, flow } of sent) {
    // Not the listening socket, the only one that was granted: connections.
    assert.notEqual(flow, wire.instance.flow);
    assert.doesNotMatch(text, /sips:/i);
    assert.doesNotMatch(text, /^Via: SIP\/2\.0\/(?!TLS)/m);
    assert.doesNotMatch(text, /transport=(?!tls)/i);
  }
}

/** Teams wants SRTP, and so do we. */
const secured = (options: SdpOptions = {}): string =>
  sdp({
    ...options,
    lines: ["a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:YUJDZGVmZ2hpSktMbW9QUXJzVHVWd3l6MTIzNDU2|2^31"],
  }).replace("RTP/AVP", "RTP/SAVP");

const sentBy = ({ wire }: Connected): Datagram[] => wire.all.filter(({ sentBy }) => sentBy === "phone");

test("TDR-01 a call out: OPTIONS, INVITE, ACK, REFER, BYE, all over TLS to 5061, and no sips: URI", () => {
  const all = sbc();
  const { phone, peer } = all;
  phone.dials("+49301111");
  const invite = peer.expects("INVITE");
  assert.equal(invite.uri, `sip:+49301111@${SERVER};user=phone`);
  assert.match(invite.header("Contact"), /^<sip:\+493012345@sbc1\.example\.com:5061;transport=tls/);
  assert.match(invite.header("Via"), /^SIP\/2\.0\/TLS sbc1\.example\.com:5061/);
  assert.match(invite.body, /^m=audio \d+ RTP\/SAVP /m);
  peer.replies(invite, 200, { headers: ROWS, body: secured() });
  peer.expects("ACK");
  phone.transfers(`sip:+49302222@${SERVER}`);
  peer.replies(peer.expects("REFER"), 405);
  phone.hangsUp();
  peer.replies(peer.expects("BYE"), 200);
  check(all, sentBy(all));
});

test("TDR-01 a call in, over a connection of Teams: 180, 200, a re-INVITE and BYE of ours", () => {
  const all = sbc();
  const { phone, peer } = all;
  come(all, { transport: Transport.Tls, from: { address: "192.0.2.20", port: 5061 }, names: NAMES });
  const uri = "sip:+493012345@sbc1.example.com:5061;user=phone;transport=tls";
  const invite = peer.invites({ uri, headers: ROWS, body: secured() });
  peer.expects(180);
  phone.event("call.incoming");
  phone.answers();
  const accepted = peer.expects(200);
  assert.match(accepted.header("Contact"), /@sbc1\.example\.com:5061;transport=tls/);
  peer.acks(peer.dialog(invite, accepted));
  phone.holds();
  const hold = peer.expects("INVITE");
  peer.replies(hold, 200, { headers: { Contact: ROWS.Contact }, body: secured({ direction: "recvonly" }) });
  peer.expects("ACK");
  phone.hangsUp();
  peer.replies(peer.expects("BYE"), 200);
  check(all, sentBy(all));
});

test("TDR-01 a server without TLS is not asked in another way", () => {
  const all = connect({
    baseConfig: CONFIG,
    registers: true,
    hosts: HOSTS,
    local: { address: "192.0.2.10", port: 5061 },
  });
  all.phone.dials("+49301111");
  for (let n = 0; n < 2; n++)
    all.wire.take(all.wire.instance.flowClosed(all.wire.opens.shift()?.flow ?? 0, all.wire.now));
  assert.equal(all.phone.event("call.ended").fields["status"], 503);
  all.peer.expectsNothing();
  assert.equal(all.wire.instance.said.opens.length, 2);
});
