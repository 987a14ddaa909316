// Text in lines, as provisioning and boot files are: they end at LF or CRLF, the last one at the end.

import {
  between,
  end,
  indexOf,
  slice,
  Slice,
  start,
  startsWithIgnoringCase,
  tail,
  trim,
  w,
} from "../bytes/slice";

/** Without a byte order mark. */
export function withoutMark(text: Slice): Slice {
  return startsWithIgnoringCase(text, w("\ufeff")) ? tail(text, 3) : text;
}

/** The first line, without its end and without blanks around it. */
export function firstLine(text: Slice): Slice {
  return trim(beforeByte(text, 10));
}

export function afterFirstLine(text: Slice): Slice {
  return afterByte(text, 10);
}

/** Up to the first such byte, or everything. */
export function beforeByte(text: Slice, byte: u8): Slice {
  const length = indexOf(text, byte);
  return length < 0 ? text : slice(start(text), length);
}

/** What follows the first such byte, or nothing. */
export function afterByte(text: Slice, byte: u8): Slice {
  const length = indexOf(text, byte);
  return length < 0 ? between(end(text), end(text)) : tail(text, length + 1);
}
