// Kamailio goes away and comes back: alone, and one of two behind SRV.

import assert from "node:assert/strict";
import { type Bench, interop, REGISTRAR, type RunningPhone, type Settings } from "./bench.js";
import type { DnsServer, Zone } from "./dns.js";
import { DOMAIN, type Kamailio, type User } from "./kamailio/kamailio.js";
import {
  accountAt,
  aliceAndBob,
  connect,
  hangUp,
  holdAndResume,
  registered,
  userSettings,
} from "./registered.js";

/** A lost server is noticed after 1.5 s (two retransmissions' time), and tried again soon and often. */
const IMPATIENT: Settings = {
  "account.1.sip_server.1.retry_counts": 1,
  "account.1.sip_server.1.invite_retry_counts": 1,
  "account.1.reg_fail_retry_interval": 5,
};
const SHORT_LIVED: Settings = { "account.1.sip_server.1.expires": 30 };
const CLUSTER = "cluster.test";
const WITH_DNS = [...REGISTRAR, "dnsmasq" as const];

export function outages(): void {
  interop(
    "Kamailio restarts during a call over UDP: the call goes on, and can be ended",
    40,
    async (bench) => {
      const kamailio = await bench.kamailio();
      const [alice, bob] = await aliceAndBob(bench, kamailio);
      await connect(alice, bob, "bob");
      await kamailio.restart();
      await holdAndResume(alice, bob);
      await holdAndResume(bob, alice);
      await hangUp(bob, alice);
    },
    REGISTRAR,
  );

  interop(
    "Kamailio restarts during a call over TCP: the phones register anew, and the call goes on",
    40,
    async (bench) => {
      const kamailio = await bench.kamailio();
      const [alice, bob] = await aliceAndBob(bench, kamailio, "TCP", IMPATIENT);
      await goesOn(kamailio, alice, bob);
    },
    REGISTRAR,
  );

  interop(
    "Kamailio restarts during a call over TLS: the phones register anew, and with a GRUU the call goes on",
    40,
    async (bench) => {
      const kamailio = await bench.kamailio();
      const dns = await bench.dns({ hosts: { [DOMAIN]: "127.0.0.1" } });
      const phone = (user: User) =>
        registered(
          bench,
          {
            ...accountAt(kamailio, user, "TLS"),
            ...IMPATIENT,
            "account.1.sip_server.1.address": DOMAIN,
            "account.1.gruu.enable": 1,
            "account.1.instance_id.enable": 1,
          },
          dns,
        );
      const [alice, bob] = await Promise.all([phone("alice"), phone("bob")]);
      await goesOn(kamailio, alice, bob);
    },
    WITH_DNS,
  );

  interop(
    "Kamailio is away when a phone starts, and comes: over TCP the phone registers within its back-off",
    40,
    async (bench) => {
      const kamailio = await bench.kamailio();
      await kamailio.stop();
      const phone = await bench.phone({ ...accountAt(kamailio, "alice", "TCP"), ...IMPATIENT });
      const failed = await phone.program.event("account.failed");
      assert.equal(failed["retry"], 5);
      await kamailio.restart();
      await phone.program.event("account.registered", 10_000);
    },
    REGISTRAR,
  );

  interop(
    "two Kamailios behind SRV: the first is away, a phone registers at the second; it comes back, and has the phone",
    90,
    async (bench) => {
      const { first, second, phone } = await cluster(bench);
      await first.stop();
      const alice = await phone("alice", SHORT_LIVED);
      assert.equal((await alice.program.event("account.registered"))["port"], second.ports.udp);
      await first.restart();
      const back = await alice.program.event("account.registered", 40_000);
      assert.equal(back["port"], first.ports.udp);
    },
    WITH_DNS,
  );

  interop(
    "two Kamailios behind SRV: the first stops during a call, which goes on through the second",
    90,
    async (bench) => {
      const { first, second, phone } = await cluster(bench);
      const [alice, bob] = await Promise.all([phone("alice", SHORT_LIVED), phone("bob", SHORT_LIVED)]);
      for (const { program } of [alice, bob])
        assert.equal((await program.event("account.registered"))["port"], first.ports.udp);
      await connect(alice, bob, "bob");
      await first.stop();
      await holdAndResume(alice, bob);
      for (const { program } of [alice, bob])
        assert.equal((await program.event("account.registered", 40_000))["port"], second.ports.udp);
      await hangUp(bob, alice);
      await connect(bob, alice, "alice");
      await hangUp(alice, bob);
    },
    WITH_DNS,
  );

  interop(
    "NAPTR leads to TCP, SRV to a dead target first, then to the living one",
    60,
    async (bench) => {
      const kamailio = await bench.kamailio();
      const dead = await bench.kamailio();
      await dead.stop();
      const dns = await bench.dns(preferringTcp(kamailio, dead));
      const phone = await registered(bench, inCluster("alice"), dns);
      const line = phone.program.lines.find(({ event }) => event === "account.registered");
      assert.equal(line?.["transport"], "TCP");
      assert.equal(line?.["port"], kamailio.ports.tcp);
      const asked = dns.questions();
      for (const question of [`NAPTR ${CLUSTER}`, `SRV _sip._tcp.${CLUSTER}`, "A living.test", "A dead.test"])
        assert.ok(asked.includes(question), `${question} in ${asked.join(", ")}`);
    },
    WITH_DNS,
  );
}

/** A call outlives the connections that it was made over, and so does the next one come about. */
async function goesOn(kamailio: Kamailio, alice: RunningPhone, bob: RunningPhone): Promise<void> {
  await connect(alice, bob, "bob");
  await kamailio.restart();
  for (const { program } of [alice, bob]) await program.event("account.registered");
  await holdAndResume(alice, bob);
  await hangUp(bob, alice);
  await connect(bob, alice, "alice");
  await hangUp(bob, alice);
}

/** Where DNS says. */
function inCluster(user: User): Settings {
  return {
    ...userSettings(user),
    ...IMPATIENT,
    "account.1.sip_server.1.address": CLUSTER,
    "account.1.sip_server.1.port": 0,
    "account.1.sip_server.1.transport_type": 3,
  };
}

/** Two that stand in Record-Route by their common name, so that each takes over the calls of the other. */
async function cluster(bench: Bench): Promise<{
  first: Kamailio;
  second: Kamailio;
  phone: (user: User, settings: Settings) => Promise<RunningPhone>;
}> {
  const first = await bench.kamailio({ cluster: CLUSTER });
  const second = await bench.kamailio({ cluster: CLUSTER });
  const dns: DnsServer = await bench.dns({
    naptr: [naptr(10, "SIP+D2U", "udp")],
    srv: [
      srv("udp", "first.test", first.ports.udp, 10, 0),
      srv("udp", "second.test", second.ports.udp, 20, 0),
    ],
    hosts: { "first.test": "127.0.0.1", "second.test": "127.0.0.1", [DOMAIN]: "127.0.0.1" },
  });
  const phone = (user: User, settings: Settings) => bench.phone({ ...inCluster(user), ...settings }, dns);
  return { first, second, phone };
}

function preferringTcp(living: Kamailio, dead: Kamailio): Zone {
  return {
    naptr: [naptr(20, "SIP+D2U", "udp"), naptr(10, "SIP+D2T", "tcp")],
    srv: [
      srv("udp", "living.test", living.ports.udp, 10, 0),
      srv("tcp", "dead.test", dead.ports.tcp, 10, 90),
      srv("tcp", "dead.test", dead.ports.tls, 10, 10),
      srv("tcp", "living.test", living.ports.tcp, 20, 1),
    ],
    hosts: { "living.test": "127.0.0.1", "dead.test": "127.0.0.1" },
  };
}

function naptr(order: number, service: string, transport: string) {
  return { name: CLUSTER, order, preference: 10, service, replacement: `_sip._${transport}.${CLUSTER}` };
}

function srv(transport: string, target: string, port: number, priority: number, weight: number) {
  return { name: `_sip._${transport}.${CLUSTER}`, target, port, priority, weight };
}
