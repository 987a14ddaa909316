// Calls to the numbers of ringlet.emergency.numbers: by any account and server that answers, and no timer ends them.

import { hasServer } from "../account/servers";
import { writeTargetUri } from "../account/target";
import { beginAttempts } from "../auth/attempts";
import { EMPTY, w } from "../bytes/slice";
import { release } from "../bytes/blocks";
import { releaseDialog, replaced } from "../dialog/dialog";
import { parseUri, Uri } from "../message/uri";
import { mark, rewind } from "../output/output";
import { ACCOUNTS, Key } from "../settings/keys";
import { number } from "../settings/settings";
import { stopTimer } from "./session-timer";
import { Call, CallState, Change, releaseForks, stopSearching, stopTimers } from "./call";
import { sayNotice } from "./call-events";
import { resetCallTimer } from "./call-timer";
import { EndRule } from "./end-rule";
import { leaveInvite } from "./fail-over";
import { proceed } from "./invite";
import { locate } from "./locate";
import { withdrawOffer } from "./media";

const uri = changetype<Uri>(memory.data(offsetof<Uri>(), 8));

/** What would end another call does not end this one: true if it goes on. */
export function goesOn(call: Call, status: i32, rule: EndRule): bool {
  if (!call.isEmergency || call.isOver || call.wantsEnd) return false;
  if (call.state == CallState.Up) return outlives(call, status, rule);
  return call.isOutgoing && call.state < CallState.Cancelling && turnToOther(call);
}

/** Nothing of the session timer counts any more. */
function outlives(call: Call, status: i32, rule: EndRule): bool {
  if (rule < EndRule.SessionExpired || rule > EndRule.RefreshTooLate) return false;
  stopTimers(call);
  stopTimer(call.timer);
  withdrawOffer(call);
  call.change = Change.None;
  call.changeTransaction = 0;
  call.refreshIsDue = false;
  sayNotice(call, w("refresh"), status);
  return true;
}

/** The next account that has a server, and was not tried yet. */
function turnToOther(call: Call): bool {
  call.triedAccounts |= 1 << call.account;
  for (let account = 1; account <= ACCOUNTS; account++) {
    const isTried = (call.triedAccounts >>> account) & 1;
    if (isTried || !number(Key.Enable, account) || !hasServer(account)) continue;
    begin(call, account);
    return true;
  }
  return false;
}

function begin(call: Call, account: i32): void {
  call.account = account;
  leaveInvite(call);
  call.guard.stop();
  stopSearching(call);
  releaseForks(call);
  const d = call.dialog;
  if (d) releaseDialog(d);
  call.dialog = null;
  const from = mark();
  if (parseUri(call.remoteUri, uri))
    call.remoteUri = replaced(call.remoteUri, writeTargetUri(account, uri.user));
  rewind(from);
  release(call.hopAddress);
  call.hopAddress = EMPTY;
  release(call.localAddress);
  call.localAddress = EMPTY;
  beginAttempts(call.attempts);
  call.place = 0;
  call.way = 0;
  call.awaitedWay = 0;
  call.isAimed = false;
  call.state = CallState.Locating;
  call.endStatus = 503;
  call.endRule = EndRule.NotLocated;
  resetCallTimer(call, true);
  proceed(call, locate(call));
}
