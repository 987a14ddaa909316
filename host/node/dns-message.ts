// Questions and answers of the name service as bytes (RFC 1035 §4).
//
//     header: id, flags, four counts (16 bits each) · question: name, type, class · records: name, type, class,
//     TTL (32 bits), length, data

export enum RecordType {
  A = 1,
  Cname = 5,
  Aaaa = 28,
  Srv = 33,
  Naptr = 35,
}

/** One record: the fields of its data in their order. */
export interface ResourceRecord {
  name: string;
  type: RecordType;
  ttl: number;
  fields: (string | number)[];
}

export interface Answer {
  /** There is more than a datagram holds: ask over TCP. */
  isTruncated: boolean;
  /** 0, or why there is no answer (RFC 1035 §4.1.1). */
  code: number;
  records: ResourceRecord[];
}

const IN = 1;
const HEADER_BYTES = 12;
const RECURSION_DESIRED = 0x0100;
const RESPONSE = 0x8000;
const TRUNCATED = 0x0200;
const LONGEST_LABEL = 63;
const LONGEST_NAME = 255;
/** In a length: the lower 14 bits say where the name goes on. */
const POINTER = 0xc0;
/** A TTL with the highest bit set counts as none (RFC 2181 §8). */
const LONGEST_TTL = 0x7fffffff;

/** Throws a RangeError for what can't be a name. */
export function questionOf(id: number, name: string, type: RecordType): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(RECURSION_DESIRED, 2);
  header.writeUInt16BE(1, 4);
  return Buffer.concat([header, nameBytes(name), Buffer.from([0, type, 0, IN])]);
}

function nameBytes(name: string): Buffer {
  const labels = name.replace(/\.$/, "").split(".");
  const parts = labels.map((label) => {
    const bytes = Buffer.from(label, "latin1");
    if (bytes.length === 0 || bytes.length > LONGEST_LABEL) throw new RangeError(`"${name}" is no name`);
    return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  });
  const whole = Buffer.concat([...parts, Buffer.alloc(1)]);
  if (whole.length > LONGEST_NAME) throw new RangeError(`"${name}" is no name`);
  return whole;
}

/** null for what is no answer to this question. */
export function readAnswer(bytes: Buffer, question: Buffer): Answer | null {
  try {
    return new AnswerReader(bytes).read(question);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Reads past the end throw a RangeError, as Buffer does. */
class AnswerReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  read(question: Buffer): Answer | null {
    const isOurs = this.word() === question.readUInt16BE(0);
    const flags = this.word();
    const [questions, answers] = [this.word(), this.word()];
    this.at = HEADER_BYTES;
    const asked = new AnswerReader(question);
    asked.at = HEADER_BYTES;
    if (!isOurs || !(flags & RESPONSE) || questions !== 1 || this.question() !== asked.question())
      return null;
    const records: ResourceRecord[] = [];
    for (let left = answers; left > 0; left--) records.push(...this.record());
    return { isTruncated: (flags & TRUNCATED) !== 0, code: flags & 15, records };
  }

  private question(): string {
    return `${this.name().toLowerCase()} ${this.word()} ${this.word()}`;
  }

  private record(): ResourceRecord[] {
    const name = this.name();
    const type: RecordType = this.word();
    const isInternet = this.word() === IN;
    const ttl = this.long();
    const end = this.word() + this.at;
    const fields = isInternet ? this.fields(type, end) : null;
    if (end > this.bytes.length) throw new RangeError("cut");
    this.at = end;
    return fields ? [{ name, type, ttl: ttl > LONGEST_TTL ? 0 : ttl, fields }] : [];
  }

  private fields(type: RecordType, end: number): (string | number)[] | null {
    switch (type) {
      case RecordType.A:
        return [Array.from({ length: 4 }, () => this.byte()).join(".")];
      case RecordType.Aaaa:
        return [this.ipv6()];
      case RecordType.Cname:
        return [this.name()];
      case RecordType.Srv: // RFC 2782
        return [this.word(), this.word(), this.word(), this.name()];
      case RecordType.Naptr: // RFC 3403 §4: order, preference, flags, service, regexp, replacement
        return [this.word(), this.word(), this.text(), this.text(), this.text(), this.name()];
      default:
        this.at = end;
        return null;
    }
  }

  private ipv6(): string {
    const groups = Array.from({ length: 8 }, () => this.word().toString(16));
    return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
  }

  /** Without the dot at its end; the root is empty. */
  private name(): string {
    const labels: string[] = [];
    let behind = 0;
    for (let length = this.byte(), left = LONGEST_NAME; length > 0; length = this.byte()) {
      // Pointers may lead in a circle.
      if ((left -= length & POINTER ? 2 : length + 1) < 0) throw new RangeError("no name is so long");
      if ((length & POINTER) === POINTER) {
        const to = ((length & ~POINTER) << 8) | this.byte();
        behind ||= this.at;
        this.at = to;
      } else labels.push(this.take(length).toString("latin1"));
    }
    if (behind) this.at = behind;
    return labels.join(".");
  }

  private text(): string {
    return this.take(this.byte()).toString("latin1");
  }

  private take(length: number): Buffer {
    if (this.at + length > this.bytes.length) throw new RangeError("cut");
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  private byte(): number {
    return this.bytes.readUInt8(this.at++);
  }

  private word(): number {
    this.at += 2;
    return this.bytes.readUInt16BE(this.at - 2);
  }

  private long(): number {
    this.at += 4;
    return this.bytes.readUInt32BE(this.at - 4);
  }
}
