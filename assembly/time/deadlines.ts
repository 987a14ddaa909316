// What is due next: one binary heap of deadlines for the whole phone.
//
// A Deadline belongs to an object for as long as the pool lives and knows its place in the heap, so that
// arming again moves it and stopping removes it: the heap never holds a stale entry and never fills.
// Equal deadlines fire in the order in which they were armed, so that a run can be repeated exactly.

import { reserve } from "../bytes/arena";
import { NEVER } from "./clock";
import { Timer } from "./timer";


@unmanaged
export class Deadline {
  when: i64;
  /** Counts armings; breaks ties. */
  order: u64;
  /** Handle of the object that wants to know. */
  owner: u32;
  /** 1-based place in the heap; 0 while not armed. */
  place: u32;
  timer: Timer;

  /** Fires `timer` for the owner at `when`, instead of whatever this deadline stood for. */
  arm(timer: Timer, when: i64): void {
    this.timer = timer;
    this.when = when;
    this.order = ++armings;
    if (this.place == 0) {
      this.place = ++count;
      put(this, this.place);
    }
    sink(this);
    rise(this);
  }

  stop(): void {
    const place = this.place;
    if (place == 0) return;
    this.place = 0;
    const last = at(count--);
    if (last == this) return;
    put(last, place);
    sink(last);
    rise(last);
  }

  isArmed(timer: Timer): bool {
    return this.place != 0 && this.timer == timer;
  }
}

let heap: usize = 0;
let count: u32 = 0;
let made: u32 = 0;
let capacity: u32 = 0;
let armings: u64 = 0;

/** Makes room for `deadlines` of them; call it before the first newDeadline. */
export function openDeadlines(deadlines: u32): void {
  heap = reserve(<usize>(deadlines * 4));
  capacity = deadlines;
  made = 0;
  count = 0;
  armings = 0;
}

/** A deadline for one object, not armed. `owner` may be set later. */
export function newDeadline(): Deadline {
  assert(made < capacity);
  made++;
  return changetype<Deadline>(reserve(offsetof<Deadline>()));
}

/** When the earliest deadline is due, or NEVER. */
export function nextDeadline(): i64 {
  return count ? at(1).when : NEVER;
}

/** Takes the earliest deadline out if it is due; null if none is. */
export function takeDue(now: i64): Deadline | null {
  if (count == 0) return null;
  const first = at(1);
  if (first.when > now) return null;
  first.stop();
  return first;
}

/** How many are armed. */
export function armedDeadlines(): u32 {
  return count;
}

function at(place: u32): Deadline {
  return changetype<Deadline>(<usize>load<u32>(heap + ((place - 1) << 2)));
}

function put(deadline: Deadline, place: u32): void {
  deadline.place = place;
  store<u32>(heap + ((place - 1) << 2), <u32>changetype<usize>(deadline));
}

function isBefore(a: Deadline, b: Deadline): bool {
  return a.when < b.when || (a.when == b.when && a.order < b.order);
}

function rise(deadline: Deadline): void {
  let place = deadline.place;
  while (place > 1) {
    const parent = at(place >> 1);
    if (!isBefore(deadline, parent)) break;
    put(parent, place);
    place >>= 1;
  }
  put(deadline, place);
}

function sink(deadline: Deadline): void {
  let place = deadline.place;
  while (true) {
    let child = place << 1;
    if (child > count) break;
    if (child < count && isBefore(at(child + 1), at(child))) child++;
    if (!isBefore(at(child), deadline)) break;
    put(at(child), place);
    place = child;
  }
  put(deadline, place);
}
