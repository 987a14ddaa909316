// Allow = [ Method *( "," Method ) ]   (RFC 3261 §20.5)

import { w } from "../bytes/slice";
import { put } from "../output/output";
import { methodsIn } from "./feature";
import { Header } from "./header";
import { Message } from "./message";
import { methodName } from "./method";
import { beginRow, endRow } from "./row";

/** A bit `1 << method` for each that is known here; 0 also where the field is missing, which says nothing. */
export function allowedMethods(m: Message): u32 {
  let methods: u32 = 0;
  for (let row = m.find(Header.Allow); row >= 0; row = m.find(Header.Allow, row + 1)) {
    methods |= methodsIn(m.value(row));
  }
  return methods;
}

/** In the order of Method. */
export function putAllow(methods: u32): void {
  beginRow(Header.Allow);
  let left = methods;
  for (; left; left &= left - 1) {
    if (left != methods) put(w(", "));
    put(methodName(<i32>ctz(left)));
  }
  endRow();
}
