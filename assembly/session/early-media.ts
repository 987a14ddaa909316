// Answers that come before the 2xx, one for each fork (RFC 3262 §5, RFC 6337 §3.1): the first that came reliably holds.

import { EMPTY, isPresent, size, Slice } from "../bytes/slice";
import { keep, release } from "../bytes/blocks";
import { Dialog, Exchange, replaced } from "../dialog/dialog";
import { Call } from "./call";
import { answerOffer, MediaVerdict, takeAnswer, withdrawOffer } from "./media";

/**
 * The peer answered our offer in a provisional response, or in its PRACK. Unreliably it may still change. What can't be
 * used is passed over: the next one may do. `d` null: there is no dialog to keep it for.
 */
export function takeEarlyAnswer(call: Call, d: Dialog | null, sdp: Slice, isReliable: bool): bool {
  if (!size(sdp) || (d && d.exchange != Exchange.Open)) return false;
  if (takeAnswer(call, sdp, true) != MediaVerdict.Agreed) return false;
  if (call.isOutgoing) call.remoteSdp = replaced(call.remoteSdp, sdp);
  if (!d) return true;
  d.answer = replaced(d.answer, sdp);
  if (isReliable) {
    d.exchange = Exchange.Agreed;
    keepOffer(call);
  }
  return true;
}

// It is in force, so that the next answer counts on from its o= version; other forks may still answer it.
function keepOffer(call: Call): void {
  if (isPresent(call.localSdp)) return;
  call.localSdp = keep(call.proposedSdp);
  call.localVersion = call.proposedVersion;
}

/** The fork answers the call: what it has agreed on goes with the dialog. */
export function inherit(d: Dialog, fork: Dialog): void {
  d.remoteSequence = fork.remoteSequence;
  d.localSequence = max(d.localSequence, fork.localSequence);
  d.exchange = fork.exchange;
  d.answer = fork.answer;
  fork.answer = EMPTY;
}

/**
 * The call is answered. What was agreed on reliably holds, whatever the 2xx says; else its SDP counts, or, since some gateways do not
 * repeat it there, what came before: of this fork, or of any.
 */
export function settle(call: Call, d: Dialog, sdp: Slice): MediaVerdict {
  const before = d.exchange;
  d.exchange = Exchange.Open;
  if (before == Exchange.Changed) {
    withdrawOffer(call);
    return answerOffer(call, call.remoteSdp);
  }
  let answer = before == Exchange.Agreed || !size(sdp) ? d.answer : sdp;
  if (!size(answer)) answer = call.remoteSdp;
  const verdict = size(answer) ? takeAnswer(call, answer) : MediaVerdict.Unreadable;
  release(d.answer);
  d.answer = EMPTY;
  return verdict;
}
