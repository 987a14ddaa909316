// Between the phones and Kamailio: loss, delay and reordering, as the relay of tests/support makes them.

import assert from "node:assert/strict";
import { type Bench, interop, REGISTRAR, type RunningPhone } from "./bench.js";
import { type Ports, portsOfItsOwn, type User } from "./kamailio/kamailio.js";
import { accountAt, connect, ended, registered } from "./registered.js";

/** Datagrams that leave within this time of each other may change places. */
const BAD = { loss: 0.2, leastDelay: 0, mostDelay: 80 };
const CALLS = 5;
const SEEDS = [1, 2];

export function badPath(): void {
  for (const seed of SEEDS) {
    interop(
      `20 % loss, delay and reordering both ways: phones register, and ${CALLS} calls come and go (seed ${seed})`,
      120,
      async (bench) => {
        const { alice, bob, relay } = await behindRelay(bench, seed);
        for (let i = 0; i < CALLS; i++) {
          await connect(alice, bob, "bob");
          alice.program.type("hangup");
          await ended(alice, "local", "user-hangup");
          await ended(bob, "remote", "peer-bye");
        }
        assert.ok(relay.tally.lost > 0 && relay.tally.overtaken > 0, JSON.stringify(relay.tally));
      },
      REGISTRAR,
    );
  }
}

/** Kamailio names the relay in Record-Route, so that what belongs to a call takes the bad path too. */
async function behindRelay(bench: Bench, seed: number) {
  const ports: Ports = await portsOfItsOwn();
  const relay = await bench.relay(ports.udp, seed, BAD);
  const kamailio = await bench.kamailio({ ports, cluster: `127.0.0.1:${relay.port}` });
  const phone = (user: User): Promise<RunningPhone> =>
    registered(bench, {
      ...accountAt(kamailio, user),
      "account.1.sip_server.1.port": relay.port,
      "account.1.reg_fail_retry_interval": 5,
    });
  const [alice, bob] = await Promise.all([phone("alice"), phone("bob")]);
  return { alice, bob, relay };
}
