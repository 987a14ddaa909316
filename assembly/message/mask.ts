// Messages for people to look at: the secrets in them are overwritten where they stand.
//
// Secret are credentials and what proves them (RFC 3261 §22, RFC 7616 §3.5), the keys of media (RFC 4568, RFC 4567,
// RFC 4566 §5.12, RFC 8839 §5.4) and passwords of URIs. Lines are looked at one by one, wherever they stand: a message
// that is broken, or that carries another one, keeps its secrets too.

import { between, end, lower, size, Slice, start, startsWithIgnoringCase, w } from "../bytes/slice";
import { skipBlanks } from "./grammar";

const STAR: u8 = 0x2a;
const COLON: u8 = 0x3a;
const SLASH: u8 = 0x2f;
const AT: u8 = 0x40;

/** Whatever looks like a secret is one: a star too many does no harm. */
export function maskSecrets(bytes: Slice): void {
  const stop = end(bytes);
  let isSecret = false;
  for (let p = start(bytes); p < stop;) {
    const lineEnd = endOfLine(p, stop);
    const text = skipBlanks(p, lineEnd);
    // A line that begins with a blank goes on with the one before (RFC 3261 §7.3.1).
    const isFolded: bool = text > p && text < lineEnd && isSecret;
    const secret: usize = isFolded ? text : secretOf(between(text, lineEnd));
    isSecret = secret != 0;
    if (isSecret) memory.fill(secret, STAR, lineEnd - secret);
    else {
      maskPasswords(text, lineEnd);
      const crypto = behindPrefix(between(text, lineEnd), w("a=crypto"));
      if (crypto) maskKeys(crypto, lineEnd);
    }
    p = behindLineEnd(lineEnd, stop);
  }
}

/** Where the secret of a line begins; 0 if it has none. No line has two of these names. */
function secretOf(line: Slice): usize {
  const value = valueOf(line, w("Authorization")) | valueOf(line, w("Proxy-Authorization"));
  if (value) return behindScheme(value, end(line));
  return (
    valueOf(line, w("Authentication-Info")) |
    valueOf(line, w("Proxy-Authentication-Info")) |
    valueOf(line, w("a=key-mgmt")) |
    valueOf(line, w("a=ice-pwd")) |
    behindPrefix(line, w("k="))
  );
}

/** Behind the name and its colon; 0 for another name. */
function valueOf(line: Slice, name: Slice): usize {
  const stop = end(line);
  const behind = behindPrefix(line, name);
  const colon = behind ? skipBlanks(behind, stop) : stop;
  return colon < stop && load<u8>(colon) == COLON ? skipBlanks(colon + 1, stop) : 0;
}

function behindPrefix(line: Slice, prefix: Slice): usize {
  return startsWithIgnoringCase(line, prefix) ? start(line) + <usize>size(prefix) : 0;
}

/** That it is Digest is no secret. */
function behindScheme(value: usize, stop: usize): usize {
  const behind = behindPrefix(between(value, stop), w("Digest"));
  const secret = behind ? skipBlanks(behind, stop) : 0;
  return secret > behind ? secret : value;
}

// ---- keys of media ----

/** A key has more digits than any word beside it has letters (RFC 4568 §6.2, §6.3). */
const LONGEST_WORD: usize = 24;

// Suite, lifetime and the rest stay: whoever replays a recording answers by them.
function maskKeys(from: usize, stop: usize): void {
  let word = from;
  for (let p = from; p <= stop; p++) {
    if (p < stop && !isSeparator(load<u8>(p))) continue;
    if (p - word > LONGEST_WORD) memory.fill(word, STAR, p - word);
    word = p + 1;
  }
}

/** A blank, `:`, `;` or `|`. */
function isSeparator(byte: u8): bool {
  return byte <= 32 || (byte | 1) == 0x3b || byte == 0x7c;
}

// ---- passwords ----

/** userinfo = user ":" password "@" (RFC 3261 §25.1), of sip and sips, and of whatever has `//`. */
function maskPasswords(from: usize, stop: usize): void {
  for (let p = from; p < stop; p++) {
    if (load<u8>(p) != COLON) continue;
    const hasSlashes = p + 2 < stop && load<u8>(p, 1) == SLASH && load<u8>(p, 2) == SLASH;
    if (hasSlashes) maskPassword(p + 3, stop, true);
    else if (isSip(from, p)) maskPassword(p + 1, stop, false);
  }
}

function isSip(from: usize, colon: usize): bool {
  const isSecure = colon > from && lower(load<u8>(colon - 1)) == 0x73;
  const isSips =
    isSecure && colon - from >= 4 && startsWithIgnoringCase(between(colon - 4, colon), w("sips"));
  return isSips || (colon - from >= 3 && startsWithIgnoringCase(between(colon - 3, colon), w("sip")));
}

/** Up to the last `@`, in case that the password has one. */
function maskPassword(from: usize, stop: usize, hasPath: bool): void {
  let colon: usize = 0;
  let at: usize = 0;
  for (let p = from; p < stop; p++) {
    const byte = load<u8>(p);
    if (isUriEnd(byte) || (hasPath && byte == SLASH)) break;
    if (byte == COLON && !colon) colon = p;
    if (byte == AT) at = p;
  }
  if (colon && at > colon) memory.fill(colon + 1, STAR, at - colon - 1);
}

/** Blanks, `"`, `<` and `>`. */
function isUriEnd(byte: u8): bool {
  return byte <= 32 || byte == 0x22 || byte == 0x3c || byte == 0x3e;
}

// ---- lines ----

/** A lone CR ends a line too: some readers think so. */
function endOfLine(from: usize, stop: usize): usize {
  let p = from;
  while (p < stop && load<u8>(p) != 13 && load<u8>(p) != 10) p++;
  return p;
}

function behindLineEnd(p: usize, stop: usize): usize {
  return p + 1 < stop && load<u8>(p) == 13 && load<u8>(p, 1) == 10 ? p + 2 : p + 1;
}
