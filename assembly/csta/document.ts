// Documents of ECMA-323, written from forms: `a(b(x)c())` is <a><b>x</b><c></c></a>, and some marks stand for what is
// known only now.
//
//   # monitor   @ our device   ! call   ? state of the connection   , caller   ; called
//   & our connection   * that of the called device   %, < and >: our device, caller and called as a choice of devices

import { between, end, indexOf, Slice, start, w } from "../bytes/slice";
import { lineAt } from "../bytes/lines";
import { put, putByte, putNumber } from "../output/output";
import { Call } from "../session/call";
import { partyOf } from "../session/party";
import { putEscaped } from "../xml/escapes";
import { Link } from "./link";

/** Where a call is for whoever watches it: as much as the other side has heard of it. */
export const enum Stage {
  None = 0,
  Initiated,
  Originated,
  Delivered,
  Established,
  Held,
  Failed,
}

// What the marks stand for.
let link: Link = changetype<Link>(0);
let call: Call | null = null;
let number: u32 = 0;
let stage: Stage = Stage.None;

/** From now on forms are about this call; null for one that is over. */
export function aim(l: Link, c: Call | null, n: u32, s: Stage): void {
  link = l;
  call = c;
  number = n;
  stage = s;
}

export function beginDocument(name: Slice, suffix: Slice): void {
  put(w('<?xml version="1.0" encoding="UTF-8"?>\r\n<'));
  put(name);
  put(suffix);
  put(w(' xmlns="http://www.ecma-international.org/standards/ecma-323/csta/ed'));
  putByte(link.edition);
  put(w('">'));
}

export function endElement(name: Slice, suffix: Slice): void {
  put(w("</"));
  put(name);
  put(suffix);
  putByte(0x3e);
}

export function putForm(form: Slice): void {
  putPart(start(form), end(form));
}

/** Up to the bracket that closes what is open; answers the address behind it. */
function putPart(p: usize, stop: usize): usize {
  let from = p;
  while (p < stop) {
    const byte = load<u8>(p++);
    if (byte > 0x40) continue;
    const text = between(from, p - 1);
    if (byte == 0x28) {
      putByte(0x3c);
      put(text);
      putByte(0x3e);
      p = putPart(p, stop);
      endElement(text, 0);
    } else {
      put(text);
      if (byte == 0x29) return p;
      putMark(byte);
    }
    from = p;
  }
  put(between(from, p));
  return p;
}

function putMark(byte: u8): void {
  const mark = indexOf(w("#!@?,;&*%<>"), byte);
  switch (mark) {
    case 0:
      return putNumber(link.crossRef);
    case 1:
      return putNumber(number);
    case 2:
      return put(link.device);
    case 3:
      return put(lineAt(w("null\ninitiated\nconnected\nalerting\nconnected\nhold\nfail"), stateOf()));
    case 4:
    case 5:
      return putDevice(mark == 5);
    default:
      putForm(
        lineAt(
          w(
            "callID(!)deviceID(@)\ncallID(!)deviceID(;)\ndeviceIdentifier(@)\ndeviceIdentifier(,)\ndeviceIdentifier(;)",
          ),
          mark - 6,
        ),
      );
  }
}

// To the caller the alerting connection is the other one.
function stateOf(): i32 {
  return stage == Stage.Delivered && call && call!.isOutgoing ? Stage.Originated : stage;
}

/** The caller's, or that of the called. */
function putDevice(isCalled: bool): void {
  const c = call;
  if (c && c.isOutgoing == isCalled) putEscaped(partyOf(c));
  else put(link.device);
}
