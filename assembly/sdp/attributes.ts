// The a= lines of a description, one after the other, and those of one name (RFC 8866 §5.13).

import { reserve } from "../bytes/arena";
import { between, EMPTY, end, equals, isPresent, slice, Slice, start } from "../bytes/slice";
import { line, lineType, lineValue, readLine } from "./lines";
import { attributeName, attributeValue } from "./media-description";
import { SessionDescription } from "./session-description";

/** `open`, then `next` while it is true. */
@unmanaged
export class Attributes {
  name: Slice;
  /** EMPTY for an attribute without a colon. */
  value: Slice;
  at: usize;
  stop: usize;

  /** The lines of a section, or of the whole description. */
  open(lines: Slice): void {
    this.at = start(lines);
    this.stop = end(lines);
  }

  next(): bool {
    while (this.at != 0 && this.at < this.stop) {
      this.at = readLine(this.at, this.stop);
      if (lineType(line) == 0x61) {
        this.take(lineValue(line));
        return true;
      }
    }
    return false;
  }

  /** Goes on to the next one of that name. */
  nextNamed(name: Slice): bool {
    while (this.next()) {
      if (equals(this.name, name)) return true;
    }
    return false;
  }

  take(attribute: Slice): void {
    this.name = attributeName(attribute);
    this.value = attributeValue(attribute);
  }
}

const one = changetype<Attributes>(memory.data(offsetof<Attributes>(), 8));

/** Walks over them by hand, where there may be several of a name. */
export function newAttributes(): Attributes {
  return changetype<Attributes>(reserve(offsetof<Attributes>()));
}

/** The value of the first one of that name; of size 0, but present, without a value; EMPTY without it. */
export function attributeIn(lines: Slice, name: Slice): Slice {
  one.open(lines);
  if (!one.nextNamed(name)) return EMPTY;
  return isPresent(one.value) ? one.value : slice(end(one.name), 0);
}

/** What a section says, or the whole description for it: setup, fingerprint, ice-ufrag, ice-pwd. */
export function attributeFor(d: SessionDescription, index: i32, name: Slice): Slice {
  const own = attributeIn(d.media(index).lines, name);
  return isPresent(own) ? own : attributeIn(sessionLines(d), name);
}

/** What stands in front of the first section, its m= line, which is no attribute, included. */
export function sessionLines(d: SessionDescription): Slice {
  return d.mediaCount == 0 ? d.bytes : between(start(d.bytes), start(d.media(0).lines));
}
