// A 2xx to an INVITE whose call is over: the other side now has a call that nobody here wants.
//
// It is acknowledged and hung up as a late fork is (RFC 3261 §13.2.2.4). No call lends its dialog for that: who we
// are, and the target where the 2xx names none, stand in the INVITE, which its transaction keeps.

import { EMPTY, w } from "../bytes/slice";
import { keep } from "../bytes/blocks";
import { Dialog, keepAddress, keepTarget, matchDialog, releaseDialog, takeDialog } from "../dialog/dialog";
import { establishAsCaller, keepIdentity } from "../dialog/establish";
import { beginRequest, branch, nextSequence } from "../dialog/in-dialog-request";
import { Header } from "../message/header";
import { Message } from "../message/message";
import { Method } from "../message/method";
import { tagOf } from "../message/tag";
import { putBody } from "../message/write";
import { sayBytes, written } from "../output/output";
import { Counter } from "../output/abi-numbers";
import { acknowledgeAgain, Purpose } from "../session/request";
import { nowMs } from "../time/clock";
import { ELSEWHERE, writeReason } from "../session/end-reason";
import { EndRule } from "../session/end-rule";
import { sendCancel } from "../transaction/cancel";
import { putRows } from "../transaction/copy-rows";
import { putCredentialsOf } from "../transaction/hop-request";
import { readKept } from "../transaction/kept-message";
import { bareHost, readTopVia, topVia } from "../transaction/top-via";
import { createClient, fingerprintOf, Transaction, useTimers } from "../transaction/transaction";
import { count } from "../output/counters";

/** A response whose transaction has no owner any more. */
export function receiveStrayResponse(t: Transaction, m: Message): void {
  if (<Purpose>t.purpose == Purpose.InviteLeft && m.status < 200) return cancel(t);
  if (!isUnwantedCall(t, m)) return count(Counter.Stray);
  const known = matchDialog(m.header(Header.CallId), tagOf(m, Header.From), tagOf(m, Header.To));
  if (known) return acknowledgeAgain(known);
  const invite = readKept(t);
  const d = makeDialog(t, invite, m);
  if (!d) return count(Counter.NoRoom);
  acknowledge(d, invite);
  if (!hangUp(d, t, invite)) releaseDialog(d);
}

/** It was answered after the call had gone on to another target. Its 2xx may come all the same. */
function cancel(t: Transaction): void {
  t.purpose = <u8>Purpose.Invite;
  sendCancel(t, 0, Purpose.Cancel, writeReason(EndRule.AnsweredLate, 408), nowMs());
}

// The 2xx to a re-INVITE, or once more that of a call which has been and gone, needs nothing: a BYE was there.
function isUnwantedCall(t: Transaction, m: Message): bool {
  const isInvite = <Purpose>t.purpose == Purpose.Invite || <Purpose>t.purpose == Purpose.InviteLeft;
  if (!isInvite || m.status < 200 || m.status >= 300) return false;
  return t.toTag == 0 || t.toTag != fingerprintOf(tagOf(m, Header.To));
}

function makeDialog(t: Transaction, invite: Message, m: Message): Dialog | null {
  const d = takeDialog(0, t.flow);
  if (!d) return null;
  readTopVia(invite);
  const ok =
    keepTarget(d, invite.uri) &&
    keepAddress(d, t.address, t.port) &&
    keepIdentity(d, bareHost(topVia.host), invite.header(Header.Contact)) &&
    establishAsCaller(d, m);
  d.localSequence = t.cseq;
  d.ackSequence = t.cseq;
  if (ok) return d;
  releaseDialog(d);
  return null;
}

function acknowledge(d: Dialog, invite: Message): void {
  const from = beginRequest(d, Method.Ack, d.ackSequence);
  putCredentialsOf(invite);
  putBody(EMPTY, EMPTY);
  d.ack = keep(written(from));
  sayBytes(d.flow, d.address, d.port, written(from));
}

/** The dialog lives until its BYE is answered; false if that could not be sent. */
function hangUp(d: Dialog, t: Transaction, invite: Message): bool {
  const sequence = nextSequence(d);
  const bye = beginRequest(d, Method.Bye, sequence);
  const key = branch;
  putRows(invite, Header.Supported, w("Supported"));
  if (<Purpose>t.purpose == Purpose.InviteLeft) writeReason(EndRule.AnsweredLate, 408);
  else if (t.toTag) writeReason(EndRule.ForkLost, ELSEWHERE);
  putBody(EMPTY, EMPTY);
  const bytes = written(bye);
  useTimers(t.t1, t.t2, t.t4);
  const client = createClient(
    bytes,
    Method.Bye,
    key,
    sequence,
    d.flow,
    t.isReliable,
    d.address,
    d.port,
    d.handle,
    Purpose.ByeFork,
    nowMs(),
  );
  return client != null;
}
