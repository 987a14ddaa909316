// What happens to calls, told to whoever watches them (ECMA-269 §6.7, RCC-14): each call is compared with what was told
// of it last, and the next step of its machine is told. One INFO at a time, so that none overtakes another.
//
//   outgoing  ServiceInitiated, Originated, [Delivered], Established     then Held and Retrieved by turns; at the end
//   incoming  Delivered, Established                                    ConnectionCleared, or what stands in its place

import { mayNotDisturb } from "../account/do-not-disturb";
import { wayTo } from "../account/way";
import { hasServer, SERVERS } from "../account/servers";
import { idOf, lineAt, wordsOf } from "../bytes/lines";
import { isPresent, Slice, w } from "../bytes/slice";
import { mark, written } from "../output/output";
import { Call, callAt, callNumbered, callPlaces, CallState } from "../session/call";
import { endingOf, Ending, Side } from "../session/call-events";
import { sendInfo } from "../session/digits";
import { EndRule } from "../session/end-rule";
import { aim, beginDocument, endElement, putForm, Stage } from "./document";
import { controlOf, Link, linkAt, Slot, slotAt, SLOTS } from "./link";

/** Of EVENTS; the first five in the order of Stage. */
const enum Event {
  None = -1,
  ServiceInitiated = 0,
  Originated,
  Delivered,
  Established,
  Held,
  Retrieved,
  Failed,
  Busy,
  Cleared,
  Diverted,
  Transferred,
  BackInService,
  OutOfService,
  DoNotDisturbOff,
  DoNotDisturbOn,
}

function events(): Slice {
  return w(`ServiceInitiated:initiatedConnection(&)initiatingDevice(%)localConnectionInfo(?)cause(newCall)
Originated:originatedConnection(&)callingDevice(<)calledDevice(>)localConnectionInfo(?)cause(newCall)
Delivered:connection(*)alertingDevice(>)callingDevice(<)calledDevice(>)lastRedirectionDevice(notRequired())localConnectionInfo(?)cause(newCall)
Established:establishedConnection(*)answeringDevice(>)callingDevice(<)calledDevice(>)lastRedirectionDevice(notRequired())localConnectionInfo(?)cause(newCall)
Held:heldConnection(&)holdingDevice(%)localConnectionInfo(?)cause(normal)
Retrieved:retrievedConnection(&)retrievingDevice(%)localConnectionInfo(?)cause(normal)
Failed:failedConnection(&)failingDevice(notKnown())callingDevice(%)calledDevice(notKnown())lastRedirectionDevice(notRequired())localConnectionInfo(?)cause(destNotObtainable)
Failed:failedConnection(&)failingDevice(notKnown())callingDevice(%)calledDevice(notKnown())lastRedirectionDevice(notRequired())localConnectionInfo(?)cause(busy)
ConnectionCleared:droppedConnection(&)releasingDevice(%)localConnectionInfo(?)cause(normalClearing)
Diverted:connection(&)divertingDevice(%)newDestination(notKnown())lastRedirectionDevice(notRequired())localConnectionInfo(?)cause(redirected)
Transfered:primaryOldCall(&)transferringDevice(%)transferredToDevice(notKnown())transferredConnections()localConnectionInfo(?)cause(transfer)
BackInService:device(%)cause(normal)
OutOfService:device(%)cause(normal)
DoNotDisturb:device(%)doNotDisturbOn(false)
DoNotDisturb:device(%)doNotDisturbOn(true)`);
}

let lastCrossRef: u32 = 0;

/** Watches from now on; calls that stand already are known from a snapshot. */
export function startMonitor(link: Link, account: i32): void {
  link.crossRef = ++lastCrossRef;
  link.isInService = isInService(account);
  link.isQuiet = mayNotDisturb(account);
  adopt(link, account, true);
}

/** At the end of every call into the module. */
export function tellMonitors(): void {
  for (let place = 0; ; place++) {
    const link = linkAt(place);
    if (!link) return;
    const control = controlOf(link);
    if (control && link.crossRef && control.isUp && !isPresent(control.digits)) tell(link, control);
  }
}

function isInService(account: i32): bool {
  for (let server = 1; server <= SERVERS; server++) {
    if (wayTo(account, server).isRegistered) return true;
  }
  return !hasServer(account);
}

/** Gives every call of the account a slot. */
function adopt(link: Link, account: i32, isKnown: bool): void {
  for (let place = 0; place < callPlaces(); place++) {
    const call = callAt(place);
    if (!call || call.account != account || slotOf(link, call.number)) continue;
    const slot = slotOf(link, 0);
    if (!slot) return;
    slot.number = call.number;
    slot.isOutgoing = call.isOutgoing;
    slot.told = isKnown ? <u8>stageOf(call) : 0;
  }
}

function slotOf(link: Link, number: u32): Slot | null {
  for (let place = 0; place < SLOTS; place++) {
    const slot = slotAt(link, place);
    if (slot.number == number) return slot;
  }
  return null;
}

export function stageOf(call: Call): Stage {
  switch (call.state) {
    case CallState.Locating:
      return call.isOutgoing ? Stage.Initiated : Stage.None;
    case CallState.Calling:
      return Stage.Originated;
    case CallState.Proceeding:
      return call.hasRung ? Stage.Delivered : Stage.Originated;
    case CallState.Up:
      return call.isHolding ? Stage.Held : Stage.Established;
    default:
      return Stage.Delivered;
  }
}

/** One event, if there is any news. */
function tell(link: Link, control: Call): void {
  const account = control.account;
  if (link.isInService != isInService(account)) {
    link.isInService = !link.isInService;
    return say(link, control, null, null, link.isInService ? Event.BackInService : Event.OutOfService);
  }
  if (link.isQuiet != mayNotDisturb(account)) {
    link.isQuiet = !link.isQuiet;
    return say(link, control, null, null, link.isQuiet ? Event.DoNotDisturbOn : Event.DoNotDisturbOff);
  }
  adopt(link, account, false);
  for (let place = 0; place < SLOTS; place++) {
    const slot = slotAt(link, place);
    if (!slot.number) continue;
    const call = callNumbered(slot.number);
    const event = call ? stepOn(slot, stageOf(call)) : stepOut(slot);
    if (event != Event.None) return say(link, control, call, slot, event);
  }
}

/** The event of the next step toward that stage, which counts as told. */
function stepOn(slot: Slot, now: Stage): Event {
  const told = <Stage>slot.told;
  let next = now;
  // Nothing is told before what comes first with every call.
  if (slot.isOutgoing && told < Stage.Originated) next = told + 1;
  else if (told < Stage.Delivered && !slot.isOutgoing) next = Stage.Delivered;
  else if (told < Stage.Established && now == Stage.Held) next = Stage.Established;
  // An INVITE that goes on to another target rings no less for that.
  const isBack = told == Stage.Held && now == Stage.Established;
  if (now <= told && !isBack) return Event.None;
  slot.told = <u8>next;
  return isBack ? Event.Retrieved : <Event>(next - 1);
}

/** The call is over: its slot is free when all is told. */
function stepOut(slot: Slot): Event {
  const told = <Stage>slot.told;
  const ending = endingOf(slot.number);
  const status = ending >>> Ending.Status;
  const isRemote = (ending & 1) == Side.Remote;
  if (slot.isOutgoing && told && told < Stage.Established && isRemote && status >= 400) {
    slot.told = <u8>Stage.Failed;
    return status == 486 || status == 600 ? Event.Busy : Event.Failed;
  }
  slot.told = 0;
  const rule = <EndRule>((ending >>> Ending.Rule) & 255);
  if (!told) slot.number = 0;
  if (!told) return Event.None;
  if (rule == EndRule.Forwarded) return Event.Diverted;
  return rule == EndRule.Transferred ? Event.Transferred : Event.Cleared;
}

function say(link: Link, control: Call, call: Call | null, slot: Slot | null, event: Event): void {
  aim(link, call, slot ? slot.number : 0, slot ? <Stage>slot.told : Stage.None);
  if (slot && !slot.told) slot.number = 0;
  const line = lineAt(events(), event);
  const from = mark();
  beginDocument(idOf(line), w("Event"));
  putForm(w("monitorCrossRefID(#)"));
  putForm(wordsOf(line));
  endElement(idOf(line), w("Event"));
  sendInfo(control, written(from));
}
