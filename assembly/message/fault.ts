// What is wrong with a message, as a number and in few words.

import { reserve } from "../bytes/arena";
import { lineAt } from "../bytes/lines";
import { size, Slice, slice, start, w } from "../bytes/slice";
import { Header, headerName } from "./header";

/** In the order of the words in `plainReason`; the last four begin a group of ten. */
export const enum ParseFault {
  None = 0,
  /** Nothing but line ends. */
  Empty = 1,
  BadStartLine = 2,
  BadMethod = 3,
  BadRequestUri = 4,
  BadVersion = 5,
  BadStatus = 6,
  /** A CR without LF. */
  BadLineEnd = 7,
  BadHeaderName = 8,
  ControlByte = 9,
  /** No empty line behind the header. */
  Truncated = 10,
  StartLineTooLong = 11,
  HeaderTooLong = 12,
  TooManyHeaders = 13,
  BadContentLength = 14,
  /** Shorter than its Content-Length. */
  BodyTooShort = 15,
  MethodMismatch = 16,
  BodyTooLong = 17,
  // From here on a fault is the group plus a Header up to RecordRoute.
  Missing = 20,
  Bad = 30,
  Repeated = 40,
  TooMany = 50,
}

const REASON_BYTES: usize = 32;

let reason: usize = 0;

export function openFaults(): void {
  reason = reserve(REASON_BYTES);
}

/** The fault of a group that concerns that header field (Via to RecordRoute). */
export function faultOf(group: ParseFault, header: Header): ParseFault {
  return <ParseFault>(group + header);
}

/** A reason phrase such as "Missing Call-ID"; good until the next call of this function. */
export function faultReason(fault: ParseFault): Slice {
  if (fault < ParseFault.Missing) return plainReason(fault);
  const header = fault % 10;
  const words = lineAt(w("Missing \nBad \nRepeated \nToo Many "), fault / 10 - 2);
  const name = headerName(<Header>header);
  memory.copy(reason, start(words), size(words));
  memory.copy(reason + size(words), start(name), size(name));
  return slice(reason, size(words) + size(name));
}

/** The status of the answer to a request with that fault; 0 for None. */
export function faultStatus(fault: ParseFault): i32 {
  if (fault >= ParseFault.TooMany) return 513;
  switch (fault) {
    case ParseFault.None:
      return 0;
    case ParseFault.BadVersion:
      return 505;
    case ParseFault.StartLineTooLong:
      return 414;
    case ParseFault.BodyTooLong:
      return 413;
    case ParseFault.HeaderTooLong:
    case ParseFault.TooManyHeaders:
      return 513;
    default:
      return 400;
  }
}

function plainReason(fault: ParseFault): Slice {
  return lineAt(
    w(`OK
Empty Message
Bad Start Line
Bad Method
Bad Request-URI
Version Not Supported
Bad Status
Bad Line End
Bad Header Name
Control Byte
No End of Header
Request-URI Too Long
Header Line Too Long
Too Many Headers
Bad Content-Length
Body Too Short
CSeq Method Mismatch
Body Too Long`),
    fault,
  );
}
