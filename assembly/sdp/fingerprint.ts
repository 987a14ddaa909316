// a=fingerprint: hash-func SP 2HEX *( ":" 2HEX )   (RFC 8122 §5), the certificate of a DTLS stream

import { reserve } from "../bytes/arena";
import { end, equalsIgnoringCase, size, Slice, start, w } from "../bytes/slice";
import { put } from "../output/output";
import { Class, isOf, isToken } from "../message/grammar";
import { firstWord, rest } from "./lines";
import { beginAttribute, endAttribute, putWord } from "./put-attribute";


@unmanaged
export class Fingerprint {
  hash: Slice;
  /** As written, colons included. */
  digest: Slice;
}

export function newFingerprint(): Fingerprint {
  return changetype<Fingerprint>(reserve(offsetof<Fingerprint>()));
}

/** The attribute's value. False if it is not well formed, or too long or short for a hash that is known. */
export function parseFingerprint(value: Slice, out: Fingerprint): bool {
  out.hash = firstWord(value);
  out.digest = rest;
  const bytes = hashBytes(out.hash);
  return isToken(out.hash) && isDigest(out.digest) && (bytes == 0 || size(out.digest) == bytes * 3 - 1);
}

export function putFingerprint(fingerprint: Fingerprint): void {
  beginAttribute(w("fingerprint"));
  put(fingerprint.hash);
  putWord(fingerprint.digest);
  endAttribute();
}

/** The same certificate: letter case does not count. */
export function sameFingerprint(a: Fingerprint, b: Fingerprint): bool {
  return equalsIgnoringCase(a.hash, b.hash) && equalsIgnoringCase(a.digest, b.digest);
}

function hashBytes(hash: Slice): i32 {
  if (equalsIgnoringCase(hash, w("sha-256"))) return 32;
  if (equalsIgnoringCase(hash, w("sha-1"))) return 20;
  if (equalsIgnoringCase(hash, w("sha-384"))) return 48;
  return equalsIgnoringCase(hash, w("sha-512")) ? 64 : 0;
}

/** Pairs of hexadecimal digits with colons between them. */
function isDigest(s: Slice): bool {
  let place = 0;
  for (let p = start(s); p < end(s); p++, place++) {
    const byte = load<u8>(p);
    if (place % 3 == 2 ? byte != 0x3a : !isOf(byte, Class.Hex)) return false;
  }
  return place % 3 == 2;
}
