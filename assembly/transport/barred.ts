// Targets that are kept out for a while: they asked for it with Retry-After (RFC 3261 §21.5.4), or could not
// be reached. The oldest makes room.

import { Slice } from "../bytes/slice";
import { reserve } from "../bytes/arena";
import { sipHash } from "../crypto/sip-hash";
import { Transport } from "../output/abi-numbers";
import { nowMs } from "../time/clock";

const ENTRIES: i32 = 32;


@unmanaged
class BarredTarget {
  fingerprint: u64;
  until: i64;
}

let table: usize = 0;
let next: i32 = 0;

export function openBarred(): void {
  table = reserve(<usize>ENTRIES * offsetof<BarredTarget>());
  next = 0;
}

/** No transport: what is kept out of the target are requests over TCP for their size alone. */
export const LARGE_REQUEST: Transport = <Transport>0;

/** Keeps a target out until then. */
export function bar(transport: Transport, address: Slice, port: i32, until: i64): void {
  const fingerprint = fingerprintOf(transport, address, port);
  const known = find(fingerprint);
  const entry = known ? known : at(next);
  if (!known) next = (next + 1) % ENTRIES;
  entry.fingerprint = fingerprint;
  entry.until = until;
}

export function isBarred(transport: Transport, address: Slice, port: i32): bool {
  const entry = find(fingerprintOf(transport, address, port));
  return entry != null && entry.until > nowMs();
}

function find(fingerprint: u64): BarredTarget | null {
  for (let i = 0; i < ENTRIES; i++) {
    if (at(i).fingerprint == fingerprint) return at(i);
  }
  return null;
}

function at(index: i32): BarredTarget {
  return changetype<BarredTarget>(table + <usize>index * offsetof<BarredTarget>());
}

function fingerprintOf(transport: Transport, address: Slice, port: i32): u64 {
  return sipHash(address, ((<u64>port) << 8) | (<u64>transport));
}
