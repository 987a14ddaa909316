// The costume of a system (tests/peers) on what one phone sends and is sent: its messages as that system would write them.

import type { Costume, Edit, System } from "../peers/peer.js";
import { readWire } from "./wire.js";

export class Disguise {
  /** Edits that have changed something. */
  readonly used = new Set<Edit>();
  demandsMet = 0;
  private readonly costume: Costume;
  /** The o= version of each exchange. */
  private readonly versions = new Map<string, number>();

  constructor(private readonly system: System) {
    this.costume = system.costume;
  }

  /** What leaves, as the others see it. */
  says(bytes: Buffer): Buffer {
    const name = nameOf(bytes);
    const edited = this.edit(name, bytes.toString("latin1"), this.costume.says);
    return Buffer.from(this.costume.countsVersions ? this.counted(edited) : edited, "latin1");
  }

  /** What comes, as the phone sees it; or else the answer that the system gives in its place. Throws where a demand is not met. */
  hears(bytes: Buffer): { message: Buffer } | { answer: Buffer } {
    const text = bytes.toString("latin1");
    const name = nameOf(bytes);
    for (const { id, of, has } of this.costume.demands) {
      if (!of.test(name)) continue;
      if (!has.test(text)) throw new Error(`${id}: ${has} is not in\n${text}`);
      this.demandsMet++;
    }
    const status = this.system.answers[name.split(" ")[0] ?? ""];
    if (status !== undefined) return { answer: answerTo(text, status) };
    return { message: Buffer.from(this.edit(name, text, this.costume.hears), "latin1") };
  }

  private edit(name: string, text: string, edits: readonly Edit[]): string {
    let edited = text;
    for (const each of edits) {
      if (!each.of.test(name)) continue;
      const before = edited;
      edited = edited.replace(each.find, each.put);
      if (edited !== before) this.used.add(each);
    }
    return edited;
  }

  // A copy has to be the same to the octet, and the 200 says what the 183 has said.
  private counted(text: string): string {
    const { callId, isRequest, sequence } = readWire(Buffer.from(text, "latin1"));
    const key = `${callId} ${isRequest} ${sequence}`;
    const [head = "", body = ""] = text.split("\r\n\r\n");
    if (!body.startsWith("v=0")) return text;
    const version = this.versions.get(key) ?? this.versions.size + 1;
    this.versions.set(key, version);
    const counted = body.replace(/^(o=\S+ \S+ )\d+/m, `$1${version}`);
    const length = `Content-Length: ${Buffer.byteLength(counted, "latin1")}`;
    return `${head.replace(/^Content-Length: .*/m, length)}\r\n\r\n${counted}`;
  }
}

/** As Edit (tests/peers/peer.ts) has it. */
function nameOf(bytes: Buffer): string {
  const { isRequest, status, method, text } = readWire(bytes);
  if (!isRequest) return `${status} ${method}`;
  return /^To: .*;tag=/m.test(text) ? `${method} inside` : method;
}

function answerTo(request: string, status: number): Buffer {
  const rows = request.split("\r\n").filter((row) => /^(Via|From|To|Call-ID|CSeq):/.test(row));
  return Buffer.from([`SIP/2.0 ${status} No`, ...rows, "Content-Length: 0", "", ""].join("\r\n"), "latin1");
}
