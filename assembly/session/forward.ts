// Calls that are sent elsewhere: 302 with the target of the settings (RFC 3261 §13.3.1.2, RFC 5806 §5).

import { putIdentity } from "../account/address-of-record";
import { writeTargetUri } from "../account/target";
import { lineAt } from "../bytes/lines";
import { byteAt, EMPTY, isPresent, size, Slice, w } from "../bytes/slice";
import { EventKind } from "../output/abi-numbers";
import { beginEvent, endEvent, numberField, put, putLine, textField } from "../output/output";
import { parseUri, Scheme, Uri } from "../message/uri";
import { Key } from "../settings/keys";
import { number, text } from "../settings/settings";
import { beginResponse } from "../transaction/response";
import { Transaction } from "../transaction/transaction";
import { partyDisplay, partyUri } from "./caller";
import { isOurs } from "./diversion";
import { endReply } from "./reply";

/** In the order of the keys. */
export const enum Forward {
  Always = 0,
  Busy = 1,
  NoAnswer = 2,
  /** By command. */
  Deflected = 3,
}

const PERIOD_MS: i64 = 6000;

const uri = changetype<Uri>(memory.data(offsetof<Uri>(), 8));

/** The switches are on: of the phone, or of the account. */
export function isForwarding(account: i32, kind: Forward): bool {
  const first = number(Key.FwdMode) ? Key.AlwaysFwd : Key.ForwardAlways;
  return number(Key.FwdAllow) != 0 && number(<Key>(<i32>first + kind), account) != 0;
}

/**
 * The URI to which the settings forward such calls, written at the cursor; of size 0 for none, and where that would
 * be ourselves. `ours`: our address, as in isOurs.
 */
export function writeForward(account: i32, kind: Forward, ours: Slice): Slice {
  if (!isForwarding(account, kind)) return EMPTY;
  const whole = writeTargetUri(account, forwardTarget(account, kind));
  const isFit = parseUri(whole, uri) && uri.scheme != Scheme.Unknown && !isPresent(uri.headers);
  const isPermitted = isFit && (number(Key.FwdInternational) || !isInternational(uri.user));
  return isPermitted && !isOurs(account, whole, ours) ? whole : EMPTY;
}

/** What the settings say of where to. */
export function forwardTarget(account: i32, kind: Forward): Slice {
  const first = number(Key.FwdMode) ? Key.AlwaysFwdTarget : Key.ForwardAlwaysTarget;
  return text(<Key>(<i32>first + kind), account);
}

function isInternational(user: Slice): bool {
  return size(user) > 1 && byteAt(user, 0) == 0x30 && byteAt(user, 1) == 0x30;
}

/** How long a call rings before it is forwarded. */
export function forwardAfterMs(account: i32): i64 {
  const periods = number(Key.FwdMode) ? number(Key.TimeoutFwdTimeout, account) : number(Key.ForwardTimeout);
  return <i64>periods * PERIOD_MS;
}

/** Answers with 302. `history`: what follows the URI of Contact; `ours`: our address, where the account has no server. */
export function sendForward(
  t: Transaction,
  tag: Slice,
  account: i32,
  kind: Forward,
  target: Slice,
  history: Slice,
  ours: Slice,
): void {
  const at = beginResponse(t, 302, EMPTY, tag);
  if (number(Key.FwdDiversion)) {
    put(w("Diversion: "));
    putIdentity(account, ours);
    put(w(";reason="));
    put(reasonOf(kind));
    putLine();
  }
  put(w("Contact: <"));
  put(target);
  put(w(">"));
  if (size(history)) put(history);
  else putLine();
  endReply(t, at, 302);
}

/** In the words of Diversion. */
export function reasonOf(kind: Forward): Slice {
  return lineAt(w("unconditional\nuser-busy\nno-answer\ndeflection"), kind);
}

/** A call that never rang here: `to` where it was sent, or EMPTY; `why` the rule that refused or forwarded it. */
export function sayTurnedAway(account: i32, status: i32, why: Slice, to: Slice): void {
  if (!beginEvent(EventKind.CallRefused, w("call.refused"))) return;
  textField(w("from"), partyUri);
  textField(w("display"), partyDisplay);
  numberField(w("account"), account);
  numberField(w("status"), status);
  textField(w("reason"), why);
  if (size(to)) textField(w("to"), to);
  endEvent();
}
