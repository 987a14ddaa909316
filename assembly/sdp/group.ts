// a=group: semantics *( SP mid ), and a=mid: the name of a section (RFC 5888 §4, §5; BUNDLE: RFC 8843)

import { equals, equalsIgnoringCase, size, Slice, w } from "../bytes/slice";
import { attributeIn, Attributes, sessionLines } from "./attributes";
import { firstWord, rest } from "./lines";
import { SessionDescription } from "./session-description";

/** `BUNDLE`, `LS` ... of a group's value. */
export function groupSemantics(value: Slice): Slice {
  return firstWord(value);
}

/** The group's value names that section. */
export function groupHas(value: Slice, mid: Slice): bool {
  firstWord(value);
  while (size(rest) > 0) {
    if (equals(firstWord(rest), mid)) return true;
  }
  return false;
}

/** The value of the first group with these semantics; EMPTY without one. */
export function findGroup(all: Attributes, d: SessionDescription, semantics: Slice): Slice {
  all.open(sessionLines(d));
  while (all.nextNamed(w("group"))) {
    if (equalsIgnoringCase(groupSemantics(all.value), semantics)) return all.value;
  }
  return 0;
}

/** EMPTY without a name. */
export function midOf(d: SessionDescription, index: i32): Slice {
  return attributeIn(d.media(index).lines, w("mid"));
}

/** Index of the section with that name; -1 for none. */
export function sectionNamed(d: SessionDescription, mid: Slice): i32 {
  for (let i = 0; i < d.mediaCount; i++) {
    const own = midOf(d, i);
    if (size(own) > 0 && equals(own, mid)) return i;
  }
  return -1;
}
