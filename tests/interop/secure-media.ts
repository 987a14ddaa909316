// SRTP with baresip at Kamailio: both ways, and proof that the keys are those of its packets.

import assert from "node:assert/strict";
import { createCipheriv, createHmac } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { type Event, Phone } from "../../host/node/index.js";
import { interop, REGISTRAR } from "./bench.js";
import { accountAt, ended, registered, uriOf } from "./registered.js";

const SUITE = "AES_CM_128_HMAC_SHA1_80";
const TAG_BYTES = 10;
const HEAD_BYTES = 12;
const PEERS = [...REGISTRAR, "baresip"] as const;

export function secureMedia(): void {
  interop(
    "baresip that wants SRTP calls the phone, is held, and is called by it",
    30,
    async (bench) => {
      const kamailio = await bench.kamailio();
      const alice = await registered(bench, {
        ...accountAt(kamailio, "alice"),
        "account.1.srtp_encryption": 2,
      });
      const baresip = await bench.baresip("bob", kamailio, "srtp-mand");
      baresip.command("dial", uriOf("alice"));
      await alice.program.event("call.incoming");
      for (const [order, direction] of [
        ["answer", "sendrecv"],
        ["hold", "sendonly"],
        ["resume", "sendrecv"],
      ] as const) {
        alice.program.type(order);
        const keys = await alice.program.event("call.keys");
        assert.deepEqual(keys["local"], { key: "*".repeat(47) });
        const media = await alice.program.event("call.media");
        assert.deepEqual([media["srtp"], media["direction"]], [SUITE, direction]);
        // Nothing can be held before the ACK.
        if (order === "answer") await alice.program.event("call.established");
      }
      await baresip.event("CALL_ESTABLISHED");
      alice.program.type("hangup");
      await ended(alice, "local", "user-hangup");
      alice.program.type(`call ${uriOf("bob")}`);
      const media = await alice.program.event("call.media");
      assert.equal(media["srtp"], SUITE);
      await baresip.event("CALL_ESTABLISHED");
      alice.program.type("hangup");
      await ended(alice, "local", "user-hangup");
    },
    [...PEERS],
  );

  interop(
    "where SRTP is optional: with one that can it comes about in RTP/AVP, and its packets have the key that it gave",
    30,
    async (bench) => {
      const kamailio = await bench.kamailio();
      const baresip = await bench.baresip("bob", kamailio, "srtp");
      const settings = {
        ...accountAt(kamailio, "alice"),
        "account.1.enable": 1,
        "account.1.srtp_encryption": 1,
      };
      const lines = Object.entries({ ...settings, "sip.listen_port": 0 }).map(
        ([key, value]) => `${key} = ${value}`,
      );
      const text = `#!version:1.0.0.1\n${lines.join("\n")}\n`;
      const phone = new Phone({
        configs: [{ name: "phone.cfg", text: Buffer.from(text) }],
        bind: "127.0.0.1",
      });
      const said = new Said(phone);
      try {
        await phone.start();
        await said.event("account.registered");
        phone.call(uriOf("bob"));
        const { suite, remote } = (await said.event("call.keys")).fields;
        assert.equal(suite, SUITE);
        const { local, port } = (await said.event("call.media")).fields;
        const socket = await bound((local as { port: number }).port);
        let packet: Buffer, sender: { port: number };
        // Phones of other tests have had this port, too: baresip may still send there.
        do [packet, sender] = (await once(socket, "message")) as [Buffer, { port: number }];
        while (sender.port !== port);
        socket.close();
        const { key } = remote as { key: string };
        assert.ok(isAuthentic(packet, key), "its packets have another key");
        assert.equal(
          isAuthentic(
            packet,
            key.replace(/.$/, (digit) => (digit === "A" ? "B" : "A")),
          ),
          false,
        );
        await baresip.event("CALL_ESTABLISHED");
      } finally {
        await phone.close();
      }
    },
    [...PEERS],
  );
}

/** What a phone of this process tells. */
class Said {
  private readonly events: Event[] = [];
  private wake: () => void = () => {};

  constructor(phone: Phone) {
    phone.on("event", (event) => {
      this.events.push(event);
      this.wake();
    });
  }

  /** The next one of that name; the time limit is the test's. */
  async event(name: string): Promise<Event> {
    for (;;) {
      const at = this.events.findIndex((event) => event.name === name);
      const [event] = at < 0 ? [] : this.events.splice(at, 1);
      if (event) return event;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

async function bound(port: number): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.bind(port, "127.0.0.1");
  await once(socket, "listening");
  return socket;
}

// ---- SRTP (RFC 3711), as much as proves a key ----

/** The packet's tag is that of this key, with a roll-over counter of 0 (§4.2). */
function isAuthentic(packet: Buffer, key: string): boolean {
  const master = Buffer.from(key.slice("inline:".length), "base64");
  const body = packet.subarray(0, -TAG_BYTES);
  assert.ok(body.length > HEAD_BYTES);
  const hash = createHmac("sha1", sessionKey(master, 1, 20))
    .update(body)
    .update(Buffer.alloc(4))
    .digest();
  return hash.subarray(0, TAG_BYTES).equals(packet.subarray(-TAG_BYTES));
}

/** The key of that label (§4.3): AES-CM of the master key, with the label in the seventh byte from the end of the salt. */
function sessionKey(master: Buffer, label: number, bytes: number): Buffer {
  const start = Buffer.alloc(16);
  master.copy(start, 0, 16, 30);
  start.writeUInt8(start.readUInt8(7) ^ label, 7);
  return createCipheriv("aes-128-ctr", master.subarray(0, 16), start).update(Buffer.alloc(bytes));
}
