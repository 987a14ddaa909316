import { Slice, w } from "../../../assembly/bytes/slice";
import { Codec } from "../../../assembly/sdp/codec";
import { Direction } from "../../../assembly/sdp/local-media";
import { add, answer, begin, beginOurs, beginWith, chosen, expected, openBench, ours, text } from "./bench";

/** Our direction after an offer of one stream of PCMU with that line. */
function directionAfter(line: Slice, willing: Direction): i32 {
  ours.direction = willing;
  begin();
  add(w("m=audio 4000 RTP/AVP 0"));
  add(line);
  const said = answer();
  expect(said.endsWith(lastLine(chosen.direction))).toBe(true);
  return chosen.direction;
}

function lastLine(direction: Direction): string {
  if (direction == Direction.SendRecv) return "a=sendrecv\r\n";
  if (direction == Direction.SendOnly) return "a=sendonly\r\n";
  return direction == Direction.RecvOnly ? "a=recvonly\r\n" : "a=inactive\r\n";
}

/** The answer's part for PCMU alone. */
function addPcmu(): void {
  add(w("m=audio 11780 RTP/AVP 0"));
  add(w("a=rtpmap:0 PCMU/8000"));
  add(w("a=sendrecv"));
}

function formatsOf(said: string): string {
  const from = said.indexOf("RTP/AVP ") + 8;
  return said.substring(from, said.indexOf("\r\n", from));
}

describe("an answer", () => {
  beforeEach(openBench);

  it("takes the codecs of the offer in the offer's order", () => {
    begin();
    add(w("m=audio 4000 RTP/AVP 18 3 0 97 8"));
    const said = answer();
    beginOurs();
    add(w("m=audio 11780 RTP/AVP 18 0 8"));
    add(w("a=rtpmap:18 G729/8000"));
    add(w("a=fmtp:18 annexb=no"));
    add(w("a=rtpmap:0 PCMU/8000"));
    add(w("a=rtpmap:8 PCMA/8000"));
    add(w("a=sendrecv"));
    expect(said).toBe(expected());
    expect(chosen.codec).toBe(Codec.G729);
    expect(chosen.payload).toBe(18);
    expect(chosen.dtmfPayload).toBe(0);
    expect(chosen.ptime).toBe(20);
    expect(chosen.port).toBe(4000);
    expect(text(chosen.address)).toBe("198.51.100.7");
    expect(chosen.isHeld).toBe(false);
  });

  it("is the same for the same offer", () => {
    begin();
    add(w("m=audio 4000 RTP/AVP 0 101"));
    add(w("a=rtpmap:101 telephone-event/8000"));
    const first = answer();
    begin();
    add(w("m=audio 4000 RTP/AVP 0 101"));
    add(w("a=rtpmap:101 telephone-event/8000"));
    expect(answer()).toBe(first);
  });

  // As in RFC 3264 §10.1: one audio stream with three codecs, two of video.
  it("refuses the video beside the audio", () => {
    begin();
    add(w("m=audio 49170 RTP/AVP 0 8 97"));
    add(w("a=rtpmap:0 PCMU/8000"));
    add(w("a=rtpmap:8 PCMA/8000"));
    add(w("a=rtpmap:97 iLBC/8000"));
    add(w("m=video 51372 RTP/AVP 31 32"));
    add(w("a=rtpmap:31 H261/90000"));
    add(w("a=rtpmap:32 MPV/90000"));
    add(w("m=video 53000 RTP/AVP 32"));
    const said = answer();
    beginOurs();
    add(w("m=audio 11780 RTP/AVP 0 8"));
    add(w("a=rtpmap:0 PCMU/8000"));
    add(w("a=rtpmap:8 PCMA/8000"));
    add(w("a=sendrecv"));
    add(w("m=video 0 RTP/AVP 31 32"));
    add(w("m=video 0 RTP/AVP 32"));
    expect(said).toBe(expected());
  });

  // As in RFC 3264 §10.2: one of several codecs, chosen while the stream is inactive, then a stream of digits.
  it("narrows an inactive stream and refuses a second stream of digits", () => {
    begin();
    add(w("m=audio 62986 RTP/AVP 0 4 18"));
    add(w("a=rtpmap:0 PCMU/8000"));
    add(w("a=rtpmap:4 G723/8000"));
    add(w("a=rtpmap:18 G729/8000"));
    add(w("a=inactive"));
    expect(formatsOf(answer())).toBe("0 18");
    expect(chosen.direction).toBe(Direction.Inactive);
    expect(chosen.isHeld).toBe(true);
    begin();
    add(w("m=audio 62986 RTP/AVP 4 18"));
    add(w("m=audio 62988 RTP/AVP 97"));
    add(w("a=rtpmap:97 telephone-event/8000"));
    const said = answer();
    expect(formatsOf(said)).toBe("18");
    expect(said.endsWith("m=audio 0 RTP/AVP 97\r\n")).toBe(true);
    expect(chosen.dtmfPayload).toBe(0);
  });

  it("takes the first audio line that fits, wherever it stands", () => {
    begin();
    add(w("m=image 4000 udptl t38"));
    add(w("a=T38FaxVersion:0"));
    add(w("m=audio 4002 RTP/AVP 96"));
    add(w("a=rtpmap:96 opus/48000/2"));
    add(w("m=audio 0 RTP/AVP 0"));
    add(w("m=audio 4006 RTP/SAVP 0"));
    add(w("m=audio 4008 RTP/AVPF 0"));
    add(w("m=AUDIO 4010 rtp/avp 0"));
    add(w("m=audio 4012 RTP/AVP 0"));
    add(w("m=application 9 UDP/DTLS/SCTP webrtc-datachannel"));
    add(w("m=text 4014 RTP/AVP"));
    const said = answer();
    beginOurs();
    add(w("m=image 0 udptl t38"));
    add(w("m=audio 0 RTP/AVP 96"));
    add(w("m=audio 0 RTP/AVP 0"));
    add(w("m=audio 0 RTP/SAVP 0"));
    add(w("m=audio 0 RTP/AVPF 0"));
    addPcmu();
    add(w("m=audio 0 RTP/AVP 0"));
    add(w("m=application 0 UDP/DTLS/SCTP webrtc-datachannel"));
    add(w("m=text 0 RTP/AVP"));
    expect(said).toBe(expected());
    expect(chosen.port).toBe(4010);
  });

  it("copies the time of the offer, and leaves out groups, keys and candidates", () => {
    beginWith(w("v=0\r\no=peer 1 1 IN IP4 a\r\ns=Talk\r\nt=3034423619 3042462419\r\na=group:BUNDLE 0"));
    add(w("m=audio 4000 RTP/AVP 0"));
    add(w("c=IN IP4 198.51.100.9"));
    add(w("a=mid:0"));
    add(w("a=rtcp-mux"));
    add(w("a=candidate:1 1 UDP 2130706431 198.51.100.9 4000 typ host"));
    const said = answer();
    beginWith(w("v=0\r\no=- 7 3 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=3034423619 3042462419"));
    addPcmu();
    expect(said).toBe(expected());
    expect(text(chosen.address)).toBe("198.51.100.9");
  });

  it("without t= in the offer says 0 0", () => {
    beginWith(w("v=0\r\no=peer 1 1 IN IP4 a\r\nc=IN IP4 198.51.100.9"));
    add(w("m=audio 4000 RTP/AVP 0"));
    const said = answer();
    beginOurs();
    addPcmu();
    expect(said).toBe(expected());
  });
});

describe("an answer that can't be", () => {
  beforeEach(openBench);

  it("is 488, and nothing is written", () => {
    const lines = [
      w("m=audio 4000 RTP/AVP 3"),
      w("m=audio 4000 RTP/AVP"),
      w("m=audio 4000 RTP/SAVP 0"),
      w("m=audio 4000 UDP/TLS/RTP/SAVPF 0"),
      w("m=video 4000 RTP/AVP 0"),
      w("m=image 4000 udptl t38"),
      w("m=audio 4000 RTP/AVP 0\r\nc=IN IP6 2001:db8::7"),
      w("m=audio 4000 RTP/AVP 0\r\nc=ATM NSAP x"),
      w("m=audio 4000 RTP/AVP 0\r\na=rtpmap:0 GSM/8000"),
      w("m=audio 4000 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000"),
      w("m=audio 0 RTP/AVP 0\r\nm=video 4002 RTP/AVP 31"),
    ];
    for (let i = 0; i < lines.length; i++) {
      begin();
      add(lines[i]);
      expect(answer()).toBe("488");
      expect(chosen.port).toBe(0);
      expect(chosen.codec).toBe(Codec.Unknown);
    }
  });

  it("for want of an address of the peer", () => {
    beginWith(w("v=0\r\no=peer 1 1 IN IP4 a\r\nm=audio 4000 RTP/AVP 0"));
    expect(answer()).toBe("488");
  });

  it("for want of codecs of ours", () => {
    ours.clearCodecs();
    begin();
    add(w("m=audio 4000 RTP/AVP 0 8 9 18"));
    expect(answer()).toBe("488");
  });

  it("is not the case where no stream is asked for", () => {
    begin();
    let said = answer();
    beginOurs();
    expect(said).toBe(expected());
    expect(chosen.port).toBe(0);
    begin();
    add(w("m=audio 0 RTP/AVP 0"));
    add(w("m=video 0 RTP/AVP 31"));
    said = answer();
    beginOurs();
    add(w("m=audio 0 RTP/AVP 0"));
    add(w("m=video 0 RTP/AVP 31"));
    expect(said).toBe(expected());
    expect(chosen.port).toBe(0);
  });

  it("is not given to more than 16 lines", () => {
    begin();
    for (let i = 0; i < 16; i++) add(w("m=audio 4000 RTP/AVP 0"));
    expect(answer().length > 0).toBe(true);
    add(w("m=audio 0 RTP/AVP 0"));
    expect(answer()).toBe("400");
  });
});

describe("the formats of an offer", () => {
  beforeEach(openBench);

  it("go by their names, with the offer's numbers", () => {
    begin();
    add(w("m=audio 4000 RTP/AVP 96 97 98 99"));
    add(w("a=rtpmap:96 opus/48000/2"));
    add(w("a=rtpmap:97 pcmu/8000"));
    add(w("a=rtpmap:98 g722/8000/1"));
    add(w("a=rtpmap:99  Telephone-Event/8000"));
    const said = answer();
    beginOurs();
    add(w("m=audio 11780 RTP/AVP 97 98 99"));
    add(w("a=rtpmap:97 PCMU/8000"));
    add(w("a=rtpmap:98 G722/8000"));
    add(w("a=rtpmap:99 telephone-event/8000"));
    add(w("a=fmtp:99 0-16"));
    add(w("a=sendrecv"));
    expect(said).toBe(expected());
    expect(chosen.codec).toBe(Codec.Pcmu);
    expect(chosen.payload).toBe(97);
    expect(chosen.dtmfPayload).toBe(99);
  });

  it("name digits first and speak all the same", () => {
    begin();
    add(w("m=audio 4000 RTP/AVP 101 8"));
    add(w("a=rtpmap:101 telephone-event/8000"));
    expect(formatsOf(answer())).toBe("101 8");
    expect(chosen.codec).toBe(Codec.Pcma);
    expect(chosen.dtmfPayload).toBe(101);
  });

  it("hold digits for those only who want them, at the clock of the codec", () => {
    begin();
    add(w("m=audio 4000 RTP/AVP 8 100 101"));
    add(w("a=rtpmap:100 telephone-event/48000"));
    add(w("a=rtpmap:101 telephone-event/8000"));
    expect(formatsOf(answer())).toBe("8 101");
    ours.dtmfPayload = 0;
    begin();
    add(w("m=audio 4000 RTP/AVP 8 101"));
    add(w("a=rtpmap:101 telephone-event/8000"));
    expect(formatsOf(answer())).toBe("8");
    expect(chosen.dtmfPayload).toBe(0);
  });

  it("don't mean what another section says", () => {
    begin();
    add(w("m=audio 4000 RTP/AVP 97"));
    add(w("a=rtpmap:97 iLBC/8000"));
    add(w("m=audio 4002 RTP/AVP 96"));
    add(w("a=rtpmap:97 PCMU/8000"));
    add(w("m=audio 4004 RTP/AVP 97"));
    expect(answer()).toBe("488");
  });

  it("are numbers of seven bits, or not there", () => {
    const formats = [
      w("m=audio 4000 RTP/AVP 4294967296"),
      w("m=audio 4000 RTP/AVP 18446744073709551616"),
      w("m=audio 4000 RTP/AVP 2147483648"),
      w("m=audio 4000 RTP/AVP -1"),
      w("m=audio 4000 RTP/AVP 128"),
      w("m=audio 4000 RTP/AVP 256"),
      w("m=audio 4000 RTP/AVP 0x0"),
      w("m=audio 4000 RTP/AVP +0"),
      w("m=audio 4000 RTP/AVP * %s%n"),
    ];
    for (let i = 0; i < formats.length; i++) {
      begin();
      add(formats[i]);
      add(w("a=rtpmap:4294967296 PCMU/8000"));
      add(w("a=rtpmap:-1 PCMU/8000"));
      add(w("a=rtpmap:128 PCMU/8000"));
      add(w("a=rtpmap:"));
      add(w("a=rtpmap"));
      add(w("a=rtpmap:127"));
      expect(answer()).toBe("488");
    }
    begin();
    add(w("m=audio 4000 RTP/AVP 4294967296 127 0"));
    add(w("a=rtpmap:127 G729/8000"));
    expect(formatsOf(answer())).toBe("127 0");
  });
});

describe("the direction of an answer", () => {
  beforeEach(openBench);

  it("is what both want: 16 cells of RFC 3264 §6.1", () => {
    const offers = [w("a=inactive"), w("a=recvonly"), w("a=sendonly"), w("a=sendrecv")];
    // Rows: inactive, recvonly, sendonly, sendrecv offered; columns: the same of ours.
    const cells: i32[] = [0, 0, 0, 0, 0, 0, 2, 2, 0, 1, 0, 1, 0, 1, 2, 3];
    for (let offer = 0; offer < 4; offer++) {
      for (let willing = 0; willing < 4; willing++) {
        expect(directionAfter(offers[offer], <Direction>willing)).toBe(cells[offer * 4 + willing]);
        expect(chosen.isHeld).toBe(offer == 0 || offer == 2);
      }
    }
  });

  it("reads zeros for an address as hold", () => {
    const hold = w("c=IN IP4 0.0.0.0");
    expect(directionAfter(hold, Direction.SendRecv)).toBe(Direction.RecvOnly);
    expect(chosen.isHeld).toBe(true);
    expect(directionAfter(hold, Direction.SendOnly)).toBe(Direction.Inactive);
    expect(directionAfter(w("c=IN IP4 0.0.0.0\r\na=inactive"), Direction.SendRecv)).toBe(Direction.Inactive);
    expect(directionAfter(w("c=IN IP4 0.0.0.0\r\na=recvonly"), Direction.SendRecv)).toBe(Direction.Inactive);
    expect(directionAfter(w("c=IN IP4 0.0.0.0\r\na=sendonly"), Direction.SendRecv)).toBe(Direction.RecvOnly);
    expect(directionAfter(w("c=IN IP6 ::"), Direction.SendRecv)).toBe(Direction.RecvOnly);
    expect(chosen.isHeld).toBe(true);
  });
});

describe("the packet time of an answer", () => {
  beforeEach(openBench);

  it("is ours, no longer than the offer allows; we send what the offer asks for", () => {
    ours.ptime = 30;
    begin();
    add(w("m=audio 4000 RTP/AVP 0"));
    add(w("a=ptime:40"));
    expect(answer().includes("a=ptime:30\r\n")).toBe(true);
    expect(chosen.ptime).toBe(40);
    add(w("a=maxptime:10"));
    expect(answer().includes("a=ptime:10\r\n")).toBe(true);
    expect(chosen.ptime).toBe(10);
  });

  it("is ours, or 20, when the offer says nothing believable", () => {
    begin();
    add(w("m=audio 4000 RTP/AVP 0"));
    add(w("a=ptime:65535"));
    expect(answer().includes("ptime")).toBe(false);
    expect(chosen.ptime).toBe(20);
    ours.ptime = 60;
    expect(answer().includes("a=ptime:60\r\n")).toBe(true);
    expect(chosen.ptime).toBe(60);
  });
});

describe("an answer over IPv6", () => {
  beforeEach(openBench);

  it("takes the line of its own family", () => {
    ours.isIPv6 = true;
    ours.address = w("2001:db8::1");
    begin();
    add(w("m=audio 4000 RTP/AVP 0"));
    add(w("m=audio 4002 RTP/AVP 0"));
    add(w("c=IN IP6 2001:db8::7"));
    const said = answer();
    expect(said.includes("o=- 7 3 IN IP6 2001:db8::1\r\n")).toBe(true);
    expect(said.includes("c=IN IP6 2001:db8::1\r\n")).toBe(true);
    expect(said.includes("m=audio 0 RTP/AVP 0\r\nm=audio 11780 RTP/AVP 0\r\n")).toBe(true);
    expect(chosen.port).toBe(4002);
    expect(chosen.isIPv6).toBe(true);
    expect(text(chosen.address)).toBe("2001:db8::7");
  });
});
