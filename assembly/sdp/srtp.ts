// SRTP by keys in the descriptions (RFC 4568): the a=crypto lines that we take, and ours.

import { lineAt } from "../bytes/lines";
import {
  byteAt,
  end,
  equals,
  indexOf,
  lower,
  size,
  Slice,
  start,
  startsWithIgnoringCase,
  w,
} from "../bytes/slice";
import { putMediaKey } from "../crypto/media-key";
import { putByte, putNumber } from "../output/output";
import { Attributes } from "./attributes";
import { Crypto, parseCrypto } from "./crypto";
import { firstWord, rest } from "./lines";
import { LocalMedia } from "./local-media";
import { beginAttribute, endAttribute, putWord } from "./put-attribute";

/** Digits of base64 that both suites' keys have (§6.2.1, §6.2.2). */
const KEY_DIGITS: i32 = 40;

/** The lines that were agreed on, with what each side sends by: good as long as the two descriptions. */
export const theirs = changetype<Crypto>(memory.data(offsetof<Crypto>(), 8));
export const mine = changetype<Crypto>(memory.data(offsetof<Crypto>(), 8));

const lines = changetype<Attributes>(memory.data(offsetof<Attributes>(), 8));

/** Ours, most wanted first. */
function suiteAt(place: i32): Slice {
  return lineAt(w("AES_CM_128_HMAC_SHA1_80\nAES_CM_128_HMAC_SHA1_32"), place);
}

/** The first line that we can take; with a `tag` that is not -1 the one that has it. */
export function findCrypto(text: Slice, out: Crypto, tag: i32): bool {
  lines.open(text);
  while (lines.nextNamed(w("crypto"))) {
    if (parseCrypto(lines.value, out) && isUsable(out) && (tag < 0 || out.tag == tag)) return true;
  }
  return false;
}

/** The one line of an answer takes one of our offer's: the same tag, the same suite (§5.1.3). */
export function takesOurs(answer: Slice, offer: Slice): bool {
  return (
    findCrypto(answer, theirs, -1) &&
    !lines.nextNamed(w("crypto")) &&
    findCrypto(offer, mine, theirs.tag) &&
    equals(mine.suite, theirs.suite)
  );
}

/** One for each suite. */
export function putOffered(local: LocalMedia): void {
  putOurs(local, 1, suiteAt(0));
  putOurs(local, 2, suiteAt(1));
}

export function putOurs(local: LocalMedia, tag: i32, suite: Slice): void {
  beginAttribute(w("crypto"));
  putNumber(tag);
  putWord(suite);
  putByte(32);
  // Each suite has its own key (§6.1): their names differ in the last letter.
  putMediaKey(local.keyName, byteAt(suite, size(suite) - 1));
  endAttribute();
}

/** A suite of ours, one key as long as it needs, and nothing that the phone's media would have to do besides. */
function isUsable(crypto: Crypto): bool {
  const isOurs = equals(crypto.suite, suiteAt(0)) || equals(crypto.suite, suiteAt(1));
  return isOurs && indexOf(crypto.keyParams, 0x3b) < 0 && isKey(crypto.key) && isPlain(crypto.sessionParams);
}

// Stars are what a recording has instead of a key: it replays with them.
function isKey(text: Slice): bool {
  for (let p = start(text); p < end(text); p++) {
    const byte = load<u8>(p);
    if (byte - 0x2f >= 11 && byte - 0x2a >= 2 && lower(byte) - 0x61 >= 26) return false;
  }
  return size(text) == KEY_DIGITS;
}

/** Only what may be ignored: a hint for the window (§6.3.6), and what begins with a dash (§6.3.7). */
function isPlain(sessionParams: Slice): bool {
  for (let words = sessionParams; size(words) > 0; words = rest) {
    const word = firstWord(words);
    if (byteAt(word, 0) != 0x2d && !startsWithIgnoringCase(word, w("WSH="))) return false;
  }
  return true;
}
