// Files as dirty as real ones: what counts, what is told, and that nothing in a line fails the file.

import { equals, size, slice, Slice, start, w } from "../../../assembly/bytes/slice";
import { EventKind, Status } from "../../../assembly/output/abi-numbers";
import { clearOutput, mark, put, putNumber, written } from "../../../assembly/output/output";
import { ACCOUNTS, Key } from "../../../assembly/settings/keys";
import { putRowName, rowOf } from "../../../assembly/settings/rows";
import { isSet, LOCAL_LAYER, number, provision, text } from "../../../assembly/settings/settings";
import { eventNumber, key, layer, line, nextRejection, openEverything, permitted } from "./rejections";

const LARGE: StaticArray<u8> = new StaticArray<u8>(256 * 1024 + 1);

function takes(file: Slice): void {
  clearOutput();
  expect<i32>(provision(file, 1)).toBe(Status.Ok);
}

/** The file sets account 1's user_name to that, without a word. */
function names(file: Slice, user: Slice): void {
  takes(file);
  expect(equals(text(Key.UserName, 1), user)).toBe(true);
  expect(nextRejection()).toBe(false);
}

/** One event about that line, and nothing else. */
function tells(file: Slice, atLine: i32, aboutKey: Slice, words: Slice): void {
  takes(file);
  expect(nextRejection()).toBe(true);
  expect<i32>(eventNumber).toBe(EventKind.SettingRejected);
  expect(layer).toBe(1);
  expect(line).toBe(atLine);
  expect(equals(key, aboutKey)).toBe(true);
  expect(equals(permitted, words)).toBe(true);
  expect(nextRejection()).toBe(false);
}

function large(size: i32): Slice {
  memory.fill(changetype<usize>(LARGE), 10, LARGE.length);
  return slice(changetype<usize>(LARGE), size);
}

describe("lines that count", () => {
  beforeEach(openEverything);

  it("with or without header, byte order mark, CR and blanks", () => {
    names(w("#!version:1.0.0.1\naccount.1.user_name = 1\n"), w("1"));
    names(w(" #!version:1.0.0.1 (T19)\naccount.1.user_name = 2\n"), w("2"));
    names(w("account.1.user_name=3"), w("3"));
    names(w("account.1.user_name= 4"), w("4"));
    names(w("\taccount.1.user_name\t= \t5\t \r\n"), w("5"));
    names(w("\ufeff#!version:1.0.0.1\r\naccount.1.user_name = 6\r\n\r\n"), w("6"));
    names(w("\ufeffaccount.1.user_name = 7"), w("7"));
  });

  it("with # and = and $ and quotes as data", () => {
    names(w("account.1.user_name = a#b"), w("a#b"));
    names(w("account.1.user_name = a=b=c"), w("a=b=c"));
    names(w("account.1.user_name = a # b"), w("a # b"));
    names(w('account.1.user_name = "$MAC"'), w('"$MAC"'));
    names(w("  # account.1.user_name = comment\n#account.1.user_name = other"), w('"$MAC"'));
  });

  it("the last of duplicates, blank or not", () => {
    names(w("account.1.user_name = a\naccount.1.user_name = b"), w("b"));
    names(w("account.1.user_name = a\naccount.1.user_name ="), w(""));
    names(w("account.1.user_name =\naccount.1.user_name = c"), w("c"));
    names(w("account.1.user_name = a\naccount.1.user_name = %NULL%"), w(""));
    expect(isSet(Key.UserName, 1)).toBe(false);
  });

  it("a number written back to its default is set", () => {
    takes(w("sip.timer_t2 = 4"));
    expect(isSet(Key.TimerT2)).toBe(true);
    takes(w("sip.timer_t2 = %NULL%"));
    expect(isSet(Key.TimerT2)).toBe(false);
  });
});

describe("lines that are told", () => {
  beforeEach(openEverything);

  it("stray text, unknown keys, placeholders, indexes", () => {
    tells(w("\n\n(X ranges from 1 to 9)\n"), 3, w("(X ranges from 1 to 9)"), w("no = on this line"));
    tells(
      w("static.network.qos.audiotos 46\n"),
      1,
      w("static.network.qos.audiotos 46"),
      w("no = on this line"),
    );
    tells(w("sip.pkt_loopback_mode"), 1, w("sip.pkt_loopback_mode"), w("no = on this line"));
    tells(w("features.pickup.enable = 1"), 1, w("features.pickup.enable"), w("unknown key"));
    tells(w("= 1"), 1, w(""), w("unknown key"));
    tells(w("autoprovision.X.name ="), 1, w("autoprovision.X.name"), w("unknown key"));
    tells(w("account.1.no_such_key = 1"), 1, w("account.1.no_such_key"), w("unknown key"));
    tells(w("enable = 1"), 1, w("enable"), w("unknown key"));
    tells(w("account.1.sip.timer_t1 = 1"), 1, w("account.1.sip.timer_t1"), w("unknown key"));
    tells(w("account.1. = 1"), 1, w("account.1."), w("unknown key"));
    tells(
      w("account.x.nat.stun_refresh_timer ="),
      1,
      w("account.x.nat.stun_refresh_timer"),
      w("accounts 1..16"),
    );
    tells(w("account.17.enable = 1"), 1, w("account.17.enable"), w("accounts 1..16"));
    tells(w("account.0.enable = 1"), 1, w("account.0.enable"), w("accounts 1..16"));
    tells(
      w("account.99999999999999999999.enable = 1"),
      1,
      w("account.99999999999999999999.enable"),
      w("accounts 1..16"),
    );
    tells(w("account. = 1"), 1, w("account."), w("accounts 1..16"));
    tells(w("account.1 = 1"), 1, w("account.1"), w("accounts 1..16"));
    tells(w("account.1.codec.17.enable = 1"), 1, w("account.1.codec.17.enable"), w("codecs 1..16"));
    tells(w("account.1.codec.0.enable = 1"), 1, w("account.1.codec.0.enable"), w("codecs 1..16"));
    tells(w("account.1.codec.1.rtpmap = 1"), 1, w("account.1.codec.1.rtpmap"), w("unknown key"));
    tells(w("account.1.codec.1 = 1"), 1, w("account.1.codec.1"), w("codecs 1..16"));
    tells(w("account.1.codec.Y.enable = 1"), 1, w("account.1.codec.Y.enable"), w("unknown key"));
    tells(w("account.1.payload_type = PCMU"), 1, w("account.1.payload_type"), w("unknown key"));
  });

  it("capitals, which are read all the same", () => {
    tells(w("Account.2.User_Name = x"), 1, w("Account.2.User_Name"), w("read as account.2.user_name"));
    expect(equals(text(Key.UserName, 2), w("x"))).toBe(true);
    tells(w("SIP.timer_t1 = 1"), 1, w("SIP.timer_t1"), w("read as sip.timer_t1"));
    expect(number(Key.TimerT1)).toBe(1000);
    tells(
      w("account.1.codec.2.ENABLE = 0"),
      1,
      w("account.1.codec.2.ENABLE"),
      w("read as account.1.codec.2.enable"),
    );
  });

  it("bad values, and the former value stays", () => {
    takes(w("account.1.ptime = 30"));
    tells(w("\r\naccount.1.ptime = 25\r\n"), 2, w("account.1.ptime"), w("one of 0 10 20 30 40 50 60"));
    expect(number(Key.Ptime, 1)).toBe(30);
    tells(w("account.1.enable = yes"), 1, w("account.1.enable"), w("0 or 1"));
  });

  it("only the beginning of a long line", () => {
    const file = large(1000);
    memory.fill(start(file), 120, 1000);
    takes(file);
    expect(nextRejection()).toBe(true);
    expect(size(key)).toBe(80);
  });

  it("as many as there is room for, then how many more", () => {
    const file = large(200000);
    for (let i = 0; i < 200000; i += 2) store<u8>(start(file) + <usize>i, 120);
    takes(file);
    let told = 0;
    while (nextRejection() && line > 0) told++;
    expect(told > 100 && told < 100000).toBe(true);
    expect(size(key)).toBe(0);
    expect(line).toBe(0);
    expect(nextRejection()).toBe(false);
  });

  it("says the number that was left out", () => {
    // 2 bytes a line: 100000 lines, told + the number = all of them.
    const file = large(200000);
    for (let i = 0; i < 200000; i += 2) store<u8>(start(file) + <usize>i, 120);
    takes(file);
    let told = 0;
    while (nextRejection() && line > 0) told++;
    let more = 0;
    for (let i = 0; load<u8>(start(permitted) + <usize>i) != 32; i++) {
      more = more * 10 + <i32>(load<u8>(start(permitted) + <usize>i) - 48);
    }
    expect(told + more).toBe(100000);
  });

  it("without a word once nothing at all fits, and the values count", () => {
    const file = large(200000);
    for (let i = 0; i < 200000; i += 2) store<u8>(start(file) + <usize>i, 120);
    memory.copy(start(file) + 199950, start(w("\nsip.timer_t1 = 2.5\nAccount.1.enable = 1\n")), 41);
    memory.fill(start(file) + 199991, 32, 9);
    takes(file);
    expect(number(Key.TimerT1)).toBe(2500);
    expect(number(Key.Enable, 1)).toBe(1);
    expect<i32>(provision(w("account.1.enable = 2\nx"), 1)).toBe(Status.Ok);
    expect(number(Key.Enable, 1)).toBe(1);
  });
});

describe("files that are refused whole", () => {
  beforeEach(openEverything);

  it("with NUL inside", () => {
    expect<i32>(provision(w("account.1.enable = 1\n\0"), 1)).toBe(Status.Unreadable);
    expect(number(Key.Enable, 1)).toBe(0);
    expect<i32>(provision(w("\0"), 1)).toBe(Status.Unreadable);
  });

  it("over 256 KiB", () => {
    expect<i32>(provision(large(256 * 1024), 1)).toBe(Status.Ok);
    expect<i32>(provision(large(256 * 1024 + 1), 1)).toBe(Status.TooLarge);
  });

  it("for a layer that there is not", () => {
    expect<i32>(provision(w("account.1.enable = 1"), 0)).toBe(Status.BadArgument);
    expect<i32>(provision(w("account.1.enable = 1"), LOCAL_LAYER + 1)).toBe(Status.BadArgument);
    expect(number(Key.Enable, 1)).toBe(0);
  });

  it("but not an empty one", () => {
    takes(0);
    takes(w("\n"));
    takes(w("\ufeff"));
    expect(nextRejection()).toBe(false);
  });
});

describe("a full store", () => {
  beforeEach(openEverything);

  it("keeps the longest text of every account apart", () => {
    for (let account = 1; account <= ACCOUNTS; account++) {
      for (let key = <i32>Key.Label; key <= <i32>Key.PublicName; key++) fillText(account, <Key>key);
    }
    let wrong = 0;
    for (let account = 1; account <= ACCOUNTS; account++) {
      for (let key = <i32>Key.Label; key <= <i32>Key.PublicName; key++) {
        if (!equals(text(<Key>key, account), pattern(account, <Key>key))) wrong++;
      }
    }
    expect(wrong).toBe(0);
    expect(number(<Key>(Key.End - 1), ACCOUNTS)).toBe(0);
    expect(number(Key.SessionTimerExpires, ACCOUNTS)).toBe(1800);
  });
});

function pattern(account: i32, key: Key): Slice {
  memory.fill(changetype<usize>(LARGE), <u8>(64 + account), 128);
  store<u8>(changetype<usize>(LARGE), <u8>(97 + <i32>key - <i32>Key.Label));
  return slice(changetype<usize>(LARGE), 128);
}

function fillText(account: i32, key: Key): void {
  const value = pattern(account, key);
  const from = mark();
  put(w("account."));
  putNumber(account);
  put(w("."));
  putRowName(rowOf(key));
  put(w(" = "));
  put(value);
  expect<i32>(provision(written(from), 1)).toBe(Status.Ok);
}
