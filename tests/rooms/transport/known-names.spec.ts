import { openBlocks } from "../../../assembly/bytes/blocks";
import { equals, size, w } from "../../../assembly/bytes/slice";
import { Question, Transport } from "../../../assembly/output/abi-numbers";
import { advanceClock, nowMs } from "../../../assembly/time/clock";
import { bar, isBarred, openBarred } from "../../../assembly/transport/barred";
import { isKnown, lastLines, openKnownNames, rememberLines } from "../../../assembly/transport/known-names";
import { openTestArena } from "../support/arena";

function pass(seconds: i64): void {
  advanceClock(<f64>(nowMs() + seconds * 1000));
}

describe("what the name service said", () => {
  beforeEach(() => {
    openTestArena();
    openBlocks(256 * 1024);
    openKnownNames();
    openBarred();
  });

  it("is fresh for the shortest time to live of its records", () => {
    rememberLines(Question.A, w("Example.com"), w("192.0.2.1 60\n192.0.2.2 30\n"));
    pass(29);
    expect(isKnown(Question.A, w("example.COM"))).toBe(true);
    expect(isKnown(Question.Aaaa, w("example.com"))).toBe(false);
    pass(1);
    expect(isKnown(Question.A, w("example.com"))).toBe(false);
    expect(size(lastLines(Question.A, w("example.com")))).toBe(26);
  });

  it("RFC 8767 serves on for a day where the name service fails, and asks again after five seconds", () => {
    const answer = w("192.0.2.1 10\n");
    rememberLines(Question.A, w("a"), answer);
    pass(11);
    expect(equals(rememberLines(Question.A, w("a"), w("")), answer)).toBe(true);
    expect(isKnown(Question.A, w("a"))).toBe(true);
    pass(5);
    expect(isKnown(Question.A, w("a"))).toBe(false);
    pass(86_400);
    expect(size(rememberLines(Question.A, w("a"), w("\n")))).toBe(1);
    expect(size(lastLines(Question.A, w("a")))).toBe(0);
  });

  it("holds what came last: the oldest makes room", () => {
    const names = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    for (let i = 0; i < 26; i++) {
      const name = String.UTF8.encode("x" + names.charAt(i));
      const at = ((<u64>2) << 32) | (<u64>(<u32>changetype<usize>(name)));
      rememberLines(Question.A, at, w("192.0.2.1 60\n"));
      rememberLines(Question.Srv, at, w("1 1 5060 a 60\n"));
    }
    expect(isKnown(Question.A, w("xa"))).toBe(false);
    expect(isKnown(Question.A, w("xz"))).toBe(true);
    expect(isKnown(Question.Srv, w("xz"))).toBe(true);
  });
});

describe("targets that are kept out", () => {
  beforeEach(() => {
    openTestArena();
    openBarred();
  });

  it("are out until then, of that transport and port alone", () => {
    bar(Transport.Udp, w("192.0.2.1"), 5060, nowMs() + 1000);
    expect(isBarred(Transport.Udp, w("192.0.2.1"), 5060)).toBe(true);
    expect(isBarred(Transport.Tcp, w("192.0.2.1"), 5060)).toBe(false);
    expect(isBarred(Transport.Udp, w("192.0.2.1"), 5061)).toBe(false);
    expect(isBarred(Transport.Udp, w("192.0.2.2"), 5060)).toBe(false);
    pass(1);
    expect(isBarred(Transport.Udp, w("192.0.2.1"), 5060)).toBe(false);
  });

  it("come back at once when they are needed", () => {
    bar(Transport.Udp, w("192.0.2.1"), 5060, nowMs() + 1000);
    bar(Transport.Udp, w("192.0.2.1"), 5060, 0);
    expect(isBarred(Transport.Udp, w("192.0.2.1"), 5060)).toBe(false);
  });
});
