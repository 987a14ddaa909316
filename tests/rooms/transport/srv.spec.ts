import { equals, size, Slice, w } from "../../../assembly/bytes/slice";
import { openRandom, seedRandom } from "../../../assembly/crypto/random";
import { Transport } from "../../../assembly/output/abi-numbers";
import { openOutput } from "../../../assembly/output/output";
import { chooseNaptr, naptrName, naptrTransport } from "../../../assembly/transport/naptr";
import { field, nextRecord, openRecords, timeToLive } from "../../../assembly/transport/resource-record";
import { chooseSrv, srvPort, srvTarget } from "../../../assembly/transport/srv";
import { openTestArena } from "../support/arena";

/** The digits of the order in which they are chosen. */
function orderOf(lines: Slice): i32 {
  let used: u32 = 0;
  let digits = 0;
  for (let chosen = chooseSrv(lines, used); chosen >= 0; chosen = chooseSrv(lines, used)) {
    used |= 1 << chosen;
    digits = digits * 10 + chosen + 1;
  }
  return digits;
}

/** Of four thousand draws, how often the record of that number comes first. */
function firsts(lines: Slice, index: i32): i32 {
  let n = 0;
  for (let i = 0; i < 4000; i++) if (chooseSrv(lines, 0) == index) n++;
  return n;
}

describe("SRV (RFC 2782)", () => {
  beforeEach(() => {
    openTestArena();
    openOutput();
    openRandom();
    seedRandom(w("0123456789abcdef0123456789abcdef"));
  });

  it("takes the lowest priority first, and each record once", () => {
    expect(orderOf(w("30 1 5060 c 60\n10 1 5060 a 60\n20 1 5060 b 60\n"))).toBe(231);
    expect(orderOf(w(""))).toBe(0);
  });

  it("tells target, without the dot at its end, and port", () => {
    expect(chooseSrv(w("1 0 5070 sip1.example.com. 60\n"), 0)).toBe(0);
    expect(equals(srvTarget, w("sip1.example.com"))).toBe(true);
    expect(srvPort).toBe(5070);
  });

  it("shares the first place by weight: 71 of 101 for 70 beside 30, within four standard deviations", () => {
    const a = firsts(w("1 70 5060 a 60\n1 30 5060 b 60\n"), 0);
    expect(a).toBeGreaterThan(2811 - 116);
    expect(a).toBeLessThan(2811 + 116);
  });

  it("gives a weight of 0 a small chance, as the RFC's running sum does: one in a hundred beside 99", () => {
    const lines = w("1 99 5060 a 60\n1 0 5060 b 60\n");
    const b = firsts(lines, 1);
    expect(b).toBeGreaterThan(0);
    expect(b).toBeLessThan(40 + 26);
  });

  it("takes weights of 0 in the order of the answer", () => {
    expect(orderOf(w("1 0 5060 a 60\n1 0 5060 b 60\n1 0 5060 c 60\n"))).toBe(123);
  });

  it("passes over what can't be read, and the dot that says there is no such service", () => {
    expect(orderOf(w("0 0 0 . 60\n"))).toBe(0);
    expect(orderOf(w("x 0 5060 a 60\n1 y 5060 a 60\n1 0 70000 a 60\n1 0 5060\n2 0 5060 good 60\n"))).toBe(5);
  });
});

describe("NAPTR (RFC 3263 §4.1)", () => {
  it("takes the lowest order, then the lowest preference, of what we speak", () => {
    const lines = w(
      "50 50 s SIPS+D2T _sips._tcp.example.com. 60\n90 50 s SIP+D2T _sip._tcp.example.com 60\n50 40 S sip+d2u _sip._udp.example.com 60\n10 10 s SIP+D2S _sip._sctp.example.com 60\n10 10 u E2U+sip !^.*$!sip:info@example.com! 60\n",
    );
    expect(chooseNaptr(lines, 0)).toBe(2);
    expect(naptrTransport).toBe(Transport.Udp);
    expect(chooseNaptr(lines, 4)).toBe(0);
    expect(naptrTransport).toBe(Transport.Tls);
    expect(equals(naptrName, w("_sips._tcp.example.com"))).toBe(true);
    expect(chooseNaptr(lines, 5)).toBe(1);
    expect(naptrTransport).toBe(Transport.Tcp);
    expect(chooseNaptr(lines, 7)).toBe(-1);
  });

  it("takes none whose replacement or numbers are missing", () => {
    expect(chooseNaptr(w("10 10 s SIP+D2U . 60\nx 10 s SIP+D2U _sip._udp.example.com 60\n"), 0)).toBe(-1);
  });
});

describe("records of an answer", () => {
  it("stand one a line, fields between blanks, blank lines between them", () => {
    openRecords(w("\n  192.0.2.1\t300 \r\n\n192.0.2.2"));
    expect(nextRecord()).toBe(true);
    expect(equals(field(0), w("192.0.2.1"))).toBe(true);
    expect(timeToLive()).toBe(300);
    expect(size(field(2))).toBe(0);
    expect(nextRecord()).toBe(true);
    expect(equals(field(0), w("192.0.2.2"))).toBe(true);
    expect(timeToLive()).toBe(0);
    expect(nextRecord()).toBe(false);
  });
});
