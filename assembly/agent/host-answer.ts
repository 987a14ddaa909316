// What the host found out for us: what the name service says, or our own address toward another.

import { seekHop, takeHopAddress } from "../account/hop";
import { EMPTY, Slice } from "../bytes/slice";
import { before } from "../message/grammar";
import { Question, Status } from "../output/abi-numbers";
import { findProbe } from "../probe/probe";
import { goOnAsking } from "../probe/question";
import { receiveStunTargets } from "../probe/stun-client";
import { findRegistration } from "../registration/registration";
import { receiveLocalAddressOf, receiveTargetsOf } from "../registration/registrations";
import { findCall } from "../session/call";
import { receiveLocalAddress, receiveTargets } from "../session/session";
import { leave } from "../subscription/locate";
import { findSubscription } from "../subscription/subscription";
import { isNumeric } from "../transport/address";
import { takeAnswer } from "../transport/destination";
import { closeQuery, findQuery, Query } from "../transport/query";
import { field, nextRecord, openRecords } from "../transport/resource-record";
import { registerWhenReady } from "./start";

/** The answer to a query: a record a line, its time to live last; empty for nothing found. */
export function receiveAnswer(handle: u32, lines: Slice): Status {
  const query = findQuery(handle);
  if (!query) return Status.NoSuchThing;
  if (query.question == Question.LocalAddress) takeLocalAddress(query, lines);
  else searchOn(takeAnswer(query, lines));
  return Status.Ok;
}

function takeLocalAddress(query: Query, lines: Slice): void {
  const address = firstAddress(lines);
  const call = findCall(query.owner);
  if (call) receiveLocalAddress(call, address);
  const registration = findRegistration(query.owner);
  if (registration) receiveLocalAddressOf(registration, address);
  const probe = findProbe(query.owner);
  if (probe) goOnAsking(probe, takeHopAddress(probe.hop, address));
  const subscription = findSubscription(query.owner);
  if (subscription) leave(subscription, takeHopAddress(subscription.hop, address));
  closeQuery(query);
}

/** Whoever looks for a server goes on. */
function searchOn(owner: u32): void {
  const call = findCall(owner);
  if (call) receiveTargets(call);
  const registration = findRegistration(owner);
  if (registration) receiveTargetsOf(registration);
  const probe = findProbe(owner);
  if (probe) goOnAsking(probe, seekHop(probe.hop));
  const subscription = findSubscription(owner);
  if (subscription) leave(subscription, seekHop(subscription.hop));
  if (receiveStunTargets(owner)) registerWhenReady();
}

/** EMPTY if there is none, or what stands there is no address. */
function firstAddress(lines: Slice): Slice {
  openRecords(lines);
  if (!nextRecord()) return EMPTY;
  // fe80::1%eth0: which link, the host alone knows (RFC 4007 §11).
  return isNumeric(before(field(0), 0x25)) ? field(0) : EMPTY;
}
