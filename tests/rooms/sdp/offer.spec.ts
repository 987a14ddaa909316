import { openTestArena } from "../support/arena";
import { equals, Slice, w } from "../../../assembly/bytes/slice";
import { mark, openOutput, written } from "../../../assembly/output/output";
import { Codec } from "../../../assembly/sdp/codec";
import { Direction, LocalMedia, newLocalMedia } from "../../../assembly/sdp/local-media";
import { newNegotiatedMedia, NegotiatedMedia } from "../../../assembly/sdp/negotiated-media";
import { writeOffer } from "../../../assembly/sdp/offer";
import { isSameOffer } from "../../../assembly/sdp/origin";
import { readAnswer, writeAnswer } from "../../../assembly/sdp/answer";
import { newSessionDescription, parseSdp, SessionDescription } from "../../../assembly/sdp/session-description";

let local: LocalMedia = changetype<LocalMedia>(0);

describe("an offer", () => {
  beforeEach(() => {
    openTestArena();
    openOutput();
    local = newLocalMedia();
    local.address = w("192.0.2.1");
    local.port = 11780;
    local.sessionId = 7;
    local.version = 1;
    local.addCodec(Codec.Pcmu, 0);
    local.addCodec(Codec.G729, 18);
  });
  it("says what LocalMedia says", () => {
    const from = mark();
    writeOffer(local);
    expect(equals(written(from), w("v=0\r\no=- 7 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 11780 RTP/AVP 0 18\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\na=sendrecv\r\n"))).toBe(true);
    const sdp = newSessionDescription();
    const chosen = newNegotiatedMedia();
    expect(parseSdp(written(from), sdp)).toBe(true);
    expect(readAnswer(sdp, local, chosen)).toBe(true);
    expect(writeAnswer(sdp, local, chosen)).toBe(true);
    expect(chosen.port).toBe(11780);
    expect(chosen.direction).toBe(Direction.SendRecv);
    expect(isSameOffer(written(from), written(from))).toBe(true);
  });
});
