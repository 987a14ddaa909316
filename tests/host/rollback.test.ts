// A trap costs one input and not the phone: the shipped module with planted traps (tools/trap.mjs), which spoil memory
// and every global before they trap.

import assert from "node:assert/strict";
import { once } from "node:events";
import { after, test } from "node:test";
import { Counter, RecordKind, Status } from "../../host/node/abi.js";
import { RingletModule } from "../../host/node/module.js";
import { type Event, Phone, type PhoneOptions } from "../../host/node/phone.js";
import { loopbackRegistrar, type LoopbackRegistrar } from "../support/loopback-registrar.js";
import { Pair, type SideIndex } from "../support/pair.js";
import { plantedModule, POISON } from "../support/planted.js";
import { grants, registers } from "../support/registrar.js";
import { callUp, connect, type Connected } from "../support/scripted-peer.js";

const planted = plantedModule();
const TIMER = "account.1.session_timer.enable = 1\naccount.1.session_timer.expires = 90\n";

interface Seen {
  side: SideIndex;
  at: number;
  event: Event;
}

/** Two phones with calls between them; phone 0 has the planted module. */
function talking(calls: number): { pair: Pair; seen: Seen[] } {
  const seen: Seen[] = [];
  const said = (side: SideIndex, event: Event, at: number) => void seen.push({ side, event, at });
  const pair = new Pair({ module: planted, configs: [TIMER, TIMER], watcher: { said } });
  for (let i = 0; i < calls; i++) {
    pair.dial(i % 2 === 0 ? 0 : 1);
    pair.drive(pair.now + 10);
    const callee: SideIndex = i % 2 === 0 ? 1 : 0;
    pair.command(callee, (module, now) => module.answer(module.find(0, true), now));
    pair.drive(pair.now + 10);
  }
  assert.equal(named(seen, "call.established").length, calls * 2);
  return { pair, seen };
}

function named(seen: Seen[], name: string): Seen[] {
  return seen.filter(({ event }) => event.name === name);
}

test("two calls in progress survive 1,000 poisoned datagrams, and refreshes stay on time", () => {
  const run = (poison: number): Seen[] => {
    const { pair, seen } = talking(2);
    const from = pair.now;
    for (let i = 0; i < poison; i++) {
      pair.drive(from + i * 400);
      pair.inject(0, `${POISON.now} ${i}`);
    }
    pair.drive(from + 400_000);
    assert.equal(pair.listed(0).length, 2);
    for (let left = 2; left > 0; left--)
      pair.command(0, (module, now) => module.hangup(module.find(0, false), now));
    pair.drive(pair.now + 40_000);
    assert.equal(pair.listed(0).length, 0);
    assert.equal(pair.listed(1).length, 0);
    return seen;
  };
  const poisoned = run(1000);
  const faults = named(poisoned, "fault");
  assert.equal(faults.length, 1000);
  assert.equal(new Set(faults.map(({ event }) => event.fields["input"])).size, 1000);
  for (const { event } of faults) assert.equal(event.fields["export"], "sip_receive");
  // What both phones told, and when, is what they tell without any poison.
  const told = (seen: Seen[]) =>
    seen
      .filter(({ event }) => event.name !== "fault")
      .map(({ side, at, event }) => [side, at, event.name, event.fields]);
  assert.deepEqual(told(poisoned), told(run(0)));
  assert.ok(named(poisoned, "call.refreshed").length >= 2 * 2 * 8);
});

test("a command that traps answers a status, and the next one works", () => {
  const { pair } = talking(1);
  pair.inject(0, POISON.call);
  assert.equal(pair.dial(0), Status.WrongState);
  pair.inject(0, POISON.off);
  assert.ok(pair.dial(0) > 0);
});

test("a tick that traps ends the call whose refresh was due; the other one goes on", () => {
  const { pair, seen } = talking(2);
  pair.drive(44_000);
  pair.inject(0, POISON.tickOnce);
  pair.drive(200_000);
  const ended = named(seen, "call.ended");
  assert.deepEqual(
    ended.map(({ side, event }) => [side, event.fields["rule"]]),
    [
      [0, "fault"],
      [1, "peer-bye"],
    ],
  );
  assert.match(String(ended[1]?.event.fields["reason"]), /an error of the phone/);
  assert.equal(pair.listed(0).length, 1);
  assert.equal(pair.phones[0].module.isBroken, false);
  assert.equal(named(seen, "fault").length, 1);
});

// ---- sip_end_due for every kind of owner, in the shipped module ----

/** Lets the deadline at hand pass without its timer. */
function endDue({ wire }: Pick<Connected, "wire">): void {
  const { instance } = wire;
  wire.now = Math.max(wire.now, instance.deadline);
  wire.take(instance.command((module) => module.endDue(wire.now), wire.now));
}

test("sip_end_due: a transaction has timed out, and its owner is told", () => {
  const connected = callUp();
  connected.phone.hangsUp();
  connected.peer.expects("BYE");
  endDue(connected);
  connected.wire.runTo(60_000);
  connected.peer.expectsNothing();
  assert.equal(connected.wire.instance.deadline, -1);
});

test("sip_end_due: a registration waits for its next try", () => {
  const connected = registers();
  const { peer, phone, wire } = connected;
  grants(peer, peer.expects("REGISTER"), 120);
  phone.event("account.registered");
  // The transaction of the REGISTER is over by then.
  wire.runTo(30_000);
  endDue(connected);
  const { retry } = phone.event("account.failed").fields;
  const again = peer.awaits("REGISTER", 1_000_000);
  assert.equal(again.atMs, wire.now);
  assert.ok(Number(retry) >= 5);
  grants(peer, again);
  phone.event("account.registered");
});

test("sip_end_due: a call that rings is refused", () => {
  const connected = callUp();
  const { peer, phone } = connected;
  // The transactions of the call that is up are over by then.
  connected.wire.runTo(50_000);
  peer.invites();
  peer.takesAll();
  endDue(connected);
  peer.expects(480);
  assert.equal(phone.event("call.ended").fields["rule"], "fault");
});

test("sip_end_due: a call that was given up and never answered is gone", () => {
  const { peer, phone, wire } = connect();
  phone.dials("sip:carol@192.0.2.20");
  const invite = peer.expects("INVITE");
  peer.replies(invite, 180);
  phone.hangsUp();
  peer.replies(peer.expects("CANCEL"), 200);
  wire.runTo(20_000);
  endDue({ wire });
  assert.equal(wire.instance.deadline, -1);
  peer.expectsNothing();
});

test("sip_end_due with nothing due changes nothing", () => {
  const { wire } = callUp();
  const before = wire.instance.module.counter(Counter.Changes);
  wire.take(wire.instance.command((module) => module.endDue(wire.now), wire.now));
  assert.equal(wire.instance.module.counter(Counter.Changes), before);
});

// ---- the phone with sockets ----

const LOCAL = { address: "127.0.0.1", port: 5060 };
const NOBODY = { address: "", port: 0 };
const running: { close(): unknown }[] = [];
after(() => Promise.all(running.map((each) => each.close())));

const OFFLINE =
  "account.1.enable = 1\naccount.1.user_name = alice\nringlet.bind.address = 127.0.0.1\nsip.listen_port = 0\n";

async function phoneWith(config: string, options: PhoneOptions = {}) {
  const phone = new Phone({
    module: planted,
    configs: [{ name: "a.cfg", text: OFFLINE + config }],
    ...options,
  });
  running.push(phone);
  const events: Event[] = [];
  phone.on("event", (event) => events.push(event));
  await phone.start();
  const port = Number(events.find(({ name }) => name === "phone.ready")?.fields["port"]);
  const of = (name: string) => events.filter((event) => event.name === name);
  const until = async (isTrue: () => boolean) => {
    while (!isTrue()) await once(phone, "event", { signal: AbortSignal.timeout(20_000) });
  };
  return { phone, port, of, until };
}

/** Somebody who sends datagrams, and a registrar that grants everything. */
async function registrar(): Promise<LoopbackRegistrar> {
  const started = await loopbackRegistrar(3600, "REGISTER");
  running.push(started.socket);
  return started;
}

test("ticks that trap twice: a new instance on the same port with the same binding, nothing unregistered", async () => {
  const { socket, port: server, requests } = await registrar();
  const { phone, port, of, until } = await phoneWith(
    `account.1.sip_server.1.address = 127.0.0.1\naccount.1.sip_server.1.port = ${server}\n` +
      "account.1.instance_id.enable = 1\nsip.reg_surge_prevention = 30\naccount.1.unregister_on_reboot = 1\n",
  );
  phone.register();
  await until(() => of("account.registered").length === 1);
  const before = requests.at(-1) ?? "";
  phone.set("account.1.display_name", "Set at run time");
  socket.send(POISON.everyTick, port, "127.0.0.1");
  await until(() => of("account.registered").length === 2);
  const renewed = requests.at(-1) ?? "";
  assert.ok(of("fault").some(({ fields }) => fields["what"] === "the module is loaded anew"));
  assert.deepEqual(
    of("phone.ready").map(({ fields }) => fields["port"]),
    [port, port],
  );
  const contact = (text: string) => /^Contact: (.*)$/m.exec(text)?.[1];
  assert.match(contact(before) ?? "", /\+sip\.instance="<urn:uuid:/);
  assert.equal(contact(renewed), contact(before));
  assert.match(renewed, /^To: "Set at run time"/m);
  const later = requests.slice(requests.indexOf(before) + 1);
  for (const text of later) assert.doesNotMatch(text, /expires=0|^Contact: \*|^Expires: 0/im);
  assert.equal(phone.get("sip.reg_surge_prevention"), "30");
  assert.equal(phone.get("account.1.unregister_on_reboot"), "1");
  assert.doesNotMatch(String(phone.exportLocal()), /surge|reboot/);
});

test("auto: on up to a megabyte or so, off above; on: always", () => {
  const large = (guarded?: boolean) => {
    const module = new RingletModule(planted, guarded === undefined ? {} : { guarded });
    module.init(Buffer.alloc(32, 1));
    module.provision(`${OFFLINE}ringlet.capacity.transactions = 4000\n`, 0);
    module.drain();
    module.start(0);
    const listen = module.drain().find((record) => record.kind === RecordKind.Listen);
    module.flowOpened(listen?.flow ?? 0, LOCAL, NOBODY, "", 0);
    module.drain();
    return () => module.receive(listen?.flow ?? 0, LOCAL, Buffer.from(POISON.now), 0);
  };
  assert.throws(large(), WebAssembly.RuntimeError);
  assert.equal(large(true)(), Status.WrongState);
});
