// Calls that are answered without the user: by setting, and by headers that only the account's server may use.

import assert from "node:assert/strict";
import { test } from "node:test";
import { callUp, connect, type Headers, sdp } from "../support/scripted-peer.js";
import { registered } from "../support/registrar.js";

const STRANGER = { address: "192.0.2.66", port: 5060 };

const ASKS: Headers[] = [
  { "Call-Info": "<sip:192.0.2.20>;answer-after=0" },
  { "Call-Info": ["<http://example.com/a.png>;purpose=icon", "<>;answer-after=0"] },
  { "Alert-Info": "<http://127.0.0.1>;info=alert-autoanswer" },
  { "Alert-Info": ";info=alert-autoanswer" },
  { "Alert-Info": '<http://example.com>;info="alert-autoanswer";delay=0' },
  { "Alert-Info": "info = alert-autoanswer" },
  { "Alert-Info": "answer-after = 0" },
  { "Alert-Info": "Auto Answer" },
  { "Alert-Info": "<http://example.com>;info=intercom" },
  { "Answer-Mode": "Auto" },
  { "Answer-Mode": "auto;require" },
  { "Priv-Answer-Mode": "Auto", "Answer-Mode": "Manual" },
];

/** The phone is registered, and its events so far do not matter. */
function ready(config = ""): ReturnType<typeof registered> {
  const all = registered({ config });
  all.phone.forgetsEvents();
  return all;
}

for (const headers of ASKS) {
  const title = JSON.stringify(headers);
  test(`from the server that registered us: answered at once, ${title}`, () => {
    const { phone, peer } = ready();
    const invite = peer.invites({ headers });
    const accepted = peer.expects(200);
    phone.event("call.incoming");
    const { fields } = phone.event("call.autoanswer");
    assert.deepEqual([fields["after"], fields["by"], fields["mute"]], [0, "caller", 0]);
    peer.acks(peer.dialog(invite, accepted));
    phone.event("call.established");
  });

  test(`from a stranger: it rings, or is refused where it must not ring, ${title}`, () => {
    const { phone, peer } = ready();
    peer.invites({ headers, from: STRANGER });
    if (JSON.stringify(headers).includes("require")) {
      peer.expects(403);
      return phone.saysNothing("call.autoanswer");
    }
    peer.expects(180);
    phone.event("call.incoming");
    phone.saysNothing("call.autoanswer");
  });
}

test("a phone that is not registered anywhere obeys nobody", () => {
  for (const headers of ASKS.slice(0, 9)) {
    const { phone, peer } = connect();
    peer.invites({ headers });
    peer.expects(180);
    phone.saysNothing("call.autoanswer");
  }
});

test("answer-after and delay: it rings so many seconds", () => {
  for (const headers of [
    { "Call-Info": "<sip:x@y>;answer-after=3" },
    { "Alert-Info": "<http://x>;info=alert-autoanswer;delay=3" },
  ]) {
    const { phone, peer, after } = ready();
    peer.invites({ headers });
    peer.expects(180);
    assert.equal(phone.event("call.autoanswer").fields["after"], 3);
    after(2999);
    peer.expectsNothing();
    after(1);
    peer.expects(200);
  }
});

test("what is no order to answer rings", () => {
  for (const headers of [
    { "Call-Info": "<sip:x@y>;answer-after=soon" },
    { "Call-Info": "<sip:x@y>;answer-after=99999" },
    { "Call-Info": "<sip:x@y>;purpose=answer-after" },
    { "Alert-Info": "<http://www.example.com/sounds/moo.wav>" },
    { "Alert-Info": "<http://x>;info=alert-internal" },
    { "Answer-Mode": "Manual" },
    { "Answer-Mode": "Manual;require" },
    { "Answer-Mode": "Sometimes;require" },
    { "Priv-Answer-Mode": "Manual", "Answer-Mode": "Auto" },
  ] as Headers[]) {
    const { phone, peer } = ready();
    peer.invites({ headers });
    peer.expects(180);
    phone.saysNothing("call.autoanswer");
  }
});

test("features.intercom.allow = 0: such calls ring; RFC 5373 §4.5.1 and are refused where they must not", () => {
  const { peer } = ready("features.intercom.allow = 0");
  peer.invites({ headers: { "Call-Info": "<sip:x@y>;answer-after=0" } });
  peer.expects(180);
  peer.invites({ headers: { "Answer-Mode": "Auto;require" }, tag: "other" });
  peer.expects(403);
});

test("features.intercom.mute and account.X.auto_answer_mute_enable are said", () => {
  const { phone, peer } = ready("features.intercom.mute = 1");
  peer.invites({ headers: { "Answer-Mode": "Auto" } });
  peer.expects(200);
  assert.equal(phone.event("call.autoanswer").fields["mute"], 1);
  const own = connect({ config: "account.1.auto_answer = 1\naccount.1.auto_answer_mute_enable = 1" });
  own.peer.invites();
  own.peer.expects(200);
  const { fields } = own.phone.event("call.autoanswer");
  assert.deepEqual([fields["mute"], fields["by"]], [1, "setting"]);
});

test("features.intercom.barge: a second call rings, or the first one is put on hold for it", () => {
  for (const barge of [0, 1]) {
    const { phone, peer } = ready(`features.intercom.barge = ${barge}`);
    const first = peer.invites();
    phone.event("call.incoming");
    peer.expects(180);
    phone.answers();
    const dialog = peer.dialog(first, peer.expects(200));
    peer.acks(dialog);
    phone.forgetsEvents();
    peer.invites({ headers: { "Answer-Mode": "Auto" }, tag: "other" });
    if (!barge) {
      peer.expects(180);
      phone.saysNothing("call.autoanswer");
      continue;
    }
    const hold = peer.expects("INVITE");
    assert.match(hold.body, /a=sendonly/);
    assert.equal(hold.header("Call-ID"), dialog.callId);
    peer.expects(200);
    phone.event("call.autoanswer");
  }
});

test("features.auto_answer_delay: it rings so long; another call that came meanwhile leaves it to the user", () => {
  const config = "account.1.auto_answer = 1\nfeatures.auto_answer_delay = 2";
  const { phone, peer, after } = connect({ config });
  peer.invites();
  peer.expects(180);
  phone.event("call.autoanswer");
  after(2000);
  peer.expects(200);
  const other = connect({ config: `${config}\nphone_setting.ringing_timeout = 20` });
  other.peer.invites();
  other.peer.expects(180);
  other.peer.invites({ tag: "other" });
  other.peer.expects(180);
  other.after(2000);
  other.peer.expectsNothing();
  other.after(20_000);
  other.peer.expects(480);
  other.peer.expects(480);
});

test("features.ip_call.auto_answer.enable: calls past the server, and only those", () => {
  const { peer } = ready("features.ip_call.auto_answer.enable = 1");
  peer.invites({ from: STRANGER, tag: "stranger" });
  const accepted = peer.expects(200);
  assert.match(accepted.header("From"), /stranger/);
  const other = ready("features.ip_call.auto_answer.enable = 1");
  other.peer.invites();
  other.peer.expects(180);
});

test("inside a dialog that the user accepted such a header changes nothing", () => {
  const { phone, peer, dialog } = callUp();
  peer.requests(dialog, "INVITE", { headers: { "Answer-Mode": "Auto;require" }, body: sdp() });
  peer.expects(200);
  phone.saysNothing("call.autoanswer");
});
