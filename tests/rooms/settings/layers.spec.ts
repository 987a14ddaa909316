// Which value counts: files in their order, old and new spellings, and what was set at run time.

import { EMPTY, equals, isPresent, size, Slice, w } from "../../../assembly/bytes/slice";
import { Status } from "../../../assembly/output/abi-numbers";
import { clearOutput } from "../../../assembly/output/output";
import { Key } from "../../../assembly/settings/keys";
import {
  beginProvisioning,
  getSetting,
  isSet,
  LOCAL_LAYER,
  markStarted,
  number,
  provision,
  setSetting,
  text,
  writeLocal,
} from "../../../assembly/settings/settings";
import { key, layer, line, nextRejection, openEverything, permitted } from "./rejections";

function file(layer: i32, content: Slice): void {
  expect<i32>(provision(content, layer)).toBe(Status.Ok);
}

function reads(key: Slice, value: Slice): void {
  expect(equals(getSetting(key), value)).toBe(true);
}

describe("files", () => {
  beforeEach(openEverything);

  it("the later one wins, in whatever order they are given", () => {
    file(1, w("account.1.ptime = 10\naccount.1.label = common"));
    file(2, w("account.1.ptime = 30"));
    file(1, w("account.1.ptime = 40"));
    expect(number(Key.Ptime, 1)).toBe(30);
    reads(w("account.1.label"), w("common"));
    file(16, w("account.1.ptime = 60"));
    expect(number(Key.Ptime, 1)).toBe(60);
    expect(number(Key.Ptime, 2)).toBe(20);
  });

  it("a blank value of a later one is the default", () => {
    file(1, w("account.1.ptime = 10"));
    file(2, w("account.1.ptime ="));
    expect(number(Key.Ptime, 1)).toBe(20);
    expect(isSet(Key.Ptime, 1)).toBe(false);
  });

  it("with overwrite_mode 0 a blank value changes nothing, %NULL% does", () => {
    beginProvisioning(0);
    file(1, w("account.1.ptime = 10"));
    file(2, w("account.1.ptime ="));
    expect(number(Key.Ptime, 1)).toBe(10);
    file(2, w("account.1.ptime = %NULL%"));
    expect(number(Key.Ptime, 1)).toBe(20);
  });

  it("a new provisioning forgets the old files unless overwrite_mode is 0", () => {
    file(1, w("account.1.ptime = 10\naccount.1.label = x"));
    setSetting(w("account.1.display_name"), w("kept"));
    beginProvisioning(0);
    expect(number(Key.Ptime, 1)).toBe(10);
    beginProvisioning(1);
    expect(number(Key.Ptime, 1)).toBe(20);
    expect(text(Key.Label, 1)).toBe(EMPTY);
    reads(w("account.1.display_name"), w("kept"));
  });
});

describe("old spellings", () => {
  beforeEach(openEverything);

  it("mean the same", () => {
    file(1, w("account.1.sip_server_host = a\naccount.1.sip_server_port = 5070"));
    file(1, w("account.1.outbound_host = b\naccount.1.outbound_port = 5080"));
    expect(equals(text(Key.SipServerAddress, 1), w("a"))).toBe(true);
    expect(number(Key.SipServerPort, 1)).toBe(5070);
    expect(equals(text(Key.OutboundProxyAddress, 1), w("b"))).toBe(true);
    expect(number(Key.OutboundProxyPort, 1)).toBe(5080);
    reads(w("account.1.sip_server.1.address"), w("a"));
    reads(w("account.1.sip_server_host"), w("a"));
  });

  it("lose against the new one of the same file, before or after it", () => {
    file(1, w("account.1.sip_server_host = old\naccount.1.sip_server.1.address = new"));
    reads(w("account.1.sip_server.1.address"), w("new"));
    file(1, w("account.2.sip_server.1.address = new\naccount.2.sip_server_host = old"));
    reads(w("account.2.sip_server.1.address"), w("new"));
  });

  it("but a blank line in one leaves the other's value alone", () => {
    file(1, w("account.1.sip_server_host = old\naccount.1.sip_server.1.address ="));
    reads(w("account.1.sip_server.1.address"), w("old"));
    file(1, w("account.2.sip_server.1.address = new\naccount.2.sip_server_host ="));
    reads(w("account.2.sip_server.1.address"), w("new"));
  });

  it("count like the new one between files", () => {
    file(1, w("account.1.sip_server.1.address = common"));
    file(2, w("account.1.sip_server_host = phone"));
    reads(w("account.1.sip_server.1.address"), w("phone"));
    file(3, w("account.1.sip_server.1.address ="));
    reads(w("account.1.sip_server.1.address"), w(""));
  });

  it("static. may stand before the phone's keys", () => {
    file(1, w("network.port.min_rtpport = 20000\nstatic.network.port.min_rtpport = 30000"));
    file(1, w("static.network.port.max_rtpport = 30100\nnetwork.port.max_rtpport = 20100"));
    expect(number(Key.MinRtpPort)).toBe(30000);
    expect(number(Key.MaxRtpPort)).toBe(30100);
    reads(w("network.port.min_rtpport"), w("30000"));
    file(1, w("static.account.1.enable = 1"));
    expect(number(Key.Enable, 1)).toBe(0);
  });

  it("of the timers and trust_ctrl hold for their account, below the phone-wide one", () => {
    file(
      1,
      w("account.2.advanced.timer_t1 = 1\naccount.2.advanced.timer_t2 = 8\naccount.2.advanced.timer_t4 = 10"),
    );
    file(1, w("account.2.sip_trust_ctrl = 1"));
    expect(number(Key.TimerT1, 2)).toBe(1000);
    expect(number(Key.TimerT2, 2)).toBe(8000);
    expect(number(Key.TimerT4, 2)).toBe(10000);
    expect(number(Key.TrustCtrl, 2)).toBe(1);
    expect(number(Key.TimerT1, 1)).toBe(500);
    expect(number(Key.TimerT1)).toBe(500);
    expect(number(Key.TrustCtrl)).toBe(0);
    file(1, w("sip.timer_t1 = 0.5\nsip.trust_ctrl = 0"));
    expect(number(Key.TimerT1, 2)).toBe(500);
    expect(number(Key.TrustCtrl, 2)).toBe(0);
    expect(number(Key.TimerT2, 2)).toBe(8000);
  });

  it("of the port: the lowest account's, below sip.listen_port", () => {
    expect(number(Key.ListenPort)).toBe(5060);
    file(1, w("account.3.sip_listen_port = 5073\naccount.2.sip_listen_port = 5072"));
    expect(number(Key.ListenPort)).toBe(5072);
    expect(number(Key.ListenPort, 3)).toBe(5072);
    file(1, w("sip.listen_port = 5060"));
    expect(number(Key.ListenPort)).toBe(5060);
  });
});

describe("set", () => {
  beforeEach(openEverything);

  it("stands above all files, and can be taken back", () => {
    file(16, w("account.1.ptime = 10"));
    expect<i32>(setSetting(w("account.1.ptime"), w("30"))).toBe(Status.Ok);
    file(16, w("account.1.ptime = 40"));
    expect(number(Key.Ptime, 1)).toBe(30);
    expect<i32>(setSetting(w("account.1.ptime"), w("%NULL%"))).toBe(Status.Ok);
    expect(number(Key.Ptime, 1)).toBe(20);
    expect<i32>(setSetting(w("account.1.ptime"), w(""))).toBe(Status.Ok);
    expect(number(Key.Ptime, 1)).toBe(40);
  });

  it("takes the last one, under whichever name, with blanks around it", () => {
    setSetting(w("account.1.sip_server.1.address"), w("new"));
    setSetting(w(" account.1.sip_server_host "), w(" newer "));
    reads(w("account.1.sip_server.1.address"), w("newer"));
    setSetting(w("account.1.sip_server_host"), w(""));
    reads(w("account.1.sip_server.1.address"), w(""));
  });

  it("changes nothing when it is bad, and says why", () => {
    setSetting(w("account.1.ptime"), w("30"));
    expect<i32>(setSetting(w("account.1.ptime"), w("31"))).toBe(Status.BadValue);
    expect(nextRejection()).toBe(true);
    expect(layer).toBe(LOCAL_LAYER);
    expect(line).toBe(0);
    expect(equals(key, w("account.1.ptime"))).toBe(true);
    expect(number(Key.Ptime, 1)).toBe(30);
    clearOutput();
    expect<i32>(setSetting(w("no.such.key"), w("1"))).toBe(Status.UnknownKey);
    expect(nextRejection()).toBe(true);
    expect(equals(permitted, w("unknown key"))).toBe(true);
    expect<i32>(setSetting(w("account.17.ptime"), w("10"))).toBe(Status.UnknownKey);
    expect<i32>(setSetting(w(""), w(""))).toBe(Status.UnknownKey);
  });

  it("waits for the next start where tables and sockets are concerned", () => {
    expect<i32>(setSetting(w("ringlet.capacity.calls"), w("8"))).toBe(Status.Ok);
    markStarted();
    expect<i32>(setSetting(w("ringlet.capacity.calls"), w("9"))).toBe(Status.NeedsRestart);
    expect<i32>(setSetting(w("ringlet.capacity.dialogs"), w("9"))).toBe(Status.NeedsRestart);
    expect<i32>(setSetting(w("ringlet.capacity.subscriptions"), w("9"))).toBe(Status.NeedsRestart);
    expect<i32>(setSetting(w("ringlet.capacity.transactions"), w("99"))).toBe(Status.NeedsRestart);
    expect<i32>(setSetting(w("sip.listen_port"), w("0"))).toBe(Status.NeedsRestart);
    expect<i32>(setSetting(w("account.1.sip_listen_port"), w("0"))).toBe(Status.NeedsRestart);
    expect<i32>(setSetting(w("sip.tls_listen_port"), w("0"))).toBe(Status.NeedsRestart);
    expect<i32>(setSetting(w("sip.listen_mode"), w("1"))).toBe(Status.NeedsRestart);
    expect<i32>(setSetting(w("network.qos.signaltos"), w("0"))).toBe(Status.NeedsRestart);
    expect<i32>(setSetting(w("ringlet.tls.certificate"), w("a.pem"))).toBe(Status.NeedsRestart);
    expect<i32>(setSetting(w("ringlet.tls.key"), w("a.key"))).toBe(Status.NeedsRestart);
    expect<i32>(setSetting(w("ringlet.tls.trusted"), w("b.pem"))).toBe(Status.NeedsRestart);
    expect<i32>(setSetting(w("ringlet.bind.address"), w("::1"))).toBe(Status.NeedsRestart);
    expect<i32>(setSetting(w("ringlet.capacity.calls"), w("0"))).toBe(Status.BadValue);
    expect<i32>(setSetting(w("sip.timer_t1"), w("1"))).toBe(Status.Ok);
    expect(number(Key.CapacityCalls)).toBe(9);
  });
});

describe("get", () => {
  beforeEach(openEverything);

  it("answers defaults, blanks and nothing", () => {
    reads(w("sip.timer_t1"), w("0.5"));
    reads(w("account.1.session_timer.expires"), w("1800"));
    reads(w("Account.1.Ptime"), w("20"));
    expect(size(getSetting(w("account.1.label")))).toBe(0);
    expect(isPresent(getSetting(w("account.1.label")))).toBe(true);
    expect(getSetting(w("no.such.key"))).toBe(EMPTY);
    expect(getSetting(w("account.17.label"))).toBe(EMPTY);
  });

  it("tells no password after the start", () => {
    expect(size(getSetting(w("account.1.password")))).toBe(0);
    file(1, w("account.1.password = s#cret=1"));
    reads(w("account.1.password"), w("s#cret=1"));
    markStarted();
    reads(w("account.1.password"), w("********"));
    expect(equals(text(Key.Password, 1), w("s#cret=1"))).toBe(true);
  });

  it("is harmless for an account that there is not", () => {
    expect(number(Key.Ptime)).toBe(20);
    expect(number(Key.Ptime, 17)).toBe(20);
    expect(text(Key.Label, -1)).toBe(EMPTY);
    expect(isSet(Key.Label, 99)).toBe(false);
  });
});

describe("the local file", () => {
  beforeEach(openEverything);

  it("is the header when nothing was set", () => {
    file(1, w("account.1.ptime = 10"));
    expect(equals(writeLocal(), w("#!version:1.0.0.1\n"))).toBe(true);
  });

  it("holds what was set, in the words of a file, and reads back the same", () => {
    setSetting(w("sip.timer_t1"), w("0.75"));
    setSetting(w("account.1.password"), w("p#=1"));
    setSetting(w("account.2.sip_server_host"), w("192.0.2.1"));
    setSetting(w("account.2.ptime"), w("%NULL%"));
    setSetting(w("account.2.label"), w("x"));
    setSetting(w("account.2.label"), w(""));
    setSetting(w("account.16.codec.7.payload_type"), w("GSM"));
    setSetting(w("account.16.codec.16.payload_type"), w("pcma"));
    setSetting(w("account.16.codec.16.priority"), w("7"));
    const local = w(
      "#!version:1.0.0.1\nsip.timer_t1 = 0.75\naccount.1.password = p#=1\naccount.2.ptime = %NULL%\naccount.2.sip_server.1.address = 192.0.2.1\naccount.16.codec.7.payload_type = other\naccount.16.codec.16.payload_type = PCMA\naccount.16.codec.16.priority = 7\n",
    );
    expect(equals(writeLocal(), local)).toBe(true);
    openEverything();
    expect<i32>(provision(local, LOCAL_LAYER)).toBe(Status.Ok);
    file(16, w("sip.timer_t1 = 1\naccount.2.ptime = 30"));
    expect(number(Key.TimerT1)).toBe(750);
    expect(number(Key.Ptime, 2)).toBe(20);
    expect(nextRejection()).toBe(false);
    expect(equals(writeLocal(), local)).toBe(true);
  });
});
