// Offers with ICE, BUNDLE, DTLS and video: a plain answer, line by line in its place.

import assert from "node:assert/strict";
import { test } from "node:test";
import { callUp } from "../support/scripted-peer.js";

const offer = (version: number, user: string): string =>
  [
    "v=0",
    `o=bob 1 ${version} IN IP4 192.0.2.20`,
    "s=-",
    "c=IN IP4 192.0.2.20",
    "t=0 0",
    "a=group:BUNDLE 1 2 3",
    `a=ice-ufrag:${user}`,
    `a=ice-pwd:${user.repeat(6)}`,
    "m=video 4000 RTP/AVP 96",
    "a=mid:1",
    "m=audio 3456 RTP/AVP 0",
    "a=mid:2",
    "a=rtcp-mux",
    "a=candidate:1 1 UDP 2130706431 192.0.2.20 3456 typ host",
    "m=application 5000 UDP/DTLS/SCTP webrtc-datachannel",
    "a=setup:actpass",
    "a=mid:3",
    "",
  ].join("\r\n");

test("TDR-37 an ICE restart is answered without ICE, each m= line in its place and the o= line unchanged", () => {
  const { peer, dialog } = callUp({ direction: "incoming", body: offer(1, "abcd") });
  const answers = ["abcd", "efgh"].map((user, i) => {
    peer.requests(dialog, "INVITE", { body: offer(i + 2, user) });
    const { body } = peer.expects(200);
    peer.acks(dialog);
    return body;
  });
  assert.equal(answers[0], answers[1]);
  assert.deepEqual(
    [...(answers[1] ?? "").matchAll(/^m=(\S+) (\d+) (\S+)/gm)].map((m) => `${m[1]} ${m[2] === "0"} ${m[3]}`),
    ["video true RTP/AVP", "audio false RTP/AVP", "application true UDP/DTLS/SCTP"],
  );
  assert.doesNotMatch(answers[1] ?? "", /ice-|candidate|group|setup/);
});
