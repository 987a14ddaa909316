// a=crypto: tag SP suite SP key-params *( SP session-param )   (RFC 4568 §9.1)
//
// The key of an SRTP stream: "inline:" key-and-salt [ "|" lifetime ] [ "|" MKI ":" length ].

import { reserve } from "../bytes/arena";
import {
  byteAt,
  decimal,
  EMPTY,
  equals,
  indexOf,
  size,
  slice,
  Slice,
  start,
  startsWithIgnoringCase,
  tail,
  w,
} from "../bytes/slice";
import { putNumber } from "../output/output";
import { before, behind } from "../message/grammar";
import { firstWord, rest } from "./lines";
import { beginAttribute, endAttribute, putWord } from "./put-attribute";


@unmanaged
export class Crypto {
  suite: Slice;
  /** One or several, as they stand. */
  keyParams: Slice;
  /** As they stand; of size 0 without any. */
  sessionParams: Slice;
  /** Master key and salt in base64, of the first of the keyParams. */
  key: Slice;
  /** The master key identifier; EMPTY without one. */
  mki: Slice;
  /** Packets; 0 for the suite's own. */
  lifetime: i64;
  /** Bytes; 0 without a master key identifier. */
  mkiLength: i32;
  tag: i32;
}

export function newCrypto(): Crypto {
  return changetype<Crypto>(reserve(offsetof<Crypto>()));
}

/** The attribute's value. False if it is not well formed, or its key comes in another way than inline. */
export function parseCrypto(value: Slice, out: Crypto): bool {
  out.tag = <i32>decimal(firstWord(value), 999999999);
  out.suite = firstWord(rest);
  out.keyParams = firstWord(rest);
  out.sessionParams = rest;
  return out.tag >= 0 && takeKey(before(out.keyParams, 0x3b), out);
}

/** A line with everything as it came. */
export function putCrypto(crypto: Crypto): void {
  beginAttribute(w("crypto"));
  putNumber(crypto.tag);
  putWord(crypto.suite);
  putWord(crypto.keyParams);
  putWord(crypto.sessionParams);
  endAttribute();
}

function takeKey(param: Slice, out: Crypto): bool {
  out.mki = EMPTY;
  out.mkiLength = 0;
  out.lifetime = 0;
  const text = tail(param, 7);
  // Letter for letter: by that a host finds keys in memory.
  if (size(text) < 0 || byteAt(param, 6) != 0x3a || !equals(slice(start(param), 6), w("inline")))
    return false;
  out.key = before(text, 0x7c);
  const options = behind(text, 0x7c);
  return (
    size(out.key) > 0 && takeOption(before(options, 0x7c), out) && takeOption(behind(options, 0x7c), out)
  );
}

/** A lifetime, or an MKI and its length, which has a colon. */
function takeOption(text: Slice, out: Crypto): bool {
  if (size(text) == 0) return true;
  if (indexOf(text, 0x3a) < 0) return takeLifetime(text, out);
  out.mki = before(text, 0x3a);
  out.mkiLength = <i32>decimal(behind(text, 0x3a), 128);
  return out.mkiLength > 0 && decimal(out.mki, i64.MAX_VALUE) >= 0;
}

/** [ "2^" ] 1*DIGIT */
function takeLifetime(text: Slice, out: Crypto): bool {
  const isPower = startsWithIgnoringCase(text, w("2^"));
  const number = isPower ? decimal(tail(text, 2), 48) : decimal(text, 1 << 48);
  out.lifetime = isPower && number >= 0 ? 1 << number : number;
  return out.lifetime > 0;
}
