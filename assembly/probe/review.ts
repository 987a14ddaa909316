// Which probes there are to be: those of the settings, from when the sockets are there until the phone goes off.

import { Timer } from "../time/timer";
import { fireKeepAlive } from "./keep-alive";
import { findProbe, openProbes } from "./probe";
import { endQuestions, fireQuestion, reviewQuestions } from "./question";
import { endStun, openStunClients, reviewStun } from "./stun-client";

let isOff: bool = false;

/** Needs DEADLINES_PER_PROBE deadlines for each of PROBES, and one for each of STUN_CLIENTS. */
export function openProbing(): void {
  isOff = false;
  openProbes();
  openStunClients();
}

/** The sockets are there, or settings have changed. */
export function reviewProbing(): void {
  if (isOff) return;
  reviewQuestions();
  reviewStun();
}

/** The phone goes off: nobody is asked any more. */
export function endProbing(): void {
  isOff = true;
  endQuestions();
  endStun();
}

export function fireProbe(handle: u32, timer: Timer): void {
  const p = findProbe(handle);
  if (!p) return;
  if (timer == Timer.KeepAlive) fireKeepAlive(p);
  else fireQuestion(p, timer);
}
