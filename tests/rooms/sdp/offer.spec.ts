import { EMPTY, w } from "../../../assembly/bytes/slice";
import { mark, OUTPUT_BYTES, putByte, rewind, written } from "../../../assembly/output/output";
import {
  Codec,
  codecName,
  codecOfEncoding,
  codecParameters,
  codecRate,
  DEFAULT_DTMF_PAYLOAD,
  usualPayload,
} from "../../../assembly/sdp/codec";
import { Direction } from "../../../assembly/sdp/local-media";
import { writeOffer } from "../../../assembly/sdp/offer";
import { isSameOffer } from "../../../assembly/sdp/origin";
import { add, beginOurs, beginWith, expected, openBench, ours, text, theirs } from "./bench";

function offer(): string {
  const from = mark();
  writeOffer(ours, theirs);
  const said = text(written(from));
  rewind(from);
  return said;
}

describe("an offer", () => {
  beforeEach(openBench);

  it("lists our codecs in our order, then the digits", () => {
    beginOurs();
    add(w("m=audio 11780 RTP/AVP 8 0 9 18 101"));
    add(w("a=rtpmap:8 PCMA/8000"));
    add(w("a=rtpmap:0 PCMU/8000"));
    add(w("a=rtpmap:9 G722/8000"));
    add(w("a=rtpmap:18 G729/8000"));
    add(w("a=fmtp:18 annexb=no"));
    add(w("a=rtpmap:101 telephone-event/8000"));
    add(w("a=fmtp:101 0-16"));
    add(w("a=sendrecv"));
    expect(offer()).toBe(expected());
    expect(offer()).toBe(expected());
  });

  it("says ptime and direction", () => {
    ours.clearCodecs();
    ours.addUsual(Codec.Pcmu);
    ours.dtmfPayload = 0;
    ours.ptime = 30;
    ours.direction = Direction.SendOnly;
    beginOurs();
    add(w("m=audio 11780 RTP/AVP 0"));
    add(w("a=rtpmap:0 PCMU/8000"));
    add(w("a=ptime:30"));
    add(w("a=sendonly"));
    expect(offer()).toBe(expected());
  });

  it("says IP6, and numbers of 63 bits", () => {
    ours.clearCodecs();
    ours.addCodec(Codec.Pcmu, 96);
    ours.addCodec(Codec.Pcmu, 97);
    ours.dtmfPayload = 0;
    ours.isIPv6 = true;
    ours.address = w("2001:db8::1");
    ours.port = 65534;
    ours.sessionId = u64.MAX_VALUE;
    ours.direction = Direction.Inactive;
    beginWith(
      w("v=0\r\no=- 9223372036854775807 3 IN IP6 2001:db8::1\r\ns=-\r\nc=IN IP6 2001:db8::1\r\nt=0 0"),
    );
    add(w("m=audio 65534 RTP/AVP 96"));
    add(w("a=rtpmap:96 PCMU/8000"));
    add(w("a=inactive"));
    expect(offer()).toBe(expected());
  });

  it("that finds no room is of size 0", () => {
    for (let i: usize = 0; i < OUTPUT_BYTES - 60; i++) putByte(32);
    expect(offer()).toBe("");
  });
});

describe("the codecs of a LocalMedia", () => {
  beforeEach(openBench);

  it("are eight at most", () => {
    ours.clearCodecs();
    expect(ours.codecCount).toBe(0);
    for (let i = 0; i < 9; i++) ours.addCodec(<Codec>(10 + i), 96 + i);
    expect(ours.codecCount).toBe(8);
    expect(<i32>ours.codec(7)).toBe(17);
    expect(ours.payload(7)).toBe(103);
    expect(ours.payload(0)).toBe(96);
  });
});

describe("a codec", () => {
  it("has a name, a clock, a number of its own", () => {
    expect(text(codecName(Codec.G722))).toBe("G722");
    expect(codecName(Codec.Unknown)).toBe(EMPTY);
    expect(codecParameters(Codec.Pcmu, 20)).toBe(EMPTY);
    expect(codecRate(Codec.G722)).toBe(8000);
    expect(usualPayload(Codec.G722)).toBe(9);
    expect(usualPayload(Codec.TelephoneEvent)).toBe(-1);
    expect(DEFAULT_DTMF_PAYLOAD).toBe(101);
    expect(codecRate(Codec.Opus)).toBe(48000);
    expect(text(codecParameters(Codec.Ilbc, 0))).toBe("mode=20");
    expect(text(codecParameters(Codec.Ilbc, 60))).toBe("mode=30");
  });

  it("is known by its encoding, in any case, at its clock", () => {
    expect(codecOfEncoding(w("pcmu/8000"))).toBe(Codec.Pcmu);
    expect(codecOfEncoding(w("PCMA/8000/1"))).toBe(Codec.Pcma);
    expect(codecOfEncoding(w("Telephone-Event/8000"))).toBe(Codec.TelephoneEvent);
    expect(codecOfEncoding(w("telephone-event/48000"))).toBe(Codec.Unknown);
    expect(codecOfEncoding(w("PCMU/8000/2"))).toBe(Codec.Unknown);
    expect(codecOfEncoding(w("PCMU/16000"))).toBe(Codec.Unknown);
    expect(codecOfEncoding(w("PCMU"))).toBe(Codec.Unknown);
    expect(codecOfEncoding(w("G729D/8000"))).toBe(Codec.Unknown);
    expect(codecOfEncoding(w("opus/48000/2"))).toBe(Codec.Opus);
    expect(codecOfEncoding(w("opus/48000"))).toBe(Codec.Unknown);
    expect(codecOfEncoding(w("ILBC/8000"))).toBe(Codec.Ilbc);
    expect(codecOfEncoding(w("speex/8000"))).toBe(Codec.Unknown);
    expect(codecOfEncoding(EMPTY)).toBe(Codec.Unknown);
  });
});

describe("the o= line", () => {
  it("tells a refresh from a change", () => {
    const first = w("v=0\r\no=- 1 1 IN IP4 a\r\ns=-\r\na=sendrecv\r\n");
    expect(isSameOffer(first, w("v=0\no=- 1 1 IN IP4 a\n"))).toBe(true);
    expect(isSameOffer(first, w("v=0\r\no=- 1 2 IN IP4 a\r\n"))).toBe(false);
    expect(isSameOffer(first, w("v=0\r\no=- 1 1 IN IP4 ab\r\n"))).toBe(false);
  });

  it("is missed", () => {
    expect(isSameOffer(EMPTY, EMPTY)).toBe(false);
    expect(isSameOffer(w("v=0\r\n"), w("v=0\r\n"))).toBe(false);
    expect(isSameOffer(w("v=0\x00\r\no=-\r\n"), w("o=-"))).toBe(false);
  });
});
