// A recording, once more: each call is made again, and what it answers and says is compared, byte for byte.

import { Status } from "./abi.js";
import { type Observer, RingletModule } from "./module.js";
import { Passwords } from "./passwords.js";
import type { RecordedCall, Recording } from "./recording-file.js";
import { recordLine, type RecordLine, resultLine } from "./recording-lines.js";
import { shownRecord } from "./recording.js";

/** A call that was made again. */
export interface ReplayedCall {
  call: RecordedCall;
  /** Its lines as they are now. */
  seen: string[];
  isSame: boolean;
}

/** Makes the calls in a fresh instance and tells of each. Throws a RangeError for a state that does not fit the module. */
export function* replay(recording: Recording, compiled: WebAssembly.Module): Generator<ReplayedCall> {
  const module = new RingletModule(compiled, { guarded: true });
  if (recording.state) module.adopt(recording.state);
  const listener = new Listener();
  module.observer = listener;
  for (const call of recording.calls) {
    const seen = again(module, listener, call);
    yield { call, seen, isSame: isSame(seen, call.expected) };
  }
}

function again(module: RingletModule, listener: Listener, call: RecordedCall): string[] {
  listener.clear();
  // After a trap `tick` does more than the export.
  const isTick = call.name === "sip_tick";
  const status = isTick ? module.tick(call.words[0] ?? 0) : module.feed(call.name, call.words, call.pieces);
  // They can be asked for only as long as the text lies in the window.
  if (call.name === "sip_boot" && status === Status.Ok) module.targets();
  module.drain();
  const records = listener.records.map((record) => shownRecord(module, record, listener.passwords));
  return [resultLine(listener.result ?? null), ...records];
}

function isSame(seen: string[], expected: string[]): boolean {
  return seen.length === expected.length && seen.every((line, i) => line === expected[i]);
}

/** Keeps what one call answers and says. */
class Listener implements Observer {
  /** Of the first call since `clear`; after a tick that trapped there is a second one. */
  result: number | null | undefined;
  readonly records: RecordLine[] = [];
  readonly passwords = new Passwords();

  clear(): void {
    this.records.length = 0;
    this.result = undefined;
  }

  calling(): void {}

  answered(result: number | null): void {
    if (this.result === undefined) this.result = result;
  }

  said(memory: ArrayBuffer, address: number): void {
    const line = recordLine(memory, address);
    if (line) this.records.push(line);
  }

  drained(): void {}

  adopted(): void {}
}
