// Passwords of accounts, found in what is provisioned and set, and overwritten wherever they stand.
//
// The module does not tell them, and a snapshot of its memory holds them: who stores one overwrites them there.

const STAR = 0x2a;

/** `key = value` where the key is of a password; blanks around the value are not part of it. */
const LINE = /^([^=\r\n]*password[^=\r\n]*=[ \t]*)([^\r\n]*?)([ \t]*)$/gim;

/** It takes a value away and is none. */
const NO_VALUE = "%NULL%";

export class Passwords {
  private readonly known = new Set<string>();

  /** The text of a configuration file with `*` over its passwords, which are known from now on. */
  hideInFile(text: Uint8Array): Buffer {
    const shown = Buffer.from(text).toString("latin1");
    return Buffer.from(
      shown.replace(
        LINE,
        (_, key: string, value: string, blanks: string) => key + this.hidden(value) + blanks,
      ),
      "latin1",
    );
  }

  /** The value of a setting, the same. */
  hideValue(key: Uint8Array, value: Uint8Array): Uint8Array {
    if (!/password/i.test(Buffer.from(key).toString("latin1"))) return value;
    return Buffer.from(
      Buffer.from(value)
        .toString("latin1")
        .replace(/\S(.*\S)?/s, (word) => this.hidden(word)),
      "latin1",
    );
  }

  /** Overwrites every password that is known in `memory` itself. */
  hideIn(memory: Uint8Array): void {
    const bytes = Buffer.from(memory.buffer, memory.byteOffset, memory.byteLength);
    for (const password of this.known) {
      const wanted = Buffer.from(password, "latin1");
      for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + wanted.length))
        bytes.fill(STAR, at, at + wanted.length);
    }
  }

  private hidden(value: string): string {
    if (value === "" || value === NO_VALUE) return value;
    this.known.add(value);
    return "*".repeat(value.length);
  }
}
