// What the phone's application is told of a registration, each time that it changes.

import { size, Slice, w } from "../bytes/slice";
import { EventKind } from "../output/abi-numbers";
import { beginEvent, endEvent, numberField, textField } from "../output/output";
import { findFlow, transportName } from "../transport/flow";
import { FailureRule, failureId, failureWords } from "./failure-rule";
import { Registration } from "./registration";

/** `granted`: seconds. */
export function sayRegistered(r: Registration, granted: i64): void {
  const flow = findFlow(r.flow);
  r.isSaid = true;
  r.saidRule = FailureRule.None;
  if (!flow) return;
  if (!beginEvent(EventKind.AccountRegistered, w("account.registered"))) return;
  whoFields(r);
  textField(w("address"), r.address);
  numberField(w("port"), r.port);
  textField(w("transport"), transportName(flow.transport));
  textField(w("contact"), r.bound);
  numberField(w("expires"), granted);
  endEvent();
}

/** Once for each cause. `reason`: words of the server, if it gave any; `waitMs`: until the next try. */
export function sayFailed(r: Registration, rule: FailureRule, status: i32, reason: Slice, waitMs: i64): void {
  r.isSaid = false;
  if (r.saidRule == rule && r.saidStatus == status) return;
  r.saidRule = rule;
  r.saidStatus = status;
  if (!beginEvent(EventKind.AccountFailed, w("account.failed"))) return;
  whoFields(r);
  numberField(w("status"), status);
  textField(w("reason"), size(reason) ? reason : failureWords(rule));
  numberField(w("retry"), (waitMs + 999) / 1000);
  textField(w("rule"), failureId(rule));
  textField(w("words"), failureWords(rule));
  endEvent();
}

export function sayUnregistered(r: Registration): void {
  r.isSaid = false;
  r.saidRule = FailureRule.None;
  if (!beginEvent(EventKind.AccountUnregistered, w("account.unregistered"))) return;
  whoFields(r);
  endEvent();
}

function whoFields(r: Registration): void {
  numberField(w("account"), r.account);
  numberField(w("server"), r.server);
}
