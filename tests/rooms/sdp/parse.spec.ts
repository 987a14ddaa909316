import { EMPTY, indexOf, size, slice, Slice, start, w } from "../../../assembly/bytes/slice";
import { mark, put, putByte, rewind, written } from "../../../assembly/output/output";
import { writeAnswer } from "../../../assembly/sdp/answer";
import { Direction } from "../../../assembly/sdp/local-media";
import { parseSdp } from "../../../assembly/sdp/session-description";
import {
  add,
  atTheEdge,
  begin,
  beginWith,
  chosen,
  done,
  openBench,
  ours,
  read,
  replaceByte,
  text,
  theirs,
} from "./bench";

const LONG = w(
  "v=0\r\no=peer 1 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\na=sendonly\r\nm=audio 4000/2 RTP/AVP 0 8 101\r\nb=AS:80\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:30\r\nm=video 5000 RTP/AVP 31\r\nc=IN IP6 2001:db8::7\r\na=recvonly\r\n",
);

function reads(bytes: Slice): bool {
  return parseSdp(bytes, theirs);
}

function readsWith(line: Slice): bool {
  begin();
  add(line);
  return read();
}

function ptimeOf(line: Slice): i32 {
  begin();
  add(w("m=audio 4000 RTP/AVP 0"));
  add(line);
  expect(read()).toBe(true);
  return theirs.media(0).ptime;
}

describe("a session description", () => {
  beforeEach(openBench);

  it("is read section by section", () => {
    expect(reads(LONG)).toBe(true);
    expect(text(theirs.origin)).toBe("peer 1 1 IN IP4 198.51.100.7");
    expect(text(theirs.timing)).toBe("0 0");
    expect(theirs.mediaCount).toBe(2);
    const audio = theirs.media(0);
    expect(text(audio.type)).toBe("audio");
    expect(audio.port).toBe(4000);
    expect(text(audio.proto)).toBe("RTP/AVP");
    expect(text(audio.formats)).toBe("0 8 101");
    expect(text(audio.address)).toBe("198.51.100.7");
    expect(audio.isIPv6).toBe(false);
    expect(audio.ptime).toBe(30);
    expect(text(audio.lines).startsWith("b=AS:80")).toBe(true);
    expect(text(audio.lines).endsWith("a=ptime:30\r\n")).toBe(true);
  });

  it("hands what holds for all to each section that does not say otherwise", () => {
    expect(reads(LONG)).toBe(true);
    expect(theirs.media(0).direction).toBe(Direction.SendOnly);
    const video = theirs.media(1);
    expect(video.direction).toBe(Direction.RecvOnly);
    expect(video.isIPv6).toBe(true);
    expect(text(video.address)).toBe("2001:db8::7");
    expect(video.ptime).toBe(0);
  });

  it("may end its lines with LF alone, and the last one not at all", () => {
    expect(
      reads(w("v=0\no=- 1 1 IN IP4 a\ns=-\nc=IN IP4 192.0.2.9\nt=0 0\nm=audio 1 RTP/AVP 0\na=inactive")),
    ).toBe(true);
    expect(theirs.media(0).direction).toBe(Direction.Inactive);
    expect(text(theirs.media(0).lines)).toBe("a=inactive");
    expect(reads(w("v=0\r\no=- 1 1 IN IP4 a\r"))).toBe(true);
  });

  it("may lack s= and t=, and hold empty lines and unknown types", () => {
    expect(reads(w("\r\nv=0\r\n\r\no=- 1 1 IN IP4 a\r\nk=x\r\ny=?\r\n\r\n"))).toBe(true);
    expect(theirs.timing).toBe(EMPTY);
    expect(theirs.mediaCount).toBe(0);
  });

  it("keeps the first of several times", () => {
    expect(readsWith(w("t=5 6"))).toBe(true);
    expect(text(theirs.timing)).toBe("0 0");
  });

  it("needs v=0 first and once, and an o= line", () => {
    expect(reads(EMPTY)).toBe(false);
    expect(reads(w("v=0"))).toBe(false);
    expect(theirs.faultOffset).toBe(3);
    expect(reads(w("v=0\r\ns=-\r\n"))).toBe(false);
    expect(reads(w("v=0\r\no=\r\n"))).toBe(false);
    expect(reads(w("v=1\r\no=- 1 1 IN IP4 a\r\n"))).toBe(false);
    expect(reads(w("o=- 1 1 IN IP4 a\r\nv=0\r\n"))).toBe(false);
    expect(theirs.faultOffset).toBe(0);
    expect(readsWith(w("v=0"))).toBe(false);
  });

  it("is nothing but lines of one letter, = and a value", () => {
    expect(reads(w("\n"))).toBe(false);
    expect(reads(w("\r"))).toBe(false);
    expect(reads(w("v"))).toBe(false);
    expect(reads(w("v=0\ro=- 1 1 IN IP4 a\r\n"))).toBe(false);
    expect(theirs.faultOffset).toBe(3);
    expect(readsWith(w("hello"))).toBe(false);
    expect(readsWith(w("a"))).toBe(false);
    expect(readsWith(w("a="))).toBe(true);
  });

  it("holds at most 16 sections", () => {
    begin();
    for (let i = 0; i < 16; i++) add(w("m=audio 4000 RTP/AVP 0"));
    expect(read()).toBe(true);
    expect(theirs.mediaCount).toBe(16);
    begin();
    for (let i = 0; i < 200; i++) add(w("m=audio 4000 RTP/AVP 0"));
    expect(read()).toBe(false);
    expect(theirs.faultOffset).toBe(72 + 16 * 24);
  });

  it("forgets the description before", () => {
    expect(reads(LONG)).toBe(true);
    expect(readsWith(w("m=audio 4000 RTP/AVP 0"))).toBe(true);
    expect(theirs.mediaCount).toBe(1);
    expect(theirs.media(0).direction).toBe(Direction.SendRecv);
    expect(theirs.media(0).ptime).toBe(0);
    expect(size(theirs.media(0).lines)).toBe(0);
  });
});

describe("an m= line", () => {
  beforeEach(openBench);

  it("has a port of 16 bits", () => {
    expect(readsWith(w("m=audio 65535 RTP/AVP 0"))).toBe(true);
    expect(readsWith(w("m=audio 0 RTP/AVP 0"))).toBe(true);
    expect(readsWith(w("m=audio 65536 RTP/AVP 0"))).toBe(false);
    expect(readsWith(w("m=audio -1 RTP/AVP 0"))).toBe(false);
    expect(readsWith(w("m=audio 4294971296 RTP/AVP 0"))).toBe(false);
    expect(readsWith(w("m=audio 99999999999999999999999999 RTP/AVP 0"))).toBe(false);
    expect(readsWith(w("m=audio x RTP/AVP 0"))).toBe(false);
    expect(readsWith(w("m=audio /2 RTP/AVP 0"))).toBe(false);
  });

  it("has media, port and proto; blanks may be many", () => {
    expect(readsWith(w("m="))).toBe(false);
    expect(readsWith(w("m=audio"))).toBe(false);
    expect(readsWith(w("m=audio 4000"))).toBe(false);
    expect(readsWith(w("m=audio 4000 RTP/AVP"))).toBe(true);
    expect(size(theirs.media(0).formats)).toBe(0);
    expect(readsWith(w("m= audio   4000  RTP/AVP   0  8 "))).toBe(true);
    expect(text(theirs.media(0).formats)).toBe("0  8");
  });
});

describe("a c= line", () => {
  beforeEach(openBench);

  it("loses what follows the slash", () => {
    expect(readsWith(w("c=IN IP4 233.252.0.1/127/3"))).toBe(true);
    expect(text(theirs.session.address)).toBe("233.252.0.1");
  });

  it("of another network or kind is no address", () => {
    const lines = [w("c=ATM IP4 a"), w("c=IN IP5 a"), w("c=IN IP4"), w("c=IN IP4 /1"), w("c="), w("c=IN")];
    for (let i = 0; i < lines.length; i++) {
      expect(readsWith(lines[i])).toBe(true);
      expect(theirs.session.address).toBe(EMPTY);
    }
  });

  it("of zeros means no address to send to", () => {
    const zeros = [w("c=IN IP4 0.0.0.0"), w("c=IN IP6 ::"), w("c=IN IP6 ::0"), w("c=IN IP6 0:0:0:0:0:0:0:0")];
    for (let i = 0; i < zeros.length; i++) {
      expect(readsWith(zeros[i])).toBe(true);
      expect(theirs.session.isUnspecified).toBe(true);
    }
    expect(readsWith(w("c=IN IP6 ::1"))).toBe(true);
    expect(theirs.session.isUnspecified).toBe(false);
    expect(readsWith(w("c=IN IP6"))).toBe(true);
    expect(theirs.session.isUnspecified).toBe(false);
  });
});

describe("an attribute", () => {
  beforeEach(openBench);

  it("ptime is 1..200 or nothing", () => {
    expect(ptimeOf(w("a=ptime:20"))).toBe(20);
    expect(ptimeOf(w("a=ptime: 20 "))).toBe(20);
    expect(ptimeOf(w("a=ptime:1"))).toBe(1);
    expect(ptimeOf(w("a=ptime:200"))).toBe(200);
    expect(ptimeOf(w("a=ptime:201"))).toBe(0);
    expect(ptimeOf(w("a=ptime:0"))).toBe(0);
    expect(ptimeOf(w("a=ptime:-20"))).toBe(0);
    expect(ptimeOf(w("a=ptime:65535"))).toBe(0);
    expect(ptimeOf(w("a=ptime:2147483648"))).toBe(0);
    expect(ptimeOf(w("a=ptime:4294967316"))).toBe(0);
    expect(ptimeOf(w("a=ptime:18446744073709551636"))).toBe(0);
    expect(ptimeOf(w("a=ptime"))).toBe(0);
    expect(ptimeOf(w("a=ptime:"))).toBe(0);
    expect(ptimeOf(w("a=ptimes:20"))).toBe(0);
    expect(ptimeOf(w("a=maxptime:20"))).toBe(0);
    expect(theirs.media(0).maxPtime).toBe(20);
  });

  it("gives a direction by its exact name, the last one counts", () => {
    begin();
    add(w("m=audio 4000 RTP/AVP 0"));
    add(w("a=SendOnly"));
    add(w("a=sendonlyx"));
    expect(read()).toBe(true);
    expect(theirs.media(0).direction).toBe(Direction.SendRecv);
    add(w("a=sendonly"));
    add(w("a=recvonly"));
    expect(read()).toBe(true);
    expect(theirs.media(0).direction).toBe(Direction.RecvOnly);
  });

  it("of 60000 bytes is passed over", () => {
    begin();
    add(w("m=audio 4000 RTP/AVP 0"));
    put(w("a="));
    for (let i = 0; i < 60000; i++) putByte(0x78);
    add(EMPTY);
    add(w("a=ptime:30"));
    expect(read()).toBe(true);
    expect(theirs.media(0).ptime).toBe(30);
  });
});

describe("a hostile description", () => {
  beforeEach(openBench);

  it("with a control byte anywhere is refused there", () => {
    const controls: u8[] = [0, 1, 8, 11, 27, 31, 127];
    for (let c = 0; c < controls.length; c++) {
      for (let i = 0; i < size(LONG); i++) {
        const from = mark();
        put(LONG);
        const bytes = written(from);
        replaceByte(bytes, i, controls[c]);
        assert(!reads(bytes));
        assert(theirs.faultOffset <= i);
        rewind(from);
      }
    }
    begin();
    add(w("m=audio 4000 RTP/AVP 101"));
    add(w("a=fmtp\x00:101 0-16"));
    const at = indexOf(done(), 0);
    expect(read()).toBe(false);
    expect(theirs.faultOffset).toBe(at);
  });

  it("may hold tabs, and bytes above 127", () => {
    begin();
    add(w("i=Gespräch\tzwei"));
    expect(read()).toBe(true);
  });

  it("cut at every byte is read to its end and no further", () => {
    const whole = size(LONG);
    for (let n = 0; n <= whole; n++) {
      const bytes = atTheEdge(slice(start(LONG), n));
      const from = mark();
      if (reads(bytes)) {
        assert(n > 7);
        writeAnswer(theirs, ours, chosen);
      }
      rewind(from);
    }
    expect(reads(atTheEdge(LONG))).toBe(true);
  });

  it("with any one byte changed never traps", () => {
    for (let i = 0; i < size(LONG); i++) {
      const bytes = atTheEdge(LONG);
      const from = mark();
      for (let byte = 0; byte < 256; byte += 29) {
        replaceByte(bytes, i, <u8>byte);
        if (reads(bytes)) writeAnswer(theirs, ours, chosen);
        rewind(from);
      }
    }
    expect(reads(LONG)).toBe(true);
  });

  it("repeats formats and maps without end, at the cost of its length", () => {
    begin();
    put(w("m=audio 4000 RTP/AVP"));
    for (let i = 0; i < 15000; i++) put(w(" 98"));
    add(EMPTY);
    for (let i = 0; i < 1000; i++) add(w("a=rtpmap:98 telephone-event/8000"));
    expect(read()).toBe(true);
    expect(writeAnswer(theirs, ours, chosen)).toBe(false);
  });
});
