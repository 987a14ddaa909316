// Keys of media in linear memory (docs/abi.md, "Keys of media"): overwritten before it is written to a file.

/** It stands before each of them. */
const MARK = Buffer.from("inline:");
const STAR = 0x2a;
/** What stands behind a key may look like more of it. */
const MOST_DIGITS = 40;

/** Overwrites every key in `memory` itself. */
export function hideMediaKeys(memory: Uint8Array): void {
  const bytes = Buffer.from(memory.buffer, memory.byteOffset, memory.byteLength);
  for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, at)) {
    at += MARK.length;
    for (const end = at + MOST_DIGITS; at < end && isDigit(bytes[at]); at++) bytes[at] = STAR;
  }
}

/** Of base64. */
function isDigit(byte = 0): boolean {
  return /[A-Za-z0-9+/=]/.test(String.fromCharCode(byte));
}
