// Damage to a message, of the kinds that find bugs in parsers.

import { Random } from "../support/random.js";

/** As long as anything that the phone takes. */
const LONGEST = 60_000;

const TOKENS = [
  "\r\n",
  "\r",
  "\n",
  "\r\n\r\n",
  "\r\n ",
  "\0",
  "\x7f",
  "\xff",
  "\t",
  " ",
  ";",
  ":",
  ",",
  "<",
  ">",
  "<>",
  "@",
  "%",
  "%4",
  "%00",
  '"',
  '"\\',
  "\\",
  "=",
  ";;",
  ";tag=",
  ";branch=",
  ";branch=z9hG4bK",
  ";lr",
  ";rport",
  ";received=",
  "sip:",
  "sips:",
  "tel:",
  "[",
  "]",
  "[::1]",
  "[::ffff:192.0.2.1]",
  "-1",
  "0",
  "4294967295",
  "4294967296",
  "99999999999999999999",
  "SIP/2.0",
  "INVITE",
  "ACK",
  "BYE",
  "CANCEL",
  "UPDATE",
  "OPTIONS",
  "NEWMETHOD",
  "\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK1",
  "\r\nContent-Length: 5",
  "\r\nContent-Length: 99999999999",
  "\r\nContent-Type: application/sdp",
  "\r\nContact: *",
  "\r\nContact: <>",
  "\r\nRoute: <sip:a;lr>",
  "\r\nRecord-Route: <sip:b;lr>",
  "\r\nRequire: timer",
  "\r\nSupported: timer",
  "\r\nSession-Expires: 0",
  "\r\nSession-Expires: 90;refresher=uas",
  "\r\nMin-SE: 7200",
  "\r\nAccept:",
  "\r\nCSeq: 0 INVITE",
  "\r\nMax-Forwards: 0",
  "\r\nFrom: <sip:x>;tag=y",
  "\r\nTo: x",
  "\r\nv=0",
  "\r\nm=audio 0 RTP/AVP 0",
  "\r\nm=audio 65536 X",
  "\r\na=rtpmap:",
  "\r\na=fmtp:",
  "\r\nc=IN IP6 ::",
  "\r\na=sendonly",
].map((token) => Buffer.from(token, "latin1"));

/** `base` with one to four wounds; the others of `pool` lend parts. */
export function mutate(random: Random, base: Buffer, pool: readonly Buffer[]): Buffer {
  let bytes: Buffer = Buffer.from(base);
  for (let wounds = random.between(1, 4); wounds > 0; wounds--) bytes = wound(random, bytes, pool);
  return bytes.length > LONGEST ? bytes.subarray(0, LONGEST) : bytes;
}

function wound(random: Random, bytes: Buffer, pool: readonly Buffer[]): Buffer {
  const at = random.below(bytes.length + 1);
  switch (random.below(7)) {
    case 0:
    case 1:
      return flip(random, bytes);
    case 2:
      return random.chance(0.5) ? bytes.subarray(0, at) : cutOut(random, bytes, at);
    case 3: {
      const other = random.pick(pool);
      return Buffer.concat([bytes.subarray(0, at), other.subarray(random.below(other.length + 1))]);
    }
    case 4:
      return repeat(random, bytes, at);
    default:
      return Buffer.concat([bytes.subarray(0, at), random.pick(TOKENS), bytes.subarray(at)]);
  }
}

function flip(random: Random, bytes: Buffer): Buffer {
  if (bytes.length === 0) return bytes;
  for (let flips = random.between(1, 8); flips > 0; flips--) {
    const place = random.below(bytes.length);
    bytes[place] = (bytes[place] as number) ^ (1 << random.below(8));
  }
  return bytes;
}

function cutOut(random: Random, bytes: Buffer, at: number): Buffer {
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.below(64))]);
}

/** A part comes twice, or very often. */
function repeat(random: Random, bytes: Buffer, at: number): Buffer {
  const part = bytes.subarray(at, at + random.between(1, 100));
  const times = random.chance(0.02) ? random.between(100, 1000) : random.between(1, 4);
  return Buffer.concat([
    bytes.subarray(0, at),
    ...Array.from({ length: times }, () => part),
    bytes.subarray(at),
  ]);
}
