// Codecs whose payload type, clock or frame is a matter of agreement: iLBC (RFC 3952), Opus (RFC 7587); and fmtp of G.729.

import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, type Connected } from "../support/scripted-peer.js";

const ILBC = "account.1.codec.ilbc.enable = 1\naccount.1.codec.ilbc.priority = 1\n";
const OPUS = "account.1.codec.opus.enable = 1\naccount.1.codec.opus.priority = 1\n";

function sdp(...lines: string[]): string {
  return `${["v=0", "o=- 1 1 IN IP4 192.0.2.20", "s=-", "c=IN IP4 192.0.2.20", "t=0 0", ...lines].join("\r\n")}\r\n`;
}

function offered(config: string): { all: Connected; body: string; answer: (body: string) => void } {
  const all = connect({ config });
  all.phone.dials(all.peer.uri);
  const invite = all.peer.expects("INVITE");
  const answer = (body: string) => {
    all.peer.replies(invite, 200, { body });
    all.peer.expects("ACK");
  };
  return { all, body: invite.body, answer };
}

/** The lines of our answer from m= on. */
function answered(config: string, ...lines: string[]): { media: string[]; fields: Record<string, unknown> } {
  const { phone, peer } = connect({ config });
  peer.invites({ body: sdp(...lines) });
  phone.event("call.incoming");
  peer.takesAll();
  phone.answers();
  const { body } = peer.expects(200);
  return {
    media: body.slice(body.indexOf("m=")).trim().split("\r\n"),
    fields: phone.event("call.media").fields,
  };
}

test("neither is offered by default, nor taken", () => {
  assert.doesNotMatch(offered("").body, /opus|ilbc/i);
  const { phone, peer } = connect();
  peer.invites({ body: sdp("m=audio 4000 RTP/AVP 107", "a=rtpmap:107 opus/48000/2") });
  assert.deepEqual(
    peer.takesAll().map(({ status }) => status),
    [488],
  );
  phone.saysNothing("call.incoming");
});

test("Opus is offered as 107 at 48000/2, and the peer may number it otherwise", () => {
  const { all, body, answer } = offered(OPUS);
  assert.match(
    body,
    /m=audio \d+ RTP\/AVP 9 107 0 8 18 101\r\na=rtpmap:9 G722\/8000\r\na=rtpmap:107 opus\/48000\/2\r\na=fmtp:107 useinbandfec=1\r\n/,
  );
  answer(sdp("m=audio 4000 RTP/AVP 96", "a=rtpmap:96 OPUS/48000/2", "a=fmtp:96 stereo=0"));
  const { fields } = all.phone.event("call.media");
  assert.deepEqual([fields["codec"], fields["payload"], fields["rate"]], ["opus", 96, 48000]);
});

test("an offer of Opus is answered with its own number", () => {
  const { media } = answered(OPUS, "m=audio 4000 RTP/AVP 111 0", "a=rtpmap:111 opus/48000/2");
  assert.deepEqual(media.slice(1, 3), ["a=rtpmap:111 opus/48000/2", "a=fmtp:111 useinbandfec=1"]);
  assert.match(media[0]!, / RTP\/AVP 111 0$/);
});

for (const [ptime, mode, theirs, frame] of [
  [20, 20, "mode=20", 20],
  [20, 20, "mode=30", 30],
  [20, 20, "", 30],
  [30, 30, "mode=20", 30],
  [60, 30, "mode=30", 60],
] as const) {
  test(`RFC 3952 §5 iLBC: we offer mode=${mode} (ptime ${ptime}), they answer "${theirs}": packets of ${frame} ms`, () => {
    const { all, body, answer } = offered(`${ILBC}account.1.ptime = ${ptime}`);
    assert.match(body, new RegExp(`a=rtpmap:106 iLBC/8000\r\na=fmtp:106 mode=${mode}\r\n`));
    answer(
      sdp("m=audio 4000 RTP/AVP 106", "a=rtpmap:106 iLBC/8000", ...(theirs ? [`a=fmtp:106 ${theirs}`] : [])),
    );
    const { fields } = all.phone.event("call.media");
    assert.deepEqual([fields["codec"], fields["ptime"]], ["iLBC", frame]);
  });
}

test("RFC 3952 §5 they offer iLBC with mode=30, and we would have 20: 30 in our answer", () => {
  const { media, fields } = answered(
    ILBC,
    "m=audio 4000 RTP/AVP 97",
    "a=rtpmap:97 iLBC/8000",
    "a=fmtp:97 mode=30",
  );
  assert.deepEqual(media.slice(1, 4), ["a=rtpmap:97 iLBC/8000", "a=fmtp:97 mode=30", "a=ptime:30"]);
  assert.equal(fields["ptime"], 30);
});

test("the old numbered list: slot 7 is iLBC, slot 12 Opus", () => {
  const { body } = offered(
    "account.1.codec.7.enable = 1\naccount.1.codec.12.enable = 1\naccount.1.codec.12.priority = 1",
  );
  assert.match(body, /RTP\/AVP 9 107 0 8 18 106 101\r\n/);
});

test("digits with the number of a codec: that codec is left out", () => {
  const { body } = offered(`${OPUS}account.1.dtmf.dtmf_payload = 107`);
  assert.match(body, /RTP\/AVP 9 0 8 18 107\r\n/);
});

test("RFC 4856 §2.1.9 G.729 is answered with annexb=no, whatever was offered", () => {
  for (const fmtp of [[], ["a=fmtp:18 annexb=yes"], ["a=fmtp:18 annexb=no"]]) {
    const { media } = answered("", "m=audio 4000 RTP/AVP 18", ...fmtp);
    assert.deepEqual(media.slice(1, 3), ["a=rtpmap:18 G729/8000", "a=fmtp:18 annexb=no"]);
  }
});
