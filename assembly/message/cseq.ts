// CSeq = 1*DIGIT LWS Method   (RFC 3261 §20.16)

import { reserve } from "../bytes/arena";
import { between, end, isDigit, Slice, start } from "../bytes/slice";
import { put, putByte, putNumber } from "../output/output";
import { isToken, skipFolded } from "./grammar";
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
  const stop = end(value);
  const from = start(value);
  let p = from;
  let number: u64 = 0;
  for (; p < stop && isDigit(load<u8>(p)) && number <= 0xffffffff; p++) {
    number = number * 10 + <u64>(load<u8>(p) - 48);
  }
  const behindBlanks = skipFolded(p, stop);
  out.number = <u32>number;
  out.methodText = between(behindBlanks, stop);
  return p > from && number <= 0xffffffff && behindBlanks > p && isToken(out.methodText);
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
