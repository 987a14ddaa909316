// Feature tags among the parameters of a Contact: what a user agent says that it can do (RFC 3840 §9).

import { isPresent, size, Slice, trim, w } from "../bytes/slice";
import { firstWord, otherWords } from "./grammar";

import { Method, methodOf } from "./method";
import { parameter, unquote } from "./parameters";
import { hasWord } from "./token-list";

/** `audio`, `isfocus`, `+sip.rendering`: there, and not said to be false. */
export function hasFeature(params: Slice, tag: Slice): bool {
  return isPresent(parameter(params, tag)) && !featureHas(params, tag, w("FALSE"));
}

/** The list of values of a tag, `tag="a,b"`, holds that one, in any case. */
export function featureHas(params: Slice, tag: Slice, value: Slice): bool {
  return hasWord(unquote(parameter(params, tag)), value);
}

/** A bit `1 << method` for each method of `methods="..."`; 0 if it says nothing. */
export function featureMethods(params: Slice): u32 {
  return methodsIn(unquote(parameter(params, w("methods"))));
}

/** The same of any list with commas. Names that are not known have no bit. */
export function methodsIn(list: Slice): u32 {
  let methods: u32 = 0;
  for (let rest = list; size(rest) > 0; rest = otherWords(rest)) {
    methods |= 1 << methodOf(trim(firstWord(rest)));
  }
  return methods & ~((<u32>1) << Method.Other);
}
