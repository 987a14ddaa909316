// The table when it is full, and memory when it is short.

import { blocksInUse, keep, release } from "../../../assembly/bytes/blocks";
import { slice, Slice, w } from "../../../assembly/bytes/slice";
import { Method } from "../../../assembly/message/method";
import { respond, resendResponse } from "../../../assembly/transaction/response";
import { transactionAt, transactionPlaces } from "../../../assembly/transaction/table";
import {
  createClient,
  destroy,
  findServer,
  findTransaction,
  State,
  Transaction,
  transactionsInUse,
  Verdict,
} from "../../../assembly/transaction/transaction";
import { client, expectNothingLeft, NOW, openRoom, read, request, sent, server } from "./wire";

function branch(i: i32): string {
  return "z9hG4bK" + i.toString();
}

/** Answered requests number `from` to `to`. */
function answer(from: i32, to: i32): void {
  for (let i = from; i <= to; i++) respond(server(request("OPTIONS", branch(i)))!, 200, w("b1"), NOW);
}

function isKnown(method: string, i: i32): bool {
  return findServer(read(request(method, branch(i)))) != null;
}

/** Keeps all memory there is, but for what a block of that size takes. */
function fillMemory(except: i32): Slice {
  const spare = except ? keep(slice(0, except)) : 0;
  for (let n = 65536; n >= 64; n >>= 1) {
    while (keep(slice(0, n))) {}
  }
  release(spare);
  return spare;
}

describe("the table", () => {
  beforeEach(() => {
    openRoom(8);
  });

  it("keeps a quarter of its places for urgent requests and our own", () => {
    for (let i = 1; i <= 6; i++) expect(server(request("INVITE", branch(i)))).not.toBeNull();
    expect(server(request("INVITE", branch(7)))).toBeNull();
    expect(server(request("INVITE", branch(7)), false, true)).not.toBeNull();
    expect(client(Method.Invite, false)).not.toBeNull();
    expect(client(Method.Invite, false)).toBeNull();
    expect(server(request("BYE", branch(9)), false, true)).toBeNull();
    expect(transactionsInUse()).toBe(8);
  });

  it("recycles the oldest answered request that is no INVITE", () => {
    respond(server(request("INVITE", branch(1)))!, 486, w("b1"), NOW);
    server(request("OPTIONS", branch(2)));
    answer(3, 6);
    expect(server(request("OPTIONS", branch(7)))).not.toBeNull();
    expect(isKnown("OPTIONS", 3)).toBe(false);
    expect(isKnown("OPTIONS", 4)).toBe(true);
    expect(server(request("OPTIONS", branch(8)))).not.toBeNull();
    expect(isKnown("OPTIONS", 4)).toBe(false);
    expect(isKnown("INVITE", 1)).toBe(true);
    expect(isKnown("OPTIONS", 2)).toBe(true);
    expect(transactionsInUse()).toBe(6);
  });

  it("recycles in the order of completion, those that ended meanwhile left out", () => {
    const a = server(request("OPTIONS", branch(1)))!;
    const b = server(request("OPTIONS", branch(2)))!;
    const c = server(request("OPTIONS", branch(3)))!;
    const d = server(request("OPTIONS", branch(4)))!;
    respond(d, 200, w("b1"), NOW);
    respond(b, 200, w("b1"), NOW);
    respond(c, 200, w("b1"), NOW);
    respond(a, 200, w("b1"), NOW);
    destroy(b);
    destroy(d);
    destroy(a);
    answer(5, 8);
    expect(server(request("OPTIONS", branch(9)))).not.toBeNull();
    expect(isKnown("OPTIONS", 3)).toBe(true);
    expect(server(request("OPTIONS", branch(10)))).not.toBeNull();
    expect(isKnown("OPTIONS", 3)).toBe(false);
    expect(isKnown("OPTIONS", 5)).toBe(true);
  });

  it("recycles for urgent ones last", () => {
    answer(1, 6);
    client(Method.Invite, false);
    client(Method.Options, false);
    expect(isKnown("OPTIONS", 1)).toBe(true);
    expect(server(request("BYE", branch(7)), false, true)).not.toBeNull();
    expect(isKnown("OPTIONS", 1)).toBe(false);
    expect(transactionsInUse()).toBe(8);
  });

  it("recycles nothing where that would not be enough", () => {
    for (let i = 1; i <= 6; i++) server(request("INVITE", branch(i)));
    respond(server(request("BYE", branch(7)), false, true)!, 200, w("b1"), NOW);
    expect(server(request("INVITE", branch(8)))).toBeNull();
    expect(isKnown("BYE", 7)).toBe(true);
  });

  it("recycles as many as it takes", () => {
    answer(1, 6);
    client(Method.Invite, false);
    client(Method.Options, false);
    expect(server(request("INVITE", branch(7)))).not.toBeNull();
    expect(transactionsInUse()).toBe(6);
  });

  it("does not follow the handle of one that was recycled", () => {
    const t = server(request("OPTIONS", branch(1)))!;
    const handle = t.handle;
    expect(changetype<usize>(findTransaction(handle))).toBe(changetype<usize>(t));
    respond(t, 200, w("b1"), NOW);
    answer(2, 7);
    expect(findTransaction(handle)).toBeNull();
  });

  it("is empty after everything was given back, whatever the order", () => {
    const all = new StaticArray<u32>(6);
    for (let i = 0; i < 6; i++) {
      const t = server(request(i & 1 ? "INVITE" : "OPTIONS", branch(i)))!;
      if (i & 2) respond(t, 200, w("b1"), NOW);
      all[i] = t.handle;
    }
    for (let i = 0; i < 6; i++) destroy(findTransaction(all[(i * 5) % 6])!);
    expectNothingLeft();
  });

  it("shows what stands at each place", () => {
    const t = client(Method.Invite, false)!;
    // Places from here on were never taken.
    expect(transactionPlaces()).toBe(1);
    expect(changetype<usize>(transactionAt(0))).toBe(changetype<usize>(t));
    expect(transactionAt(1)).toBeNull();
    expect(transactionAt(8)).toBeNull();
  });

  it("finds each of many", () => {
    openRoom(400, 512 * 1024);
    for (let i = 0; i < 300; i++) assert(server(request("INVITE", branch(i))) != null);
    for (let i = 0; i < 300; i++) assert(isKnown("INVITE", i));
    for (let i = 0; i < 300; i += 2) destroy(findServer(read(request("INVITE", branch(i))))!);
    for (let i = 0; i < 300; i++) assert(isKnown("INVITE", i) == ((i & 1) == 1));
    expect(transactionsInUse()).toBe(150);
  });
});

describe("short of memory", () => {
  beforeEach(() => {
    openRoom(8, 64 * 1024);
  });

  it("refuses a client transaction, and sends nothing", () => {
    fillMemory(0);
    const used = blocksInUse();
    expect(client(Method.Invite, false)).toBeNull();
    expect(sent()).toBe("");
    expect(transactionsInUse()).toBe(0);
    expect(blocksInUse()).toBe(used);
  });

  it("refuses a client transaction whose address can't be kept", () => {
    fillMemory(256);
    const used = blocksInUse();
    expect(client(Method.Invite, false)).toBeNull();
    expect(sent()).toBe("");
    expect(transactionsInUse()).toBe(0);
    expect(blocksInUse()).toBe(used);
  });

  it("refuses a server transaction", () => {
    fillMemory(0);
    expect(server(request("OPTIONS"))).toBeNull();
    openRoom(8, 64 * 1024);
    fillMemory(192);
    const used = blocksInUse();
    expect(server(request("OPTIONS"))).toBeNull();
    expect(transactionsInUse()).toBe(0);
    expect(blocksInUse()).toBe(used);
    expect(findServer(read(request("OPTIONS")))).toBeNull();
  });

  it("sends a response once that it can't keep", () => {
    const t = server(request("INVITE"))!;
    fillMemory(0);
    expect(respond(t, 486, w("b1"), NOW)).toBe(true);
    expect(sent()).toBe("SIP/2.0 486 Busy Here");
    expect(t.state).toBe(State.Completed);
    expect(resendResponse(t)).toBe(false);
    expect(t.receiveRequest(read(request("INVITE")), NOW)).toBe(Verdict.Absorb);
    expect(sent()).toBe("");
  });

  it("refuses a request that is longer than the largest block", () => {
    expect(
      createClient(slice(0, 65537), Method.Options, w("x"), 1, 3, false, w("h"), 5060, 0, 0, NOW),
    ).toBeNull();
  });
});
