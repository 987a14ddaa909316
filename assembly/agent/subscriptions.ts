// Subscriptions as the settings and the phone's application want them, and MESSAGE as it is ordered.

import { hasServer } from "../account/servers";
import { writeTargetUri } from "../account/target";
import { wayOf } from "../account/way";
import { keep } from "../bytes/blocks";
import { EMPTY, equals, isPresent, size, Slice, w } from "../bytes/slice";
import { isToken } from "../message/grammar";
import { Status } from "../output/abi-numbers";
import { mark, rewind } from "../output/output";
import { ACCOUNTS, Key } from "../settings/keys";
import { number, text } from "../settings/settings";
import { waitsForRegistration } from "../subscription/locate";
import { begin, tendSubscriptions, unsubscribe } from "../subscription/subscribe";
import { State } from "../subscription/state";
import {
  findSubscription,
  releaseSubscription,
  Subscription,
  subscriptionAt,
  subscriptionPlaces,
  takeSubscription,
} from "../subscription/subscription";
import { isEnabled, lowestAccount } from "./account";
import { checkTarget, isGoingOff } from "./command";

/** The longest MESSAGE, in bytes. */
const MOST_TEXT: i32 = 8192;

/** What the settings want begins, what they do not want any more ends. */
export function reviewSubscriptions(): void {
  for (let account = 1; account <= ACCOUNTS; account++) {
    const isOn = isEnabled(account) && hasServer(account) && !isGoingOff();
    const user = text(Key.UserName, account);
    const voiceMail = text(Key.VoiceMail, account);
    const usesVoiceMail = number(Key.SubscribeMwiToVm, account) && size(voiceMail);
    const mwi = isOn && number(Key.SubscribeMwi, account);
    review(account, w("message-summary"), mwi ? (usesVoiceMail ? voiceMail : user) : EMPTY);
    review(account, w("reg"), isOn && number(Key.SubscribeRegister, account) ? user : EMPTY);
    review(account, w("dialog"), isOn ? text(Key.BlfListUri, account) : EMPTY);
    // It may not wait for its registration any more.
    tendSubscriptions(account);
  }
}

/** `who` EMPTY: nobody. */
function review(account: i32, event: Slice, who: Slice): void {
  const from = mark();
  const uri = size(who) ? writeTargetUri(account, who) : EMPTY;
  const known = findAutomatic(account, event);
  const isSame = known != null && equals(known.target, uri);
  if (known && !isSame) drop(known);
  if (size(uri) && !isSame && checkTarget(account, uri) == Status.Ok) {
    const s = take(account, event, uri, EMPTY, true);
    if (s) begin(s);
  }
  rewind(from);
}

function findAutomatic(account: i32, event: Slice): Subscription | null {
  for (let place: u32 = 0; place < subscriptionPlaces(); place++) {
    const s = subscriptionAt(place);
    if (s && s.isAutomatic && s.account == account && equals(s.event, event)) return s;
  }
  return null;
}

function drop(s: Subscription): void {
  if (s.state == State.Terminated) releaseSubscription(s);
  else unsubscribe(s);
}

/** A new one, on its way; null when there is no room. */
function take(account: i32, event: Slice, uri: Slice, body: Slice, isAutomatic: bool): Subscription | null {
  const s = takeSubscription(account);
  if (!s) return null;
  s.isAutomatic = isAutomatic;
  s.event = keep(event);
  s.target = keep(uri);
  s.text = keep(body);
  const isKept = isPresent(s.target) && (isPresent(s.event) || isPresent(s.text));
  if (isKept) return s;
  releaseSubscription(s);
  return null;
}

// ---- commands ----

/** Answers the subscription's handle, or a negative Status; account 0 is the lowest enabled one. */
export function subscribe(account: i32, event: Slice, target: Slice): i32 {
  return isToken(event) ? order(account, event, target, EMPTY) : Status.BadArgument;
}

/** Answers the message's handle, or a negative Status: WrongState for an account that is not registered. */
export function sendMessage(account: i32, target: Slice, body: Slice): i32 {
  if (size(body) > MOST_TEXT) return Status.TooLarge;
  if (!size(body)) return Status.BadArgument;
  const by = account ? account : lowestAccount();
  if (by && waitsForRegistration(by) && !wayOf(by).isRegistered) return Status.WrongState;
  return order(account, EMPTY, target, body);
}

function order(account: i32, event: Slice, target: Slice, body: Slice): i32 {
  const by = account ? account : lowestAccount();
  if (!isEnabled(by)) return Status.NoSuchThing;
  if (isGoingOff()) return Status.WrongState;
  const from = mark();
  const uri = writeTargetUri(by, target);
  const status = checkTarget(by, uri);
  const s = status == Status.Ok ? take(by, event, uri, body, false) : null;
  rewind(from);
  if (!s) return status == Status.Ok ? Status.Full : status;
  const handle = s.handle;
  begin(s);
  return handle;
}

export function unsubscribeFrom(handle: u32): Status {
  const s = findSubscription(handle);
  if (!s || s.isMessage) return Status.NoSuchThing;
  if (s.state == State.Leaving) return Status.WrongState;
  unsubscribe(s);
  return Status.Ok;
}
