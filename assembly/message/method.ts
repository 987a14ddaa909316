// The methods of RFC 3261 and its extensions.

import { reserve } from "../bytes/arena";
import { equals, size, Slice, start, w } from "../bytes/slice";
import { firstWord, otherWords } from "./grammar";

export const enum Method {
  Other = 0,
  Invite = 1,
  Ack = 2,
  Bye = 3,
  Cancel = 4,
  Options = 5,
  Update = 6,
  Register = 7,
  Info = 8,
  Prack = 9,
  Subscribe = 10,
  Notify = 11,
  Refer = 12,
  Message = 13,
  Publish = 14,
}

const METHODS = 15;

let names: usize = 0; // one Slice for each Method

export function openMethods(): void {
  names = reserve(METHODS * 8);
  let words = w(
    "INVITE,ACK,BYE,CANCEL,OPTIONS,UPDATE,REGISTER,INFO,PRACK,SUBSCRIBE,NOTIFY,REFER,MESSAGE,PUBLISH",
  );
  for (let m = 1; m < METHODS; m++) {
    store<u64>(names + m * 8, firstWord(words));
    words = otherWords(words);
  }
}

/** Case-sensitive, as §7.1 says. */
export function methodOf(text: Slice): Method {
  if (size(text) < 3) return Method.Other;
  for (let m = 1; m < METHODS; m++) {
    const name = methodName(m);
    if (size(name) == size(text) && load<u8>(start(name)) == load<u8>(start(text)) && equals(text, name))
      return m;
  }
  return Method.Other;
}

/** EMPTY for Other. */
export function methodName(method: Method): Slice {
  return load<u64>(names + method * 8);
}
