// The lowest and highest value of every key, and the first ones outside.

import { equals, Slice, w } from "../../../assembly/bytes/slice";
import { clearOutput, mark, put, putByte, putNumber, written } from "../../../assembly/output/output";
import { Status } from "../../../assembly/output/abi-numbers";
import { Key } from "../../../assembly/settings/keys";
import { getSetting, isSet, number, setSetting, text } from "../../../assembly/settings/settings";
import { nextRejection, openEverything, permitted } from "./rejections";

const BYTES: StaticArray<u8> = new StaticArray<u8>(300);

function named(name: Slice, account: i32): Slice {
  const from = mark();
  if (account) {
    put(w("account."));
    putNumber(account);
    putByte(0x2e);
  }
  put(name);
  return written(from);
}

function digits(n: i64): Slice {
  const from = mark();
  putNumber(n);
  return written(from);
}

/** Reads as `preset`, takes both ends, refuses what lies outside and keeps its value then. */
function range(key: Key, account: i32, short: Slice, preset: i32, least: i32, most: i32): void {
  const name = named(short, account);
  expect(number(key, account)).toBe(preset);
  expect(isSet(key, account)).toBe(false);
  expect<i32>(setSetting(name, digits(least))).toBe(Status.Ok);
  expect(number(key, account)).toBe(least);
  expect<i32>(setSetting(name, digits(<i64>least - 1))).toBe(Status.BadValue);
  expect(number(key, account)).toBe(least);
  expect<i32>(setSetting(name, digits(most))).toBe(Status.Ok);
  expect(number(key, account)).toBe(most);
  expect<i32>(setSetting(name, digits(<i64>most + 1))).toBe(Status.BadValue);
  expect<i32>(setSetting(name, w("x"))).toBe(Status.BadValue);
  expect(number(key, account)).toBe(most);
  expect(isSet(key, account)).toBe(true);
  expect<i32>(setSetting(name, w("%NULL%"))).toBe(Status.Ok);
  expect(number(key, account)).toBe(preset);
  expect(isSet(key, account)).toBe(false);
  clearOutput();
}

function phone(key: Key, name: Slice, preset: i32, least: i32, most: i32): void {
  range(key, 0, name, preset, least, most);
}

function account(key: Key, name: Slice, preset: i32, least: i32, most: i32): void {
  range(key, 1, name, preset, least, most);
  range(key, 16, name, preset, least, most);
}

function accepts(name: Slice, value: Slice): void {
  expect<i32>(setSetting(name, value)).toBe(Status.Ok);
  expect(equals(getSetting(name), value)).toBe(true);
}

function refuses(name: Slice, value: Slice, words: Slice): void {
  clearOutput();
  expect<i32>(setSetting(name, value)).toBe(Status.BadValue);
  expect(nextRejection()).toBe(true);
  expect(equals(permitted, words)).toBe(true);
}

function letters(count: i32): Slice {
  memory.fill(changetype<usize>(BYTES), 97, count);
  return ((<u64>count) << 32) | (<u64>changetype<usize>(BYTES));
}

describe("ranges", () => {
  beforeEach(openEverything);

  it("of the phone's keys", () => {
    phone(Key.TrustCtrl, w("sip.trust_ctrl"), 0, 0, 1);
    phone(Key.DirectIpCallEnable, w("features.direct_ip_call_enable"), 1, 0, 1);
    phone(Key.DndMode, w("features.dnd_mode"), 0, 0, 1);
    phone(Key.PhoneDndEnable, w("features.dnd.enable"), 0, 0, 1);
    phone(Key.DndAllow, w("features.dnd.allow"), 1, 0, 1);
    phone(Key.CallWaitingEnable, w("call_waiting.enable"), 1, 0, 1);
    phone(Key.MinRtpPort, w("network.port.min_rtpport"), 11780, 1, 65535);
    phone(Key.MaxRtpPort, w("network.port.max_rtpport"), 12780, 1, 65535);
    phone(Key.RingingTimeout, w("phone_setting.ringing_timeout"), 180, 0, 3600);
    phone(Key.RingbackTimeout, w("phone_setting.ringback_timeout"), 180, 0, 3600);
    phone(Key.CapacityCalls, w("ringlet.capacity.calls"), 16, 1, 1000);
    phone(Key.CapacityDialogs, w("ringlet.capacity.dialogs"), 64, 1, 10000);
    phone(Key.CapacitySubscriptions, w("ringlet.capacity.subscriptions"), 32, 0, 10000);
    phone(Key.CapacityTransactions, w("ringlet.capacity.transactions"), 256, 16, 100000);
  });

  it("of the accounts' keys", () => {
    account(Key.AccountTrustCtrl, w("sip_trust_ctrl"), 0, 0, 1);
    account(Key.Enable, w("enable"), 0, 0, 1);
    account(Key.SipServerPort, w("sip_server.1.port"), 5060, 0, 65535);
    account(Key.OutboundProxyEnable, w("outbound_proxy_enable"), 0, 0, 1);
    account(Key.OutboundProxyPort, w("outbound_proxy.1.port"), 5060, 0, 65535);
    account(Key.FollowRedirect, w("follow_redirect"), 1, 0, 1);
    account(Key.DtmfPayload, w("dtmf.dtmf_payload"), 101, 96, 127);
    account(Key.AutoAnswer, w("auto_answer"), 0, 0, 1);
    account(Key.DndEnable, w("dnd.enable"), 0, 0, 1);
    account(Key.EnableUserEqualPhone, w("enable_user_equal_phone"), 0, 0, 1);
    account(Key.CodecPcmuEnable, w("codec.pcmu.enable"), 1, 0, 1);
    account(Key.CodecPcmaEnable, w("codec.pcma.enable"), 1, 0, 1);
    account(Key.CodecG722Enable, w("codec.g722.enable"), 1, 0, 1);
    account(Key.CodecG729Enable, w("codec.g729.enable"), 1, 0, 1);
    account(Key.CodecPcmuPriority, w("codec.pcmu.priority"), 2, 0, 255);
    account(Key.CodecPcmaPriority, w("codec.pcma.priority"), 3, 0, 255);
    account(Key.CodecG722Priority, w("codec.g722.priority"), 1, 0, 255);
    account(Key.CodecG729Priority, w("codec.g729.priority"), 4, 0, 255);
    account(<Key>(Key.CodecSlotEnable + 15), w("codec.16.enable"), 0, 0, 1);
    account(Key.CodecSlotPriority, w("codec.1.priority"), 2, 0, 255);
  });

  it("of the session timer", () => {
    account(Key.SessionTimerEnable, w("session_timer.enable"), 0, 0, 1);
    account(Key.SessionTimerRefresher, w("session_timer.refresher"), 0, 0, 1);
    account(Key.SessionTimerMinSe, w("session_timer.min_se"), 90, 90, 7200);
    account(Key.SessionTimerPeerWithoutTimer, w("session_timer.peer_without_timer"), 1, 0, 1);
    account(Key.SessionTimerRefreshMethod, w("session_timer.refresh_method"), 0, 0, 2);
    account(Key.SessionTimerUpdateFallback, w("session_timer.update_fallback"), 1, 0, 1);
    account(Key.SessionTimerExpiryGrace, w("session_timer.expiry_grace"), 0, 0, 32);
    account(Key.SessionTimerNewFromTag, w("session_timer.new_from_tag"), 0, 0, 1);
    account(Key.SessionTimerAnswerUpdate, w("session_timer.answer_update"), 1, 0, 1);
    account(Key.SessionTimerAllowUpdate, w("session_timer.allow_update"), 1, 0, 1);
  });

  it("moves session_timer.expires into its range, and says so", () => {
    const name = w("account.2.session_timer.expires");
    expect(number(Key.SessionTimerExpires, 2)).toBe(1800);
    accepts(name, w("90"));
    accepts(name, w("7200"));
    expect(nextRejection()).toBe(false);
    clearOutput();
    expect<i32>(setSetting(name, w("60"))).toBe(Status.Ok);
    expect(number(Key.SessionTimerExpires, 2)).toBe(90);
    expect(nextRejection()).toBe(true);
    expect(equals(permitted, w("90..7200, taken as 90"))).toBe(true);
    clearOutput();
    expect<i32>(setSetting(name, w("99999999999"))).toBe(Status.Ok);
    expect(number(Key.SessionTimerExpires, 2)).toBe(7200);
    expect(nextRejection()).toBe(true);
    expect(equals(permitted, w("90..7200, taken as 7200"))).toBe(true);
    refuses(name, w("soon"), w("90..7200"));
    refuses(name, w("-5"), w("90..7200"));
    refuses(name, w("9999999999999999999999"), w("90..7200"));
  });

  it("reads uac and uas as 0 and 1", () => {
    const name = w("account.1.session_timer.refresher");
    expect<i32>(setSetting(name, w("uas"))).toBe(Status.Ok);
    expect(number(Key.SessionTimerRefresher, 1)).toBe(1);
    expect(equals(getSetting(name), w("1"))).toBe(true);
    expect<i32>(setSetting(name, w("UAC"))).toBe(Status.Ok);
    expect(number(Key.SessionTimerRefresher, 1)).toBe(0);
    refuses(name, w("proxy"), w("0 or 1, uac or uas"));
    refuses(name, w("2"), w("0 or 1, uac or uas"));
  });

  it("keeps seconds with a point as milliseconds", () => {
    expect(number(Key.TimerT1)).toBe(500);
    expect(number(Key.TimerT2)).toBe(4000);
    expect(number(Key.TimerT4)).toBe(5000);
    accepts(w("sip.timer_t1"), w("10"));
    accepts(w("sip.timer_t1"), w("0.5"));
    expect(number(Key.TimerT1)).toBe(500);
    accepts(w("sip.timer_t1"), w("1.005"));
    expect(number(Key.TimerT1)).toBe(1005);
    accepts(w("sip.timer_t2"), w("2"));
    accepts(w("sip.timer_t2"), w("40"));
    accepts(w("sip.timer_t4"), w("2.5"));
    accepts(w("sip.timer_t4"), w("60"));
    refuses(w("sip.timer_t1"), w("0.499"), w("0.5..10"));
    refuses(w("sip.timer_t1"), w("10.001"), w("0.5..10"));
    refuses(w("sip.timer_t1"), w(".5"), w("0.5..10"));
    refuses(w("sip.timer_t1"), w("1."), w("0.5..10"));
    refuses(w("sip.timer_t1"), w("1.0000"), w("0.5..10"));
    refuses(w("sip.timer_t1"), w("0,5"), w("0.5..10"));
    refuses(w("sip.timer_t1"), w("1.-5"), w("0.5..10"));
    refuses(w("sip.timer_t1"), w("99999999999"), w("0.5..10"));
    refuses(w("sip.timer_t2"), w("1.9"), w("2..40"));
    refuses(w("sip.timer_t2"), w("40.1"), w("2..40"));
    refuses(w("sip.timer_t4"), w("2.4"), w("2.5..60"));
    refuses(w("sip.timer_t4"), w("61"), w("2.5..60"));
    expect(number(Key.TimerT1)).toBe(1005);
    accepts(w("account.3.advanced.timer_t1"), w("0.75"));
    refuses(w("account.3.advanced.timer_t2"), w("1"), w("2..40"));
    refuses(w("account.3.advanced.timer_t4"), w("1"), w("2.5..60"));
  });

  it("takes port 0 for any, and none of the privileged ones", () => {
    accepts(w("sip.listen_port"), w("0"));
    accepts(w("sip.listen_port"), w("1024"));
    accepts(w("sip.listen_port"), w("65535"));
    refuses(w("sip.listen_port"), w("1023"), w("0 or 1024..65535"));
    refuses(w("sip.listen_port"), w("1"), w("0 or 1024..65535"));
    refuses(w("sip.listen_port"), w("65536"), w("0 or 1024..65535"));
    refuses(w("account.1.sip_listen_port"), w("80"), w("0 or 1024..65535"));
  });

  it("takes only the status codes that refuse", () => {
    expect(number(Key.NormalRefuseCode)).toBe(486);
    expect(number(Key.DndRefuseCode)).toBe(480);
    accepts(w("features.normal_refuse_code"), w("404"));
    accepts(w("features.normal_refuse_code"), w("480"));
    accepts(w("features.normal_refuse_code"), w("486"));
    accepts(w("features.normal_refuse_code"), w("600"));
    accepts(w("features.normal_refuse_code"), w("603"));
    refuses(w("features.normal_refuse_code"), w("200"), w("one of 404 480 486 600 603"));
    accepts(w("features.dnd_refuse_code"), w("404"));
    accepts(w("features.dnd_refuse_code"), w("486"));
    accepts(w("features.dnd_refuse_code"), w("603"));
    refuses(w("features.dnd_refuse_code"), w("600"), w("one of 404 480 486 603"));
  });

  it("takes tens for ptime", () => {
    expect(number(Key.Ptime, 1)).toBe(20);
    accepts(w("account.1.ptime"), w("0"));
    accepts(w("account.1.ptime"), w("10"));
    accepts(w("account.1.ptime"), w("60"));
    refuses(w("account.1.ptime"), w("15"), w("one of 0 10 20 30 40 50 60"));
    refuses(w("account.1.ptime"), w("70"), w("one of 0 10 20 30 40 50 60"));
    refuses(w("account.1.ptime"), w("-10"), w("one of 0 10 20 30 40 50 60"));
  });

  it("takes texts of 128 bytes without control characters", () => {
    const words = w("printable text of at most 128 bytes");
    accepts(w("account.1.display_name"), letters(128));
    refuses(w("account.1.display_name"), letters(129), words);
    refuses(w("account.1.display_name"), w("a\rContact: <sip:x>"), words);
    refuses(w("account.1.display_name"), w("a\nb"), words);
    refuses(w("account.1.display_name"), w("a\0b"), words);
    refuses(w("account.1.display_name"), w("a\x7fb"), words);
    expect(equals(text(Key.DisplayName, 1), letters(128))).toBe(true);
    accepts(w("account.16.label"), w('Jörg #1 = "x"'));
    accepts(w("account.1.user_name"), w("2001"));
    accepts(w("account.1.auth_name"), w("2001-a"));
  });

  it("takes names and addresses of hosts", () => {
    const words = w("a host name or address of at most 128 bytes");
    accepts(w("account.1.sip_server.1.address"), w("sip-1.Example.com"));
    accepts(w("account.1.outbound_proxy.1.address"), w("[2001:db8::1]"));
    accepts(w("ringlet.bind.address"), w("127.0.0.1"));
    refuses(w("ringlet.bind.address"), w("a b"), words);
    refuses(w("account.1.sip_server.1.address"), w("host;lr"), words);
    refuses(w("account.1.sip_server.1.address"), letters(129), words);
  });
});
