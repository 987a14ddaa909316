// The lines of a recording that tell of one call: what goes in, what it answers, what it says (docs/recording.md).
//
//   in sip_receive 3 "192.0.2.20" 5060 "..." @12345.5
//   = 0
//   out send 3 "192.0.2.20" 5060 "..."
//   out wake @12400

import { FieldType, RecordKind } from "./abi.js";
import { escaped, quoted, timeWord } from "./recording-words.js";

/** Parameters of every call that changes something: n a number, p the length of a piece of input, t a time. */
export const CALLS: Readonly<Record<string, string>> = {
  sip_init: "p",
  sip_seed: "p",
  sip_provision: "pn",
  sip_boot: "pp",
  sip_start: "t",
  sip_flow_opened: "npnpnpt",
  sip_accepted: "npnpnpt",
  sip_flow_closed: "nt",
  sip_receive: "npnpt",
  sip_send_failed: "npnt",
  sip_resolved: "npt",
  sip_tick: "t",
  sip_end_due: "t",
  sip_survived: "nt",
  sip_call: "npt",
  sip_answer: "nt",
  sip_reject: "nnt",
  sip_hangup: "nt",
  sip_hold: "nt",
  sip_resume: "nt",
  sip_transfer: "npt",
  sip_transfer_to: "nnt",
  sip_conference: "nnt",
  sip_dtmf: "npt",
  sip_media: "npnt",
  sip_subscribe: "nppt",
  sip_unsubscribe: "nt",
  sip_message: "nppt",
  sip_register: "nt",
  sip_unregister: "nt",
  sip_list: "t",
  sip_stop: "t",
  sip_set: "ppt",
  sip_get: "p",
  sip_export: "",
  sip_judge: "p",
};

/** `words`: as the ABI has them; each length is replaced by its piece. */
export function inputLine(name: string, words: number[], pieces: Uint8Array[]): string {
  const kinds = CALLS[name];
  if (kinds === undefined) throw new RangeError(`${name} can't be recorded`);
  let next = 0;
  const written = words.map((word, i) => {
    if (kinds[i] === "p") return quoted(pieces[next++] ?? new Uint8Array(0));
    return kinds[i] === "t" ? timeWord(word) : String(word);
  });
  return ["in", name, ...written].join(" ");
}

/** `null`: it trapped. */
export function resultLine(result: number | null): string {
  return `= ${result ?? "trapped"}`;
}

/** A line that is complete but for bytes at its end, which may hold secrets: those of a message, or of a file of settings. */
export interface RecordLine {
  text: string;
  message: Buffer | null;
  file: Buffer | null;
}

/** The record at `address`; `null` for a kind that this host does not know. */
export function recordLine(memory: ArrayBuffer, address: number): RecordLine | null {
  const words = new RecordWords(memory, address);
  const kind = words.kind as RecordKind;
  if (kind === RecordKind.Event) return { text: eventLine(words), message: null, file: null };
  const shape = SHAPES[kind];
  if (shape === undefined) return null;
  const [name, letters] = shape;
  const parts = ["out", name];
  let message: Buffer | null = null;
  let file: Buffer | null = null;
  for (const letter of letters) {
    if (letter === "w") parts.push(String(words.word()));
    else if (letter === "s") parts.push(quoted(words.bytes()));
    else if (letter === "t") parts.push(timeWord(words.time()));
    else if (letter === "m") message = Buffer.from(words.bytes());
    else file = Buffer.from(words.bytes());
  }
  return { text: parts.join(" "), message, file };
}

/** w a word, s a slice, t a time; at the end m the slice of a message, v that of a value, which may be a whole file. */
const SHAPES: Partial<Record<RecordKind, readonly [string, string]>> = {
  [RecordKind.Send]: ["send", "wswm"],
  [RecordKind.Listen]: ["listen", "wwsww"],
  [RecordKind.Open]: ["open", "wwswsw"],
  [RecordKind.Close]: ["close", "w"],
  [RecordKind.Resolve]: ["resolve", "wws"],
  [RecordKind.Wake]: ["wake", "t"],
  [RecordKind.Value]: ["value", "sv"],
  [RecordKind.Verdict]: ["verdict", "wws"],
};

/** out event NAME HANDLE NUMBER FIELD=... */
function eventLine(words: RecordWords): string {
  words.word();
  const parts = ["out event", escaped(words.bytes()), String(words.word()), String(words.word())];
  for (let left = words.word(); left > 0; left--) {
    const name = escaped(words.bytes());
    const type = words.word() as FieldType;
    parts.push(
      `${name}=${type === FieldType.Number ? words.long() : quoted(shownText(type, words.bytes()))}`,
    );
  }
  return parts.join(" ");
}

const STAR = 0x2a;

/** Stars for a secret: nobody is told. */
function shownText(type: FieldType, text: Uint8Array): Uint8Array {
  return type === FieldType.Secret ? text.slice().fill(STAR) : text;
}

/** The words of one record, in order. */
class RecordWords {
  private readonly view: DataView;
  private at: number;

  constructor(
    private readonly memory: ArrayBuffer,
    address: number,
  ) {
    this.view = new DataView(memory);
    this.at = address + 8;
    this.kind = this.view.getInt32(address, true);
  }

  readonly kind: number;

  word(): number {
    this.at += 4;
    return this.view.getInt32(this.at - 4, true);
  }

  long(): bigint {
    this.at += 8;
    return this.view.getBigInt64(this.at - 8, true);
  }

  time(): number {
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
  }

  /** Where they lie: a copy is up to the caller. */
  bytes(): Uint8Array {
    const offset = this.word() >>> 0;
    return new Uint8Array(this.memory, offset, this.word() >>> 0);
  }
}
