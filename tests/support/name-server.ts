// A name server on loopback (RFC 1035) that says what a test wants, over UDP and TCP.

import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** A record: owner, type, TTL, data. */
export interface ZoneRecord {
  name: string;
  type: number;
  ttl: number;
  data: Buffer;
}

const LONGEST_DATAGRAM = 512;
const QUESTION_AT = 12;

export class NameServer {
  /** Names asked for, as `NAME TYPE`, over TCP with ` tcp`. */
  readonly asked: string[] = [];
  /** Answers with this code, where there is one. */
  code = 0;
  isSilent = false;
  /** Changes what is sent back. */
  spoil: (answer: Buffer) => Buffer = (answer) => answer;

  private constructor(
    private readonly udp: UdpSocket,
    private readonly tcp: Server,
    private readonly zone: ZoneRecord[],
  ) {}

  static async start(zone: ZoneRecord[]): Promise<NameServer> {
    for (;;) {
      const udp = createSocket("udp4");
      udp.bind(0, "127.0.0.1");
      await once(udp, "listening");
      const tcp = createServer();
      tcp.listen(udp.address().port, "127.0.0.1");
      const isBound = await once(tcp, "listening").then(
        () => true,
        () => false,
      );
      if (isBound) return new NameServer(udp, tcp, zone).listen();
      udp.close();
    }
  }

  get address(): string {
    return `127.0.0.1:${this.udp.address().port}`;
  }

  close(): void {
    this.udp.close();
    this.tcp.close();
  }

  private listen(): this {
    this.udp.on("message", (question, from) => {
      const answer = this.answer(question, "", LONGEST_DATAGRAM);
      if (answer) this.udp.send(this.spoil(answer), from.port, from.address);
    });
    this.tcp.on("connection", (socket) => {
      socket.on("error", () => {});
      socket.once("data", (bytes: Buffer) => {
        const answer = this.answer(bytes.subarray(2), " tcp", 0xffff);
        if (!answer) return;
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        const whole = Buffer.concat([length, answer]);
        // Cut, as streams are.
        socket.write(whole.subarray(0, 5));
        setImmediate(() => socket.write(whole.subarray(5)));
      });
    });
    return this;
  }

  private answer(question: Buffer, how: string, most: number): Buffer | null {
    const { name, end } = nameAt(question, QUESTION_AT);
    const type = question.readUInt16BE(end);
    this.asked.push(`${name} ${type}${how}`);
    if (this.isSilent) return null;
    const found = this.code ? [] : this.find(name, type);
    const isKnown = this.zone.some((record) => record.name === name);
    const records = found.map(recordBytes);
    const isLong = Buffer.concat(records).length > most - end - 4;
    const header = Buffer.alloc(QUESTION_AT);
    header.writeUInt16BE(question.readUInt16BE(0), 0);
    header.writeUInt16BE(0x8180 | (isLong ? 0x0200 : 0) | (this.code || (isKnown ? 0 : 3)), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(isLong ? 0 : records.length, 6);
    return Buffer.concat([header, question.subarray(QUESTION_AT, end + 4), ...(isLong ? [] : records)]);
  }

  /** With what an alias leads to. */
  private find(name: string, type: number): ZoneRecord[] {
    const own = this.zone.filter((record) => record.name === name);
    const alias = own.find((record) => record.type === CNAME);
    if (alias) return [alias, ...this.find(nameAt(alias.data, 0).name, type)];
    return own.filter((record) => record.type === type);
  }
}

const CNAME = 5;

export function addressRecord(name: string, ttl: number, address: string): ZoneRecord {
  return { name, type: 1, ttl, data: Buffer.from(address.split(".").map(Number)) };
}

export function ipv6Record(name: string, ttl: number, groups: number[]): ZoneRecord {
  return { name, type: 28, ttl, data: words(...groups) };
}

export function aliasRecord(name: string, ttl: number, target: string): ZoneRecord {
  return { name, type: CNAME, ttl, data: nameBytes(target) };
}

export function serviceRecord(
  name: string,
  ttl: number,
  [priority, weight, port]: [number, number, number],
  target: string,
): ZoneRecord {
  return { name, type: 33, ttl, data: Buffer.concat([words(priority, weight, port), nameBytes(target)]) };
}

export function pointerRecord(
  name: string,
  ttl: number,
  [order, preference]: [number, number],
  [flags, service, expression]: [string, string, string],
  replacement: string,
): ZoneRecord {
  const texts = [flags, service, expression].map((text) =>
    Buffer.from(`${String.fromCharCode(text.length)}${text}`),
  );
  return {
    name,
    type: 35,
    ttl,
    data: Buffer.concat([words(order, preference), ...texts, nameBytes(replacement)]),
  };
}

/** The owner as a pointer to the question wherever that is the name: as servers do. */
function recordBytes({ name, type, ttl, data }: ZoneRecord, i: number): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(ttl, 4);
  fixed.writeUInt16BE(data.length, 8);
  const owner = i === 0 ? Buffer.from([0xc0, QUESTION_AT]) : nameBytes(name);
  return Buffer.concat([owner, fixed, data]);
}

function words(...values: number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.from([value >> 8, value & 255])));
}

function nameBytes(name: string): Buffer {
  const labels = name === "" ? [] : name.split(".");
  return Buffer.concat([
    ...labels.map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`)),
    Buffer.alloc(1),
  ]);
}

function nameAt(bytes: Buffer, from: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = from;
  for (let length = bytes.readUInt8(at); length > 0; length = bytes.readUInt8(at)) {
    labels.push(bytes.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 1 };
}
