import { Slice, w } from "../../../assembly/bytes/slice";
import { readAnswer } from "../../../assembly/sdp/answer";
import { Codec } from "../../../assembly/sdp/codec";
import { Direction } from "../../../assembly/sdp/local-media";
import { add, begin, beginWith, chosen, openBench, ours, read, text, theirs } from "./bench";

/** What was offered, as far as it is looked at. */
const OFFER = w("m=audio 11780 RTP/AVP 8 0 9 18\r\n");

function takes(line: Slice): bool {
  begin();
  add(line);
  return read() && readAnswer(theirs, ours, OFFER, chosen);
}

/** Our direction when we offered `offered` and the answer has that line. */
function directionAfter(offered: Direction, line: Slice): i32 {
  ours.direction = offered;
  begin();
  add(w("m=audio 4000 RTP/AVP 0"));
  add(line);
  expect(read() && readAnswer(theirs, ours, OFFER, chosen)).toBe(true);
  return chosen.direction;
}

describe("the peer's answer", () => {
  beforeEach(openBench);

  it("says where, what and how", () => {
    begin();
    add(w("m=audio 4000 RTP/AVP 18 8 101"));
    add(w("a=rtpmap:18 G729/8000"));
    add(w("a=rtpmap:101 telephone-event/8000"));
    add(w("a=ptime:30"));
    expect(read() && readAnswer(theirs, ours, OFFER, chosen)).toBe(true);
    expect(text(chosen.address)).toBe("198.51.100.7");
    expect(chosen.port).toBe(4000);
    expect(chosen.codec).toBe(Codec.G729);
    expect(chosen.payload).toBe(18);
    expect(chosen.dtmfPayload).toBe(101);
    expect(chosen.ptime).toBe(30);
    expect(chosen.direction).toBe(Direction.SendRecv);
    expect(chosen.isHeld).toBe(false);
  });

  it("names the first codec that we offered, not the first at all", () => {
    expect(takes(w("m=audio 4000 RTP/AVP 3 9 0"))).toBe(true);
    expect(chosen.codec).toBe(Codec.G722);
    expect(chosen.dtmfPayload).toBe(0);
  });

  it("may number a codec in its own way, or leave out what our numbers mean", () => {
    expect(
      takes(w("m=audio 4000 RTP/AVP 110 111\r\na=rtpmap:110 PCMA/8000\r\na=rtpmap:111 telephone-event/8000")),
    ).toBe(true);
    expect(chosen.payload).toBe(110);
    expect(chosen.dtmfPayload).toBe(111);
    openBench();
    ours.clearCodecs();
    ours.addCodec(Codec.Pcma, 96);
    expect(takes(w("m=audio 4000 RTP/AVP 96 101"))).toBe(true);
    expect(chosen.codec).toBe(Codec.Pcma);
    expect(chosen.payload).toBe(96);
    expect(chosen.dtmfPayload).toBe(101);
  });

  it("has our one line, taken, with a codec that we offered", () => {
    expect(takes(w("m=audio 4000 RTP/AVP 0"))).toBe(true);
    expect(takes(w("a=sendrecv"))).toBe(false);
    expect(chosen.port).toBe(0);
    expect(takes(w("m=audio 4000 RTP/AVP 0\r\nm=video 0 RTP/AVP 31"))).toBe(false);
    expect(takes(w("m=audio 0 RTP/AVP 0"))).toBe(false);
    expect(takes(w("m=audio 4000 RTP/AVP 3"))).toBe(false);
    expect(takes(w("m=audio 4000 RTP/AVP 101"))).toBe(false);
    expect(takes(w("m=audio 4000 RTP/AVP 4294967296"))).toBe(false);
    expect(takes(w("m=audio 4000 RTP/SAVP 0"))).toBe(false);
    expect(takes(w("m=video 4000 RTP/AVP 0"))).toBe(false);
    expect(takes(w("m=audio 4000 RTP/AVP 0\r\nc=IN IP6 2001:db8::7"))).toBe(false);
    expect(chosen.port).toBe(0);
  });

  it("does not know our numbers from the answer before", () => {
    expect(takes(w("m=audio 4000 RTP/AVP 0 101"))).toBe(true);
    expect(chosen.dtmfPayload).toBe(101);
    ours.dtmfPayload = 96;
    expect(takes(w("m=audio 4000 RTP/AVP 0 101"))).toBe(true);
    expect(chosen.dtmfPayload).toBe(0);
  });

  it("is not confused by numbers of ours that can't be", () => {
    ours.dtmfPayload = 300;
    ours.addUsual(Codec.TelephoneEvent);
    expect(ours.hasCodec(Codec.TelephoneEvent)).toBe(false);
    expect(takes(w("m=audio 4000 RTP/AVP 0 101 44"))).toBe(true);
    expect(chosen.dtmfPayload).toBe(0);
  });

  it("needs an address", () => {
    beginWith(w("v=0\r\no=peer 1 1 IN IP4 a\r\nm=audio 4000 RTP/AVP 0"));
    expect(read() && readAnswer(theirs, ours, OFFER, chosen)).toBe(false);
  });

  it("is heard as the offer's counterpart", () => {
    const answers = [w("a=inactive"), w("a=recvonly"), w("a=sendonly"), w("a=sendrecv")];
    // Rows: inactive, recvonly, sendonly, sendrecv answered; columns: the same of our offer.
    const cells: i32[] = [0, 0, 0, 0, 0, 0, 2, 2, 0, 1, 0, 1, 0, 1, 2, 3];
    for (let answer = 0; answer < 4; answer++) {
      for (let offered = 0; offered < 4; offered++) {
        expect(directionAfter(<Direction>offered, answers[answer])).toBe(cells[answer * 4 + offered]);
      }
    }
  });

  it("holds only what we would send", () => {
    directionAfter(Direction.SendRecv, w("a=sendonly"));
    expect(chosen.isHeld).toBe(true);
    directionAfter(Direction.SendOnly, w("a=inactive"));
    expect(chosen.isHeld).toBe(true);
    directionAfter(Direction.SendOnly, w("a=recvonly"));
    expect(chosen.isHeld).toBe(false);
    directionAfter(Direction.Inactive, w("a=inactive"));
    expect(chosen.isHeld).toBe(false);
    expect(directionAfter(Direction.SendRecv, w("c=IN IP4 0.0.0.0"))).toBe(Direction.RecvOnly);
    expect(chosen.isHeld).toBe(true);
  });
});
