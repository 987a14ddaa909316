// Which transaction a message belongs to.

import { EMPTY, w } from "../../../assembly/bytes/slice";
import { Method } from "../../../assembly/message/method";
import { respond } from "../../../assembly/transaction/response";
import {
  destroy,
  findClient,
  findInviteToCancel,
  findServer,
  findTransaction,
  isMerged,
  State,
  Transaction,
  Verdict,
} from "../../../assembly/transaction/transaction";
import { client, expectNothingLeft, NOW, openRoom, read, request, response, sent, server } from "./wire";

/** A request as RFC 2543 had them: no branch. */
function oldRequest(method: string, to: string = "", more: string = ""): string {
  return request(method, "x", to, more).replace(";branch=x", "");
}

function expectFound(text: string, t: Transaction | null): void {
  expect(changetype<usize>(findServer(read(text)))).toBe(changetype<usize>(t));
}

describe("matching", () => {
  beforeEach(() => {
    openRoom();
  });

  it("finds the client transaction by branch, method and CSeq", () => {
    const t = client(Method.Invite, false);
    expect(changetype<usize>(findClient(read(response(200, "INVITE"))))).toBe(changetype<usize>(t));
    expect(findClient(read(response(200, "INVITE", "z9hG4bK2")))).toBeNull();
    expect(findClient(read(response(200, "INVITE", "Z9HG4BK1")))).toBeNull();
    expect(findClient(read(response(200, "CANCEL")))).toBeNull();
    expect(findClient(read(response(200, "INVITE", "z9hG4bK1", "8")))).toBeNull();
    expect(findClient(read(response(200, "INVITE", "z9hG4bK1", "x")))).toBeNull();
    expect(findClient(read("SIP/2.0 200 OK\nCSeq: 7 INVITE\n\n"))).toBeNull();
  });

  it("finds the server transaction by branch, sent-by, method and CSeq", () => {
    const t = server(request("OPTIONS"));
    expectFound(request("OPTIONS"), t);
    expectFound(request("OPTIONS").replace("client.example.com", "CLIENT.Example.com"), t);
    expectFound(request("OPTIONS", "z9hG4bK1", "", "X-More: here\n"), t);
    expectFound(request("OPTIONS", "z9hG4bK2"), null);
    expectFound(request("OPTIONS").replace("client.example.com", "other.example.com"), null);
    expectFound(request("OPTIONS").replace(":5070", ":5071"), null);
    expectFound(request("OPTIONS").replace("CSeq: 7", "CSeq: 8"), null);
    expectFound(request("MESSAGE"), null);
    expectFound(request("FOO"), null);
    expectFound("OPTIONS sip:bob@example.com SIP/2.0\nCSeq: 7 OPTIONS\n\n", null);
  });

  it("tells methods without a number of their own apart", () => {
    const foo = server(request("FOO"));
    const bar = server(request("BAR"));
    expectFound(request("FOO"), foo);
    expectFound(request("BAR"), bar);
  });

  it("never takes a client transaction for a server transaction with the same branch", () => {
    client(Method.Options, false);
    expectFound(request("OPTIONS"), null);
    const t = server(request("OPTIONS"));
    expectFound(request("OPTIONS"), t);
    expect(findClient(read(response(200, "OPTIONS")))!.isServer).toBe(false);
  });

  it("finds the INVITE of an ACK with its branch, and none for another branch", () => {
    const t = server(request("INVITE"))!;
    expectFound(request("ACK", "z9hG4bK1", ";tag=b1"), t);
    expectFound(request("ACK", "z9hG4bK2", ";tag=b1"), null);
    respond(t, 486, w("b1"), NOW);
    expectFound(request("ACK", "z9hG4bK1", ";tag=other"), t);
  });

  it("finds the INVITE of a CANCEL, and the CANCEL itself", () => {
    const invite = server(request("INVITE"));
    const cancel = request("CANCEL");
    expectFound(cancel, null);
    expect(changetype<usize>(findInviteToCancel(read(cancel)))).toBe(changetype<usize>(invite));
    const t = server(cancel);
    expectFound(cancel, t);
    expect(changetype<usize>(findInviteToCancel(read(cancel)))).toBe(changetype<usize>(invite));
    expect(findInviteToCancel(read(request("CANCEL", "z9hG4bK2")))).toBeNull();
  });

  it("answers a request that comes twice in one batch but once (RFC 4475 dblreq)", () => {
    const t = server(request("REGISTER"))!;
    respond(t, 200, w("b1"), NOW);
    sent();
    expectFound(request("REGISTER"), t);
    expect(t.receiveRequest(read(request("REGISTER")), NOW)).toBe(Verdict.Absorb);
    expect(sent()).toBe("SIP/2.0 200 OK");
  });

  it("forgets what is terminated", () => {
    const t = client(Method.Invite, false)!;
    t.transportFailed(NOW);
    expect(findClient(read(response(200, "INVITE")))).toBeNull();
    expect(changetype<usize>(findTransaction(t.handle))).toBe(changetype<usize>(t));
    destroy(t);
    expectNothingLeft();
  });
});

describe("matching as in RFC 2543", () => {
  beforeEach(() => {
    openRoom();
  });

  it("finds a request by its Request-URI, tags, Call-ID, CSeq and topmost Via", () => {
    const t = server(oldRequest("OPTIONS"));
    expectFound(oldRequest("OPTIONS"), t);
    expectFound(request("OPTIONS", "x"), null);
    expectFound(oldRequest("OPTIONS").replace("sip:bob@example.com SIP", "sip:bob@other SIP"), null);
    expectFound(oldRequest("OPTIONS").replace("tag=a1", "tag=a2"), null);
    expectFound(oldRequest("OPTIONS").replace("c1@", "c2@"), null);
    expectFound(oldRequest("OPTIONS").replace("CSeq: 7", "CSeq: 8"), null);
    expectFound(oldRequest("OPTIONS").replace("client.example.com", "other.example.com"), null);
    expectFound(oldRequest("OPTIONS", ";tag=b1"), null);
    expectFound(oldRequest("REGISTER"), null);
  });

  it("counts a branch without the cookie as none, and the cookie in any case", () => {
    const t = server(request("OPTIONS", "1"));
    expectFound(request("OPTIONS", "1"), t);
    expectFound(request("OPTIONS", "1").replace("sip:bob@example.com SIP", "sip:bob@other SIP"), null);
    const u = server(request("OPTIONS", "Z9hG4bK7"));
    expectFound(request("OPTIONS", "Z9hG4bK7").replace("sip:bob@example.com SIP", "sip:bob@other SIP"), u);
  });

  it("finds the INVITE of an ACK only with the tag of our response", () => {
    const t = server(oldRequest("INVITE"))!;
    expectFound(oldRequest("INVITE"), t);
    respond(t, 486, w("b1"), NOW);
    expectFound(oldRequest("ACK", ";tag=b1"), t);
    expectFound(oldRequest("ACK", ";tag=b2"), null);
    expectFound(oldRequest("ACK"), null);
    expect(t.receiveRequest(read(oldRequest("ACK", ";tag=b1")), NOW)).toBe(Verdict.Acknowledged);
  });

  it("finds it with any tag where the core gave none of its own", () => {
    const t = server(oldRequest("INVITE"))!;
    respond(t, 486, EMPTY, NOW);
    expectFound(oldRequest("ACK", ";tag=b1"), t);
  });

  it("passes the ACK to a 2xx on (RFC 6026)", () => {
    const t = server(oldRequest("INVITE", ";tag=b7"))!;
    respond(t, 200, w("b1"), NOW);
    expectFound(oldRequest("ACK", ";tag=b7"), t);
    expect(t.receiveRequest(read(oldRequest("ACK", ";tag=b7")), NOW)).toBe(Verdict.Pass);
    expect(t.state).toBe(State.Accepted);
  });

  it("finds the INVITE of a CANCEL", () => {
    const t = server(oldRequest("INVITE"));
    expect(changetype<usize>(findInviteToCancel(read(oldRequest("CANCEL"))))).toBe(changetype<usize>(t));
    expectFound(oldRequest("CANCEL"), null);
  });
});

describe("merged requests", () => {
  beforeEach(() => {
    openRoom();
  });

  it("are those that came another way before", () => {
    const first = request("INVITE");
    expect(isMerged(read(first))).toBe(false);
    server(first);
    expect(isMerged(read(first))).toBe(false);
    const second = request("INVITE", "z9hG4bK2");
    expect(isMerged(read(second))).toBe(true);
    server(second);
    expect(isMerged(read(request("INVITE", "z9hG4bK3")))).toBe(true);
  });

  it("are not those that differ in From tag, Call-ID, CSeq or method, or have a To tag", () => {
    server(request("INVITE"));
    const second = request("INVITE", "z9hG4bK2");
    expect(isMerged(read(second.replace("tag=a1", "tag=a2")))).toBe(false);
    expect(isMerged(read(second.replace("c1@", "c2@")))).toBe(false);
    expect(isMerged(read(second.replace("CSeq: 7", "CSeq: 8")))).toBe(false);
    expect(isMerged(read(request("OPTIONS", "z9hG4bK2")))).toBe(false);
    expect(isMerged(read(request("INVITE", "z9hG4bK2", ";tag=b1")))).toBe(false);
    expect(isMerged(read(request("CANCEL", "z9hG4bK2")))).toBe(false);
    expect(isMerged(read(request("ACK", "z9hG4bK2")))).toBe(false);
  });

  it("are forgotten with the transaction that they doubled", () => {
    destroy(server(request("INVITE"))!);
    expect(isMerged(read(request("INVITE", "z9hG4bK2")))).toBe(false);
    expectNothingLeft();
  });
});
