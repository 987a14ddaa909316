// CSeq = 1*DIGIT LWS Method   (RFC 3261 §20.16)

import { reserve } from "../bytes/arena";
import { decimal, size, Slice, tail, trim } from "../bytes/slice";
import { put, putByte, putNumber } from "../output/output";
import { isToken, leadingDigits } from "./grammar";
import { Header } from "./header";
import { beginRow, endRow } from "./row";


@unmanaged
export class CSeq {
  methodText: Slice;
  number: u32;
}

export function newCSeq(): CSeq {
  return changetype<CSeq>(reserve(offsetof<CSeq>()));
}

/** False above 2**32-1; from 2**31 on, which nobody should send, it is taken as it is. */
export function parseCSeq(value: Slice, out: CSeq): bool {
  const digits = leadingDigits(value);
  const rest = tail(value, size(digits));
  const number = decimal(digits);
  out.number = <u32>number;
  out.methodText = trim(rest);
  return number >= 0 && size(out.methodText) < size(rest) && isToken(out.methodText);
}

export function putCSeq(number: u32, method: Slice): void {
  beginRow(Header.CSeq);
  putCSeqValue(number, method);
  endRow();
}

/** Without a name: RAck has it too. */
export function putCSeqValue(number: u32, method: Slice): void {
  putNumber(number);
  putByte(32);
  put(method);
}
