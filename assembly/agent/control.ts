// uaCSTA (ECMA TR/87): a dialog without media over which the account's server commands the phone, by ECMA-323 in INFO.
// It is a call that nobody sees; the session room keeps it alive.

import { isRegisteredAt } from "../account/way";
import { keep } from "../bytes/blocks";
import { EMPTY, equals, isPresent, Slice, w } from "../bytes/slice";
import { linkOf, takeLink } from "../csta/link";
import {
  argument,
  isOurDevice,
  meantCall,
  monitor,
  putAnswer,
  readRequest,
  Service,
  service,
} from "../csta/service";
import { writeTargetUri } from "../account/target";
import { Message } from "../message/message";
import { putBody } from "../message/write";
import { Status } from "../output/abi-numbers";
import { mark, rewind, written } from "../output/output";
import { Call, findCall, markOver, releaseCall, takeCall } from "../session/call";
import { reply } from "../session/reply";
import { deflectCall } from "../session/ring";
import { Key } from "../settings/keys";
import { putName } from "../settings/name";
import { number, setSetting } from "../settings/settings";
import { nowMs } from "../time/clock";
import { beginResponse, sendResponse } from "../transaction/response";
import { Transaction } from "../transaction/transaction";
import { putUnescaped } from "../xml/escapes";
import { mayNotDisturb } from "../account/do-not-disturb";
import { answer, call, checkTarget, dtmf, hangup, hold, transfer, transferTo } from "./command";
import { isControl, refuseBody } from "./refuse";

/** The call of a new control dialog; null, and answered, where it is refused. */
export function takeControl(t: Transaction, m: Message, account: i32): Call | null {
  if (!isRegisteredAt(account, t.address)) {
    reply(t, 403, EMPTY);
    return null;
  }
  const control = takeCall(account, false, true);
  if (!control) {
    reply(t, 486, EMPTY);
    return null;
  }
  markOver(control);
  // What putBody writes behind "Content-Type: ".
  control.bodyType = w("application/csta+xml\r\nContent-Disposition: signal;handling=required");
  takeLink(control);
  const document = obey(control, m.body);
  control.localSdp = keep(document);
  if (isPresent(control.localSdp)) return control;
  reply(t, isPresent(document) ? 500 : 400, EMPTY);
  releaseCall(control);
  return null;
}

export function receiveControl(control: Call, t: Transaction, m: Message): void {
  const tag = control.dialog!.localTag;
  if (!isRegisteredAt(control.account, t.address)) return reply(t, 403, tag);
  if (!isControl(m)) return refuseBody(t);
  const document = obey(control, m.body);
  if (!isPresent(document)) return reply(t, 400, tag);
  const at = beginResponse(t, 200, EMPTY, tag);
  putBody(control.bodyType, document);
  sendResponse(t, at, 200, nowMs());
}

/** Does what it wants, which may say anything, and then writes what came of it; EMPTY if it can't be read. */
function obey(control: Call, document: Slice): Slice {
  const account = control.account;
  const link = linkOf(control.handle);
  if (!link || !readRequest(link, document)) return EMPTY;
  let meant = meantCall(account);
  let status = isOurDevice(link) ? perform(control, meant) : Status.BadValue;
  if (status > 1) meant = findCall(status);
  const from = mark();
  putAnswer(link, account, meant, status);
  return written(from);
}

/** A Status, a new call's handle, or 1 for what is on. */
function perform(control: Call, meant: Call | null): i32 {
  const account = control.account;
  if (service >= Service.AnswerCall && !meant) return Status.NoSuchThing;
  const handle = meant ? meant.handle : 0;
  switch (service) {
    case Service.Unknown:
      return Status.UnknownKey;
    case Service.MonitorStart:
    case Service.MonitorStop:
      return monitor(linkOf(control.handle)!, account);
    case Service.GetDoNotDisturb:
      return mayNotDisturb(account) ? 1 : 0;
    case Service.SetDoNotDisturb:
      return setDoNotDisturb(account, equals(argument, w("true")));
    case Service.MakeCall:
      return call(account, target());
    case Service.AnswerCall:
      return answer(handle);
    case Service.ClearConnection:
      return hangup(handle);
    case Service.HoldCall:
      return hold(handle, true);
    case Service.RetrieveCall:
      return hold(handle, false);
    case Service.DeflectCall:
      return deflect(meant!);
    case Service.SingleStepTransferCall:
      return transfer(handle, target());
    case Service.GenerateDigits:
      return generate(handle);
    case Service.ConsultationCall:
      return consult(meant!);
    case Service.AlternateCall:
    case Service.TransferCall:
      return useBoth(meant!, meantCall(account, true));
    default:
      return Status.Ok;
  }
}

function generate(handle: u32): Status {
  const status = dtmf(handle, target());
  // What is wrong with them is no device's name.
  return status == Status.BadArgument ? Status.TooLarge : status;
}

function consult(meant: Call): i32 {
  if (!meant.isUp) return Status.WrongState;
  const fresh = call(meant.account, target());
  if (fresh > 0) hold(meant.handle, true);
  return fresh;
}

function useBoth(active: Call, held: Call | null): Status {
  if (!held) return Status.NoSuchThing;
  if (service == Service.TransferCall) return transferTo(held.handle, active.handle);
  if (!held.isUp || !held.wantsHold) return Status.WrongState;
  const status = hold(active.handle, true);
  return status == Status.Ok ? hold(held.handle, false) : status;
}

function target(): Slice {
  const from = mark();
  putUnescaped(argument);
  return written(from);
}

function deflect(meant: Call): Status {
  const uri = writeTargetUri(meant.account, target());
  const status = checkTarget(meant.account, uri);
  return status == Status.Ok ? deflectCall(meant, uri) : status;
}

function setDoNotDisturb(account: i32, on: bool): Status {
  if (!number(Key.DndAllow)) return Status.WrongState;
  const from = mark();
  putName(number(Key.DndMode) ? Key.DndEnable : Key.PhoneDndEnable, account);
  const status = setSetting(written(from), on ? w("1") : w("0"));
  rewind(from);
  return status;
}
