// The limits of docs/parsing.md on the wire: what is just inside is taken, one more is not.
//
// A request past a limit is refused, a response is dropped, and either way nothing of it is kept.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Counter, Status } from "../../host/node/abi.js";
import { inUse } from "../support/inside.js";
import { connect, type Headers } from "../support/scripted-peer.js";
import { cancelOf, offer, type Shot, shot, STRANGER } from "./shot.js";
import { ThreePhones } from "./three-phones.js";

const many = (count: number, text: string): string[] => Array.from({ length: count }, () => text);

/** In an INVITE too, which is what is kept from. */
function bothMethods(three: ThreePhones, parts: Shot, status: number, what: string): void {
  three.answer(shot(parts), status || 200, what);
  three.answer(shot({ ...parts, method: "INVITE", body: offer() }), status || 180, `INVITE: ${what}`);
}

/** A header field with so many elements, in rows of its own or with commas. */
function listLimit(name: string, element: string, most: number): void {
  test(`${most} ${name}: one more is 513, in rows and with commas`, () => {
    const three = new ThreePhones();
    for (const count of [most, most + 1]) {
      // The topmost Via makes each request a new one.
      const fresh = (): string[] =>
        many(count, element).map((each, i) => (name === "Via" && i === 0 ? nextVia() : each));
      const status = count > most ? 513 : 0;
      for (const method of ["OPTIONS", "INVITE"]) {
        const body = method === "INVITE" ? offer() : "";
        const good = status || (method === "INVITE" ? 180 : 200);
        three.answer(shot({ method, body, rows: { [name]: fresh() } }), good, `${count} rows`);
        three.answer(shot({ method, body, rows: { [name]: fresh().join(",") } }), good, `${count} in one`);
        const half = fresh();
        const mixed = [half.splice(0, count >> 1).join(", "), half.join(" ,\t")];
        three.answer(shot({ method, body, rows: { [name]: mixed } }), good, `${count} in two rows`);
      }
    }
    three.mustLive();
  });
}

let vias = 0;
function nextVia(): string {
  return `SIP/2.0/UDP 192.0.2.99;branch=z9hG4bKlist${++vias}`;
}

listLimit("Via", "SIP/2.0/UDP 192.0.2.98;branch=z9hG4bKother", 70);
listLimit("Contact", "<sip:eve@192.0.2.99>", 32);
listLimit("Route", "<sip:192.0.2.99;lr>", 32);
listLimit("Record-Route", "<sip:192.0.2.99;lr>", 32);

test("a start line of 2048 bytes: one more is 414", () => {
  const three = new ThreePhones();
  for (const length of [2047, 2048, 2049, 8000, 60_000]) {
    const uriOf = (method: string) => `sip:alice@192.0.2.10;x=${"y".repeat(length - method.length - 32)}`;
    for (const method of ["OPTIONS", "INVITE"]) {
      const datagram = shot({ method, uri: uriOf(method), body: method === "INVITE" ? offer() : "" });
      assert.equal(datagram.indexOf("\r\n"), length);
      const good = method === "INVITE" ? 180 : 200;
      three.answer(datagram, length > 2048 ? 414 : good, `${length} bytes`);
    }
  }
  three.mustLive();
});

test("a header line of 8192 bytes, folded or not: one more is 513", () => {
  const three = new ThreePhones();
  for (const length of [8191, 8192, 8193, 60_000]) {
    const line = "X-Long: ".padEnd(length, "x");
    const status = length > 8192 ? 513 : 0;
    bothMethods(three, { lines: [line] }, status, `${length} bytes`);
    // Folding counts as the bytes that it takes.
    const folded = `${line.slice(0, 100)}\r\n ${line.slice(103)}`;
    bothMethods(three, { lines: [folded] }, status, `${length} bytes, folded`);
  }
  three.mustLive();
});

test("a header line of 8192 bytes of each kind that is read: one more is 513", () => {
  const three = new ThreePhones();
  for (const length of [8192, 8193]) {
    const fill = (name: string, value: string): string => value.padEnd(length - name.length - 2, "x");
    const values: Record<string, string> = {
      From: "<sip:eve@192.0.2.99>;tag=1;p=",
      To: "<sip:alice@192.0.2.10>;p=",
      Via: "SIP/2.0/UDP 192.0.2.99;p=",
      "Call-ID": "c",
      Supported: "s",
    };
    for (const [name, value] of Object.entries(values))
      for (const method of ["OPTIONS", "INVITE"]) {
        // By RFC 2543's rules the topmost Via is part of what makes a transaction.
        const text = name === "Call-ID" || name === "Via" ? `${value}${method}` : value;
        const datagram = shot({
          method,
          body: method === "INVITE" ? offer() : "",
          rows: { [name]: fill(name, text) },
        });
        three.answer(datagram, length > 8192 ? 513 : method === "INVITE" ? 180 : 200, `${name} of ${length}`);
      }
  }
  three.mustLive();
});

test("128 headers: one more is 513", () => {
  const three = new ThreePhones();
  const usual: Record<string, number> = { OPTIONS: 7, INVITE: 9 };
  for (const count of [127, 128, 129, 1000])
    for (const [method, own] of Object.entries(usual)) {
      const datagram = shot({
        method,
        body: method === "INVITE" ? offer() : "",
        lines: many(count - own, "X: y"),
      });
      assert.equal(datagram.toString("latin1").split("\r\n\r\n")[0]?.split("\r\n").length, count + 1);
      const good = method === "INVITE" ? 180 : 200;
      three.answer(datagram, count > 128 ? 513 : good, `${count} headers`);
    }
  three.mustLive();
});

test("16 media lines: one more is 400", () => {
  const three = new ThreePhones();
  const { peer, dialog } = three.up;
  for (const count of [15, 16, 17, 200]) {
    const body = offer(many(count - 1, "m=video 3458 RTP/AVP 96"));
    three.answer(shot({ method: "INVITE", body }), count > 16 ? 400 : 180, `${count} lines`);
    peer.requests(dialog, "INVITE", { body });
    const answer = peer.takesAll().at(-1);
    assert.equal(answer?.status, count > 16 ? 400 : 200);
    if (count > 16) continue;
    assert.equal(answer?.body.match(/^m=/gm)?.length, count, "an answer has as many lines as its offer");
    peer.acks(dialog);
  }
  three.mustLive();
});

test("a body as large as a datagram can bring: taken", () => {
  const three = new ThreePhones();
  for (const length of [60_000, 65_000]) {
    const body = offer([`a=x:${"y".repeat(length - 200)}`]);
    three.answer(shot({ method: "INVITE", body }), 180, `${body.length} bytes`);
    three.answer(shot({ body: "x".repeat(length), type: "text/plain" }), 200, `${length} bytes`);
  }
  three.mustLive();
});

test("a body of 64 KB: one byte more is 413", () => {
  const three = new ThreePhones();
  three.answer(shot({ body: "x".repeat(65_536), type: "text/plain" }), 200);
  three.answer(shot({ body: "x".repeat(65_537), type: "text/plain" }), 413);
});

test("more than the window of a datagram: the host is told, and nothing happens", () => {
  const { instance } = connect().wire;
  const size = instance.module.size;
  for (const length of [67_600, 70_000, 1 << 20, 10 << 20])
    assert.equal(
      instance.module.receive(instance.flow, STRANGER, Buffer.alloc(length, 65), 0),
      Status.TooLarge,
      `${length} bytes`,
    );
  assert.equal(instance.module.size, size);
  assert.equal(instance.receive(instance.flow, STRANGER.address, 5060, shot(), 0).sends.length, 1);
});

test("64 parameters of a URI: one more is 400", () => {
  const three = new ThreePhones();
  for (const count of [64, 65]) {
    const uri = `sip:alice@192.0.2.10${";a=b".repeat(count)}`;
    const status = count > 64 ? 400 : 200;
    three.answer(shot({ uri }), status, `${count} in the Request-URI`);
    for (const name of ["From", "To", "Contact", "Route", "Record-Route"])
      three.answer(shot({ rows: { [name]: `<${uri}>` } }), status, `${count} in ${name}`);
  }
});

test("32 Contacts in a dialog: one more is 513", () => {
  const three = new ThreePhones();
  const { peer, dialog } = three.up;
  for (const count of [32, 33]) {
    peer.requests(dialog, "UPDATE", { headers: { Contact: many(count, peer.contact) } });
    peer.expects(count > 32 ? 513 : 200);
  }
});

// ---- responses ----

interface Ringing {
  what: string;
  headers: (over: boolean) => Headers;
  reason?: (over: boolean) => string;
}

const WIDE = "x".repeat(8192);
const routes = (over: boolean): string[] => many(over ? 33 : 32, "<sip:192.0.2.30;lr>");
const RESPONSES: Ringing[] = [
  {
    what: "a status line of 2048 bytes",
    headers: () => ({}),
    reason: (over) => "r".repeat(2048 - 12 + (over ? 1 : 0)),
  },
  {
    what: "a header line of 8192 bytes",
    headers: (over) => ({ "X-Long": WIDE.slice(0, 8192 - 8 + (over ? 1 : 0)) }),
  },
  // Beside the Via, From, To, Call-ID, CSeq, Contact and Content-Length of the response.
  { what: "128 headers", headers: (over) => ({ X: many(over ? 122 : 121, "y") }) },
  {
    what: "32 Record-Routes",
    headers: (over) => ({ "Record-Route": routes(over) }),
  },
];

for (const { what, headers, reason } of RESPONSES)
  test(`a response with ${what} is read, with one more it is dropped`, () => {
    for (const over of [false, true]) {
      const { phone, peer, wire } = connect();
      const { module } = wire.instance;
      phone.dials(peer.uri);
      const invite = peer.expects("INVITE");
      const [size, dropped] = [module.size, module.counter(Counter.Dropped)];
      const parts = { headers: { Contact: peer.contact, ...headers(over) } };
      peer.replies(invite, 180, reason ? { ...parts, reason: reason(over) } : parts);
      assert.equal(module.counter(Counter.Dropped) - dropped, over ? 1 : 0, what);
      assert.equal(module.size, size);
      if (over) phone.saysNothing("call.ringing");
      else assert.equal(phone.event("call.ringing").fields["status"], 180);
    }
  });

// ---- what is kept ----

test("a request past a limit leaves nothing but its answer", () => {
  const { wire, runTo } = connect();
  const { instance } = wire;
  const past: Shot[] = [
    { uri: `sip:${"x".repeat(3000)}` },
    { lines: [WIDE] },
    { lines: many(200, "X: y") },
    { rows: { Contact: many(33, "<sip:a@b>") } },
    { rows: { "Record-Route": many(33, "<sip:a@b>") } },
    { body: offer(many(16, "m=audio 1 RTP/AVP 0")) },
  ];
  for (const parts of past) {
    const datagram = shot({ method: "INVITE", ...parts });
    const { sends } = instance.receive(instance.flow, STRANGER.address, STRANGER.port, datagram, wire.now);
    assert.match(sends[0]?.bytes.toString("latin1") ?? "", /^SIP\/2\.0 (400|414|513) /);
    const kept = inUse(instance.module);
    assert.deepEqual([kept.calls, kept.dialogs, kept.transactions], [0, 0, 1]);
    assert.ok(kept.keptBytes < 4096, `${kept.keptBytes} bytes`);
    runTo(wire.now + 40_000);
    assert.equal(inUse(instance.module).transactions, 0);
    // There is nothing to cancel either.
    const cancel = instance.receive(
      instance.flow,
      STRANGER.address,
      STRANGER.port,
      cancelOf(datagram),
      wire.now,
    );
    assert.match(
      cancel.sends[0]?.bytes.toString("latin1") ?? "SIP/2.0 481 none",
      /^SIP\/2\.0 (400|414|481) /,
    );
    runTo(wire.now + 40_000);
  }
});

test("all limits at once: 65,500 bytes of Via and Record-Route are answered, and memory stays", () => {
  const three = new ThreePhones();
  const via = (i: number) => `SIP/2.0/UDP 192.0.2.99;branch=z9hG4bKbig${i};p=${"x".repeat(890)}`;
  for (let n = 0; n < 20; n++) {
    const Via = [`${nextVia()};p=x`, ...Array.from({ length: 69 }, (_, i) => via(i))];
    three.answerOneOf(shot({ rows: { Via } }), [0, 200, 513]);
    three.answerOneOf(shot({ method: "INVITE", body: offer(), rows: { Via } }), [0, 180, 500, 513]);
    const wide = many(32, `<sip:192.0.2.99;lr;p=${"x".repeat(1900)}>`);
    three.answerOneOf(
      shot({ method: "INVITE", body: offer(), rows: { "Record-Route": wide } }),
      [0, 180, 500, 513],
    );
  }
  three.mustLive();
});
