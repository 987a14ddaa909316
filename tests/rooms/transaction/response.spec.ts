// What responses repeat of their request, and where they go.

import { EMPTY, slice, w } from "../../../assembly/bytes/slice";
import { putBody, putHeader } from "../../../assembly/message/write";
import { clearOutput, OUTPUT_BYTES, put } from "../../../assembly/output/output";
import { beginResponse, resendResponse, respond, sendResponse } from "../../../assembly/transaction/response";
import { createServer, State } from "../../../assembly/transaction/transaction";
import { NOW, openRoom, read, request, sent, sentText, sentTo, server } from "./wire";

const LONG = `INVITE sip:bob@example.com SIP/2.0
v: SIP/2.0/UDP p1.example.com:5070;branch=z9hG4bK1;rport;x="a,b;rport" , SIP/2.0/UDP p2.example.com;branch=z9hG4bK-2
Record-Route: <sip:p1.example.com;lr>
Via: SIP / 2.0 / TCP p3.example.com ;branch=z9hG4bK3
Max-Forwards: 70
Record-Route: <sip:p3.example.com;lr>,  <sip:p4.example.com;lr>
From: "A. \\"B\\" C" <sip:alice@example.com>  ;tag=a1
To: sip:bob@example.com;x=1
i: c1@example.com
CSeq: 0007   INVITE
Timestamp: 54
Content-Length: 0

`;

const HEAD_VIAS = `Via: SIP/2.0/UDP p1.example.com:5070;branch=z9hG4bK1;rport=6000;x="a,b;rport";received=192.0.2.1 , SIP/2.0/UDP p2.example.com;branch=z9hG4bK-2
Via: SIP / 2.0 / TCP p3.example.com ;branch=z9hG4bK3
`;

const HEAD_ROUTES = `Record-Route: <sip:p1.example.com;lr>
Record-Route: <sip:p3.example.com;lr>,  <sip:p4.example.com;lr>
`;

const HEAD_REST = `From: "A. \\"B\\" C" <sip:alice@example.com>  ;tag=a1
Call-ID: c1@example.com
CSeq: 0007   INVITE
Timestamp: 54
To: sip:bob@example.com;x=1`;

/** The topmost Via of the response to a request with such a Via, received from 192.0.2.1:6000. */
function stamped(via: string): string {
  openRoom();
  const text = request("OPTIONS").replace("SIP/2.0/UDP client.example.com:5070;branch=z9hG4bK1", via);
  const t = createServer(read(text), 3, false, w("192.0.2.1"), 6000, false, NOW);
  if (!t) return "none";
  respond(t, 200, w("b1"), NOW);
  const line = sentText().split("\n")[1];
  return line.substring(line.indexOf(" ") + 1);
}

/** Where that response goes. */
function destination(via: string, isReliable: bool): string {
  openRoom();
  const text = request("OPTIONS").replace("SIP/2.0/UDP client.example.com:5070", via);
  respond(server(text, isReliable)!, 200, EMPTY, NOW);
  return sentTo();
}

function tagOf(text: string): string {
  const to = text.substring(text.indexOf("\nTo: ") + 1);
  return to.substring(to.indexOf(";tag=") + 5, to.indexOf("\n"));
}

describe("a response", () => {
  beforeEach(() => {
    openRoom();
  });

  it("repeats the head byte for byte, with a tag", () => {
    const t = server(LONG)!;
    respond(t, 180, w("b1"), NOW);
    expect(sentText()).toBe(
      "SIP/2.0 180 Ringing\n" + HEAD_VIAS + HEAD_ROUTES + HEAD_REST + ";tag=b1\nContent-Length: 0\n\n",
    );
    respond(t, 486, w("b1"), NOW);
    expect(sentText()).toBe(
      "SIP/2.0 486 Busy Here\n" + HEAD_VIAS + HEAD_REST + ";tag=b1\nContent-Length: 0\n\n",
    );
  });

  it("has neither tag nor Record-Route when it is a 100", () => {
    respond(server(LONG)!, 100, w("b1"), NOW);
    expect(sentText()).toBe("SIP/2.0 100 Trying\n" + HEAD_VIAS + HEAD_REST + "\nContent-Length: 0\n\n");
  });

  it("takes more headers, a reason and a body", () => {
    const t = server(LONG)!;
    const from = beginResponse(t, 200, w("Fine"), w("b1"));
    putHeader(w("Contact"), w("<sip:bob@192.0.2.2>"));
    putBody(w("text/plain"), w("hello"));
    expect(sendResponse(t, from, 200, NOW)).toBe(true);
    const expected =
      "SIP/2.0 200 Fine\n" +
      HEAD_VIAS +
      HEAD_ROUTES +
      HEAD_REST +
      ";tag=b1\nContact: <sip:bob@192.0.2.2>\nContent-Type: text/plain\nContent-Length: 5\n\nhello";
    expect(sentText()).toBe(expected);
    expect(resendResponse(t)).toBe(true);
    expect(sentText()).toBe(expected);
  });

  it("leaves a To tag that was there, and a To that it can't read", () => {
    respond(server(request("OPTIONS", "z9hG4bK1", ";tag=b7"))!, 200, w("b1"), NOW);
    expect(sentText().includes("To: Bob <sip:bob@example.com>;tag=b7\n")).toBe(true);
    respond(server(request("OPTIONS", "z9hG4bK2", ';x="y'))!, 400, w("b1"), NOW);
    expect(sentText().includes('To: Bob <sip:bob@example.com>;x="y\n')).toBe(true);
  });

  it("has a tag in any case, the same in every response to one request", () => {
    const t = server(request("INVITE"))!;
    respond(t, 180, EMPTY, NOW);
    const first = tagOf(sentText());
    respond(t, 486, EMPTY, NOW);
    expect(first.length).toBe(16);
    expect(tagOf(sentText())).toBe(first);
    respond(server(request("INVITE", "z9hG4bK2"))!, 486, EMPTY, NOW);
    expect(tagOf(sentText()) != first).toBe(true);
  });

  it("says in the topmost Via where the request came from", () => {
    expect(stamped("SIP/2.0/UDP h;branch=z9hG4bK1")).toBe("SIP/2.0/UDP h;branch=z9hG4bK1;received=192.0.2.1");
    expect(stamped("SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1")).toBe(
      "SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1",
    );
    expect(stamped("SIP/2.0/UDP 192.0.2.1;rport;branch=z9hG4bK1")).toBe(
      "SIP/2.0/UDP 192.0.2.1;rport=6000;branch=z9hG4bK1;received=192.0.2.1",
    );
    expect(stamped("SIP/2.0/UDP h;branch=z9hG4bK1;RPORT")).toBe(
      "SIP/2.0/UDP h;branch=z9hG4bK1;RPORT=6000;received=192.0.2.1",
    );
  });

  it("believes nothing of that which the peer wrote itself", () => {
    expect(stamped("SIP/2.0/UDP h;received=9.9.9.9;rport=1;branch=z9hG4bK1")).toBe(
      "SIP/2.0/UDP h;received=192.0.2.1;rport=6000;branch=z9hG4bK1",
    );
    expect(stamped("SIP/2.0/UDP h;rport=;branch=z9hG4bK1;received=9.9.9.9")).toBe(
      "SIP/2.0/UDP h;rport=6000;branch=z9hG4bK1;received=192.0.2.1",
    );
    expect(stamped("SIP/2.0/UDP h;received;branch=z9hG4bK1")).toBe(
      "SIP/2.0/UDP h;received=192.0.2.1;branch=z9hG4bK1",
    );
  });

  it("compares an IPv6 address without its brackets", () => {
    const text = request("OPTIONS").replace("client.example.com:5070", "[2001:DB8::1]:5070");
    const t = createServer(read(text), 3, false, w("2001:db8::1"), 6000, false, NOW)!;
    respond(t, 200, EMPTY, NOW);
    expect(sentText().split("\n")[1]).toBe("Via: SIP/2.0/UDP [2001:DB8::1]:5070;branch=z9hG4bK1");
  });

  it("copies a topmost Via that it can't read as it is", () => {
    expect(stamped("SIP/2.0/UDP ;branch=z9hG4bK1")).toBe("SIP/2.0/UDP ;branch=z9hG4bK1");
  });

  it("goes to the source address, and the port that Via asks for", () => {
    expect(destination("SIP/2.0/UDP h:5070", false)).toBe("3 192.0.2.1:5070");
    expect(destination("SIP/2.0/UDP h", false)).toBe("3 192.0.2.1:5060");
    expect(destination("SIP/2.0/UDP h:5070;rport", false)).toBe("3 192.0.2.1:6000");
    expect(destination("SIP/2.0/UDP h:5070;maddr=192.0.2.66", false)).toBe("3 192.0.2.1:5070");
    expect(destination("SIP/2.0/TCP h:5070", true)).toBe("3 192.0.2.1:6000");
  });

  it("needs a Via", () => {
    expect(stamped("")).toBe("none");
  });

  it("is not sent when it does not fit, and nothing changes", () => {
    const t = server(request("OPTIONS"))!;
    const from = beginResponse(t, 200, EMPTY, EMPTY);
    put(slice(0, <i32>OUTPUT_BYTES));
    expect(sendResponse(t, from, 200, NOW)).toBe(false);
    expect(t.state).toBe(State.Trying);
    expect(sent()).toBe("");
    clearOutput();
    expect(respond(t, 200, EMPTY, NOW)).toBe(true);
  });
});
