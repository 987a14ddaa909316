// What the module is told of names: all records, with the time that they may be kept.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Question } from "../../host/node/abi.js";
import { serverOf } from "../../host/node/dns-client.js";
import { questionOf, readAnswer, RecordType } from "../../host/node/dns-message.js";
import { Names } from "../../host/node/resolve.js";
import {
  addressRecord,
  aliasRecord,
  ipv6Record,
  NameServer,
  pointerRecord,
  serviceRecord,
  type ZoneRecord,
} from "../support/name-server.js";

/** The discard port: nothing listens there. */
const NOBODY = "127.0.0.1:9";

const servers: NameServer[] = [];
after(() => {
  for (const server of servers) server.close();
});

async function server(...zone: ZoneRecord[]): Promise<NameServer> {
  const started = await NameServer.start(zone);
  servers.push(started);
  return started;
}

async function ask(question: Question, name: string, ...zone: ZoneRecord[]): Promise<string> {
  return new Names([(await server(...zone)).address]).answer(question, name);
}

test("every address, with its own time to live", async () => {
  const zone = [
    addressRecord("a.example", 30, "192.0.2.1"),
    addressRecord("a.example", 60, "192.0.2.2"),
    ipv6Record("a.example", 90, [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1]),
  ];
  assert.equal(await ask(Question.A, "a.example", ...zone), "192.0.2.1 30\n192.0.2.2 60\n");
  assert.equal(await ask(Question.Aaaa, "A.Example.", ...zone), "2001:db8::1 90\n");
});

test("SRV: priority, weight, port, target, TTL", async () => {
  const name = "_sip._udp.a.example";
  const zone = [
    serviceRecord(name, 300, [1, 90, 5060], "one.a.example"),
    serviceRecord(name, 300, [1, 10, 5080], "two.a.example"),
    serviceRecord(name, 5, [65_535, 0, 65_535], ""),
  ];
  assert.equal(
    await ask(Question.Srv, name, ...zone),
    "1 90 5060 one.a.example 300\n1 10 5080 two.a.example 300\n65535 0 65535 . 5\n",
  );
});

test("NAPTR: order, preference, flags, service, replacement, TTL; what is empty is a dash", async () => {
  const zone = [
    pointerRecord("a.example", 60, [10, 20], ["s", "SIPS+D2T", ""], "_sips._tcp.a.example"),
    pointerRecord("a.example", 60, [10, 30], ["", "", "!^.*$!sip:x@y!"], ""),
  ];
  assert.equal(
    await ask(Question.Naptr, "a.example", ...zone),
    "10 20 s SIPS+D2T _sips._tcp.a.example 60\n10 30 - - - 60\n",
  );
});

test("a record that would be read as two is left out", async () => {
  const zone = [
    pointerRecord("a.example", 60, [10, 20], ["s", "SIP+D2U a 0\n1 1 s", ""], "b.example"),
    pointerRecord("a.example", 60, [10, 30], ["s", "SIP+D2T", ""], "good.example"),
  ];
  assert.equal(await ask(Question.Naptr, "a.example", ...zone), "10 30 s SIP+D2T good.example 60\n");
});

test("an alias is followed, and lives as long as its shortest part", async () => {
  const zone = [
    aliasRecord("a.example", 20, "b.example"),
    aliasRecord("b.example", 100, "c.example"),
    addressRecord("c.example", 300, "192.0.2.3"),
  ];
  assert.equal(await ask(Question.A, "a.example", ...zone), "192.0.2.3 20\n");
});

test("what a datagram does not hold is asked for over TCP", async () => {
  const addresses = Array.from({ length: 50 }, (_, i) => addressRecord("big.example", 60, `192.0.2.${i}`));
  const names = await server(...addresses);
  const answer = await new Names([names.address]).answer(Question.A, "big.example");
  assert.equal(answer.split("\n").length, 51);
  assert.deepEqual(names.asked, ["big.example 1", "big.example 1 tcp"]);
});

test("no such name is no answer, and nobody else is asked", async () => {
  const first = await server(addressRecord("a.example", 60, "192.0.2.1"));
  const second = await server(addressRecord("b.example", 60, "192.0.2.2"));
  const names = new Names([first.address, second.address]);
  assert.equal(await names.answer(Question.A, "b.example"), "");
  assert.equal(await names.answer(Question.Srv, "a.example"), "");
  assert.deepEqual(second.asked, []);
});

test("a server that refuses, or is not there, or talks of something else: the next one is asked", async () => {
  const good = await server(addressRecord("a.example", 60, "192.0.2.1"));
  const refusing = await server();
  refusing.code = 5;
  const lying = await server(addressRecord("a.example", 60, "192.0.2.66"));
  lying.spoil = (answer) => {
    // Another question's answer, and one that was cut, before nothing.
    answer.writeUInt16BE(answer.readUInt16BE(0) ^ 1, 0);
    return answer;
  };
  const cutting = await server(addressRecord("a.example", 60, "192.0.2.67"));
  cutting.spoil = (answer) => answer.subarray(0, answer.length - 1);
  const all = [refusing.address, NOBODY, lying.address, cutting.address, good.address];
  assert.equal(await new Names(all).answer(Question.A, "a.example"), "192.0.2.1 60\n");
  assert.equal(lying.asked.length + cutting.asked.length, 2);
});

test("a name that leads in a circle, or past the end, is no answer", () => {
  const question = questionOf(7, "a.example", RecordType.A);
  const answer = Buffer.concat([
    question,
    Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]),
  ]);
  answer.writeUInt16BE(0x8180, 2);
  answer.writeUInt16BE(1, 6);
  const records = [{ name: "a.example", type: RecordType.A, ttl: 60, fields: ["192.0.2.1"] }];
  assert.deepEqual(readAnswer(answer, question), { isTruncated: false, code: 0, records });
  for (const pointer of [question.length, 0xff]) {
    answer[question.length + 1] = pointer;
    assert.equal(readAnswer(answer, question), null);
  }
  for (let length = 0; length < answer.length; length++)
    assert.equal(readAnswer(answer.subarray(0, length), question), null);
});

test("a silent server is asked twice, then it is no answer; at the end nobody waits any more", async () => {
  const silent = await server();
  silent.isSilent = true;
  const names = new Names([silent.address]);
  const before = performance.now();
  assert.equal(await names.answer(Question.Srv, "a.example"), "");
  assert.ok(performance.now() - before < 6000);
  assert.equal(silent.asked.length, 2);
  const waiting = names.answer(Question.Srv, "a.example");
  names.release();
  assert.equal(await waiting, "");
});

test("what can't be a name is no answer", async () => {
  const names = await server();
  for (const name of ["", "..", "a..example", `${"x".repeat(64)}.example`, `${"x.".repeat(130)}example`])
    assert.equal(await new Names([names.address]).answer(Question.Srv, name), "", name);
  assert.deepEqual(names.asked, []);
});

test("the address of a name server, with and without a port", () => {
  assert.deepEqual(serverOf("192.0.2.1"), { address: "192.0.2.1", port: 53 });
  assert.deepEqual(serverOf("192.0.2.1:5353"), { address: "192.0.2.1", port: 5353 });
  assert.deepEqual(serverOf("2001:db8::1"), { address: "2001:db8::1", port: 53 });
  assert.deepEqual(serverOf("[2001:db8::1]:5353"), { address: "2001:db8::1", port: 5353 });
});
