// RSeq = response-num, RAck = response-num LWS CSeq-num LWS Method   (RFC 3262 §7, §10)

import { reserve } from "../bytes/arena";
import { byteAt, decimal, isBlank, size, Slice, tail, trim } from "../bytes/slice";
import { putByte, putNumber } from "../output/output";
import { CSeq, newCSeq, parseCSeq, putCSeqValue } from "./cseq";
import { leadingDigits } from "./grammar";
import { Header } from "./header";
import { Message } from "./message";
import { numberIn } from "./number";
import { beginRow, endRow, putNumberRow } from "./row";


@unmanaged
export class RAck {
  /** Of the request whose response is acknowledged. */
  cseq: CSeq;
  rseq: u32;
}

export function newRAck(): RAck {
  const rack = changetype<RAck>(reserve(offsetof<RAck>()));
  rack.cseq = newCSeq();
  return rack;
}

export function parseRAck(value: Slice, out: RAck): bool {
  const digits = leadingDigits(value);
  const rest = tail(value, size(digits));
  const number = decimal(digits);
  out.rseq = <u32>number;
  return number > 0 && size(rest) > 0 && isBlank(byteAt(rest, 0)) && parseCSeq(trim(rest), out.cseq);
}

export function putRAck(rack: RAck): void {
  beginRow(Header.RAck);
  putNumber(rack.rseq);
  putByte(32);
  putCSeqValue(rack.cseq.number, rack.cseq.methodText);
  endRow();
}

/** 1..2**32-1; ABSENT or MALFORMED if it is negative, 0 if it is the number that none may have. */
export function rseq(m: Message): i64 {
  return numberIn(m, Header.RSeq);
}

export function putRSeq(number: u32): void {
  putNumberRow(Header.RSeq, number);
}
