// What a client transaction writes itself: the ACK to 300-699, and CANCEL.

import { EMPTY, slice } from "../../../assembly/bytes/slice";
import { clearOutput, OUTPUT_BYTES, put } from "../../../assembly/output/output";
import { Method } from "../../../assembly/message/method";
import { sendCancel } from "../../../assembly/transaction/cancel";
import {
  findClient,
  State,
  Transaction,
  transactionsInUse,
  useTimers,
  Verdict,
} from "../../../assembly/transaction/transaction";
import { client, NOW, openRoom, read, response, sent, sentText, sentTo, timers } from "./wire";

const INVITE = `INVITE sip:bob@192.0.2.9:5080;x=1 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.2:5060;rport;branch=z9hG4bK1
Max-Forwards: 61
Route: <sip:p1.example.com;lr>
Route: <sip:p2.example.com;lr>
From: <sip:alice@example.com>;tag=a1
To: <sip:bob@example.com>
Call-ID: c1
CSeq: 7 INVITE
Authorization: Digest username="alice"
Proxy-Authorization: Digest username="a"
Require: timer
Content-Type: text/plain
Content-Length: 5

hello`;

const HEAD = `Via: SIP/2.0/UDP 192.0.2.2:5060;rport;branch=z9hG4bK1
Max-Forwards: 70
Route: <sip:p1.example.com;lr>
Route: <sip:p2.example.com;lr>
From: <sip:alice@example.com>;tag=a1
`;

let t: Transaction = changetype<Transaction>(0);

describe("requests for the next hop", () => {
  beforeEach(() => {
    openRoom();
    t = client(Method.Invite, false, INVITE)!;
    clearOutput();
  });

  it("acknowledge a failure where the INVITE went, with the To of the response", () => {
    t.receiveResponse(read(response(486, "INVITE")), NOW);
    const ack =
      "ACK sip:bob@192.0.2.9:5080;x=1 SIP/2.0\n" +
      HEAD +
      "To: Bob <sip:bob@example.com>;tag=b1\nCall-ID: c1\nCSeq: 7 ACK\n" +
      'Authorization: Digest username="alice"\nProxy-Authorization: Digest username="a"\nContent-Length: 0\n\n';
    expect(sentText()).toBe(ack);
    t.receiveResponse(read(response(486, "INVITE").replace("tag=b1", "tag=b2")), NOW);
    expect(sentText()).toBe(ack);
    t.receiveResponse(read(response(486, "INVITE")), NOW);
    expect(sentTo()).toBe("3 192.0.2.9:5099");
  });

  it("cancel with the branch, the route and the CSeq number of the INVITE", () => {
    t.receiveResponse(read(response(180, "INVITE")), NOW);
    useTimers(1000, 8000, 9000);
    expect(sendCancel(t, 88, 6, EMPTY, NOW)).toBe(true);
    expect(sentText()).toBe(
      "CANCEL sip:bob@192.0.2.9:5080;x=1 SIP/2.0\n" +
        HEAD +
        "To: <sip:bob@example.com>\nCall-ID: c1\nCSeq: 7 CANCEL\nContent-Length: 0\n\n",
    );
    const c = findClient(read(response(200, "CANCEL")))!;
    expect(c.owner).toBe(88);
    expect(c.purpose).toBe(6);
    expect(timers(c, NOW)).toBe("E+500 F+32000");
    expect(c.receiveResponse(read(response(200, "CANCEL")), NOW)).toBe(Verdict.Pass);
    expect(t.state).toBe(State.Proceeding);
    expect(t.receiveResponse(read(response(487, "INVITE")), NOW)).toBe(Verdict.Pass);
    expect(sent()).toBe("ACK sip:bob@192.0.2.9:5080;x=1 SIP/2.0");
  });

  it("cancel only what is Proceeding", () => {
    expect(sendCancel(t, 88, 6, EMPTY, NOW)).toBe(false);
    t.receiveResponse(read(response(200, "INVITE")), NOW);
    expect(sendCancel(t, 88, 6, EMPTY, NOW)).toBe(false);
    const other = client(Method.Options, false)!;
    other.receiveResponse(read(response(100, "OPTIONS")), NOW);
    clearOutput();
    expect(sendCancel(other, 88, 6, EMPTY, NOW)).toBe(false);
    expect(sent()).toBe("");
  });

  it("are left out when there is no room for them", () => {
    t.receiveResponse(read(response(180, "INVITE")), NOW);
    put(slice(0, <i32>OUTPUT_BYTES - 200));
    expect(sendCancel(t, 88, 6, EMPTY, NOW)).toBe(false);
    expect(transactionsInUse()).toBe(1);
    t.receiveResponse(read(response(486, "INVITE")), NOW);
    clearOutput();
    // The INVITE must not be sent again in the place of an ACK.
    t.receiveResponse(read(response(486, "INVITE")), NOW);
    expect(sent()).toBe("");
    expect(t.state).toBe(State.Completed);
  });

  it("need a place in the table", () => {
    openRoom(1);
    t = client(Method.Invite, false, INVITE)!;
    t.receiveResponse(read(response(180, "INVITE")), NOW);
    expect(sendCancel(t, 88, 6, EMPTY, NOW)).toBe(false);
  });
});
