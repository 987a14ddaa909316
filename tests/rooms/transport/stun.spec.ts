import { byteAt, equals, isDigit, size, slice, Slice, w } from "../../../assembly/bytes/slice";
import { mark, openOutput, put, putByte, putHex, written } from "../../../assembly/output/output";
import {
  Binding,
  isStun,
  mappedAddress,
  mappedPort,
  putBindingRequest,
  readBinding,
} from "../../../assembly/transport/stun";
import { openTestArena } from "../support/arena";
import { atEdge } from "../support/edge";

const id = memory.data<u8>([0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae]);

function digitOf(byte: u8): u8 {
  return isDigit(byte) ? byte - 48 : byte - 87;
}

/** Bytes from hexadecimal digits, at the end of memory. */
function bytes(digits: Slice): Slice {
  const from = mark();
  for (let i = 0; i < size(digits); i += 2)
    putByte((digitOf(byteAt(digits, i)) << 4) | digitOf(byteAt(digits, i + 1)));
  return atEdge(written(from));
}

/** The digits of a success response with these attributes. */
function success(attributes: Slice): Slice {
  store<u8>(length, <u8>(size(attributes) >> 1));
  const from = mark();
  put(w("010100"));
  putHex(slice(length, 1));
  put(w("2112a442b7e7a701bc34d686fa87dfae"));
  put(attributes);
  return written(from);
}

const length = memory.data(1);

function reads(digits: Slice): Binding {
  return readBinding(bytes(digits), id);
}

describe("STUN", () => {
  beforeEach(() => {
    openTestArena();
    openOutput();
  });

  it("asks with 20 bytes", () => {
    const from = mark();
    putBindingRequest(id);
    const request = written(from);
    const digits = mark();
    putHex(request);
    expect(equals(written(digits), w("000100002112a442b7e7a701bc34d686fa87dfae"))).toBe(true);
    expect(isStun(request)).toBe(true);
  });

  it("is told from SIP by its first two bits and its cookie", () => {
    expect(isStun(bytes(w("000100002112a442b7e7a701bc34d686fa87df")))).toBe(false);
    expect(isStun(bytes(w("000100002112a443b7e7a701bc34d686fa87dfae")))).toBe(false);
    expect(isStun(bytes(w("400100002112a442b7e7a701bc34d686fa87dfae")))).toBe(false);
    expect(isStun(w("INVITE sip:bob@biloxi.com SIP/2.0\r\n"))).toBe(false);
    expect(isStun(w("\r\n\r\n"))).toBe(false);
    expect(isStun(w(""))).toBe(false);
  });

  // RFC 5769 §2.2.
  it("reads the IPv4 response of the test vectors", () => {
    const binding = reads(
      w(
        "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96",
      ),
    );
    expect(binding).toBe(Binding.Success);
    expect(equals(mappedAddress, w("192.0.2.1"))).toBe(true);
    expect(mappedPort).toBe(32853);
  });

  // RFC 5769 §2.3.
  it("reads the IPv6 response of the test vectors", () => {
    const binding = reads(
      w(
        "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c",
      ),
    );
    expect(binding).toBe(Binding.Success);
    expect(equals(mappedAddress, w("2001:db8:1234:5678:11:2233:4455:6677"))).toBe(true);
    expect(mappedPort).toBe(32853);
  });

  it("takes the plain address of an old server, and the masked one before it", () => {
    expect(reads(success(w("000100080001138bcb007109")))).toBe(Binding.Success);
    expect(equals(mappedAddress, w("203.0.113.9"))).toBe(true);
    expect(mappedPort).toBe(5003);
    const both = w("000100080001138bcb007109002000080001a147e112a643");
    expect(reads(success(both))).toBe(Binding.Success);
    expect(equals(mappedAddress, w("192.0.2.1"))).toBe(true);
    const swapped = w("002000080001a147e112a643000100080001138bcb007109");
    expect(reads(success(swapped))).toBe(Binding.Success);
    expect(equals(mappedAddress, w("192.0.2.1"))).toBe(true);
  });

  it("takes an old server's other addresses for what they are, and writes zero groups", () => {
    // SOURCE-ADDRESS and CHANGED-ADDRESS of RFC 3489, then MAPPED-ADDRESS fe80::1.
    expect(
      reads(
        success(
          w(
            "000400080001138bcb007109000500080001138bcb007109000100140002138bfe800000000000000000000000000001",
          ),
        ),
      ),
    ).toBe(Binding.Success);
    expect(equals(mappedAddress, w("fe80:0:0:0:0:0:0:1"))).toBe(true);
  });

  it("is not the answer with another id, another type, or as a request", () => {
    expect(reads(w("010100002112a442b7e7a701bc34d686fa87dfaf"))).toBe(Binding.Other);
    expect(reads(w("011100002112a442b7e7a701bc34d686fa87dfaf"))).toBe(Binding.Other);
    expect(reads(w("000100002112a442b7e7a701bc34d686fa87dfae"))).toBe(Binding.Other);
    expect(reads(w("010200002112a442b7e7a701bc34d686fa87dfae"))).toBe(Binding.Other);
    expect(reads(w("010100002112a442"))).toBe(Binding.Other);
  });

  it("fails with an error, without an address, and with anything cut or not understood", () => {
    expect(reads(w("011100002112a442b7e7a701bc34d686fa87dfae"))).toBe(Binding.Failure);
    expect(reads(success(w("")))).toBe(Binding.Failure);
    // The length of the message is not what came.
    expect(reads(w("010100042112a442b7e7a701bc34d686fa87dfae"))).toBe(Binding.Failure);
    expect(reads(w("0101000c2112a442b7e7a701bc34d686fa87dfae002000080001a147e112a643ff"))).toBe(
      Binding.Failure,
    );
    expect(reads(success(w("0020000800")))).toBe(Binding.Failure);
    // The attribute is longer than what is left.
    expect(reads(success(w("0020000900000000")))).toBe(Binding.Failure);
    expect(reads(success(w("0020ffff0001a147e112a643")))).toBe(Binding.Failure);
    // Family and length do not fit, or the family is none.
    expect(reads(success(w("002000080002a147e112a643")))).toBe(Binding.Failure);
    expect(reads(success(w("002000140001a1470113a9faa5d3f179bc25f4b5bed2b9d9")))).toBe(Binding.Failure);
    expect(reads(success(w("002000080003a147e112a643")))).toBe(Binding.Failure);
    expect(reads(success(w("00200000")))).toBe(Binding.Failure);
    // Port 0 is nobody's.
    expect(reads(success(w("0001000800010000cb007109")))).toBe(Binding.Failure);
    // An attribute that has to be understood (RFC 5389 §7.3.3); another one need not.
    expect(reads(success(w("7fff0000002000080001a147e112a643")))).toBe(Binding.Failure);
    expect(reads(success(w("80000003aabbcc00002000080001a147e112a643")))).toBe(Binding.Success);
  });
});
