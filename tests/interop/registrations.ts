// Registration at Kamailio over each transport, and what a registrar may say against it.

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { fields, interop, REGISTRAR } from "./bench.js";
import { DOMAIN, type Kamailio } from "./kamailio/kamailio.js";
import { accountAt, aliceAndBob, connect, hangUp, registered, registers, WIRES } from "./registered.js";

/** A storm would be there within this time. */
const WATCH_MS = 4000;
const LOOK_AGAIN_MS = 500;

export function registrations(): void {
  for (const wire of WIRES) {
    interop(
      `a phone registers over ${wire}, and takes its binding back when it quits`,
      30,
      async (bench) => {
        const kamailio = await bench.kamailio();
        const phone = await bench.phone(accountAt(kamailio, "alice", wire));
        const line = await phone.program.event("account.registered");
        assert.deepEqual(fields(line, "account", "server", "transport", "expires"), [1, 1, wire, 3600]);
        phone.program.type("quit");
        assert.equal(await phone.program.exited, 0);
        const requests = await kamailio.seen("rcv", /^REGISTER /);
        const transports = new Set(requests.map(({ transport }) => transport.toUpperCase()));
        assert.deepEqual([...transports], [wire]);
        assert.match(requests.at(-1)?.text ?? "", /;expires=0\b|^Expires: 0\r$/m);
      },
      REGISTRAR,
    );
  }

  interop(
    "TDR-03 TDR-04 a phone registers over TLS by name: the certificate has the name, and SNI says it",
    30,
    async (bench) => {
      const kamailio = await bench.kamailio();
      const dns = await bench.dns({ hosts: { [DOMAIN]: "127.0.0.1" } });
      const settings = {
        ...accountAt(kamailio, "alice", "TLS"),
        "account.1.sip_server.1.address": DOMAIN,
        "security.cn_validation": 1,
      };
      const phone = await bench.phone(settings, dns);
      const line = await phone.program.event("account.registered");
      assert.equal(line["transport"], "TLS");
    },
    [...REGISTRAR, "dnsmasq"],
  );

  interop(
    "TDR-03 a phone does not register where the certificate has another name",
    30,
    async (bench) => {
      const kamailio = await bench.kamailio();
      const dns = await bench.dns({ hosts: { "other.test": "127.0.0.1" } });
      const settings = {
        ...accountAt(kamailio, "alice", "TLS"),
        "account.1.sip_server.1.address": "other.test",
        "security.cn_validation": 1,
      };
      const phone = await bench.phone(settings, dns);
      await phone.program.event("account.failed");
      assert.equal(await registers(kamailio), 0);
    },
    [...REGISTRAR, "dnsmasq"],
  );

  interop(
    "a phone does not register where nobody that it trusts has signed the certificate",
    30,
    async (bench) => {
      const kamailio = await bench.kamailio();
      const settings = { ...accountAt(kamailio, "alice", "TLS"), "ringlet.tls.trusted": "" };
      const phone = await bench.phone(settings);
      await phone.program.event("account.failed");
      assert.equal(await registers(kamailio), 0);
    },
    REGISTRAR,
  );

  interop(
    "Kamailio challenges with SHA-256: a phone registers and calls",
    30,
    async (bench) => {
      const kamailio = await bench.kamailio({ algorithm: "SHA-256" });
      const [alice, bob] = await aliceAndBob(bench, kamailio);
      await connect(alice, bob, "bob");
      await hangUp(alice, bob);
    },
    REGISTRAR,
  );

  interop(
    "Kamailio answers 423: the phone asks again with Min-Expires",
    30,
    async (bench) => {
      const kamailio = await bench.kamailio({ minExpires: 120 });
      const settings = { ...accountAt(kamailio, "alice"), "account.1.sip_server.1.expires": 60 };
      const phone = await bench.phone(settings);
      assert.equal((await phone.program.event("account.registered"))["expires"], 120);
      assert.equal((await kamailio.seen("snd", /^SIP\/2\.0 423 /)).length, 1);
    },
    REGISTRAR,
  );

  interop(
    "a wrong password is told once and tried no more for a while; a right one after that registers",
    30,
    async (bench) => {
      const kamailio = await bench.kamailio();
      const settings = { ...accountAt(kamailio, "alice"), "account.1.password": "guess" };
      const phone = await bench.phone(settings);
      const line = await phone.program.event("account.failed");
      assert.deepEqual(fields(line, "account", "server", "status"), [1, 1, 401]);
      assert.ok(Number(line["retry"]) >= 10, `tries again after ${line["retry"]} s`);
      await pause(WATCH_MS);
      assert.equal(await registers(kamailio), 2);
      assert.equal(phone.program.lines.filter(({ event }) => event === "account.failed").length, 1);
      phone.program.type("set account.1.password = open sesame");
      phone.program.type("register");
      await phone.program.event("account.registered");
    },
    REGISTRAR,
  );

  interop(
    "a registration of 30 s is renewed before its end, although its nonce is stale by then",
    60,
    async (bench) => {
      const kamailio = await bench.kamailio({ maxExpires: 30, nonceSeconds: 5 });
      const phone = await registered(bench, accountAt(kamailio, "alice"));
      await granted(kamailio, 2, 30_000);
      const challenges = await kamailio.seen("snd", /^SIP\/2\.0 401 /);
      assert.deepEqual(
        challenges.map(({ text }) => /stale=true/.test(text)),
        [false, true],
      );
      assert.equal(await registers(kamailio), 4);
      assert.equal(phone.program.lines.filter(({ event }) => event === "account.failed").length, 0);
    },
    REGISTRAR,
  );
}

/** Waits until it has granted a registration this often. */
async function granted(kamailio: Kamailio, times: number, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answers = await kamailio.seen("snd", /^SIP\/2\.0 200 /);
    const count = answers.filter(({ text }) => /^CSeq: \d+ REGISTER\r$/m.test(text)).length;
    if (count >= times) return;
    if (Date.now() > deadline) throw new Error(`registered ${count} times of ${times}`);
    await pause(LOOK_AGAIN_MS);
  }
}
