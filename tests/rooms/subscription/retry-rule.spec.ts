import { Slice, w } from "../../../assembly/bytes/slice";
import { Package, packageOf } from "../../../assembly/subscription/package";
import {
  endsSubscription,
  Retry,
  retryAfterReason,
  retryAfterStatus,
} from "../../../assembly/subscription/retry-rule";

function afterReason(reason: Slice, retry: Retry): void {
  expect(retryAfterReason(reason)).toBe(retry);
}

describe("whether a subscription that ended is had again (RFC 6665 §4.1.3)", () => {
  it("at once", () => {
    afterReason(w("deactivated"), Retry.Now);
    afterReason(w("timeout"), Retry.Now);
    afterReason(w("Timeout"), Retry.Now);
  });

  it("later: told to, without a reason, and with one that nobody knows", () => {
    afterReason(w("probation"), Retry.Later);
    afterReason(w("giveup"), Retry.Later);
    afterReason(w(""), Retry.Later);
    afterReason(w("lunch"), Retry.Later);
    // A list of ours is no list of theirs.
    afterReason(w("deactivated,timeout"), Retry.Later);
    afterReason(w(","), Retry.Later);
  });

  it("never", () => {
    afterReason(w("rejected"), Retry.Never);
    afterReason(w("NoResource"), Retry.Never);
    afterReason(w("invariant"), Retry.Never);
  });
});

describe("whether one that was refused is tried again (RFC 6665 §4.1.2)", () => {
  it("481 at once", () => expect(retryAfterStatus(481)).toBe(Retry.Now));

  it("what passes, later", () => {
    const passing: i32[] = [0, 408, 480, 486, 491, 500, 503, 504, 599];
    for (let i = 0; i < passing.length; i++) {
      expect(retryAfterStatus(passing[i])).toBe(Retry.Later, passing[i].toString());
    }
  });

  it("what somebody has to change first, seldom", () => {
    const lasting: i32[] = [401, 403, 404, 405, 407, 416, 423, 489, 501, 600, 603, 604];
    for (let i = 0; i < lasting.length; i++) {
      expect(retryAfterStatus(lasting[i])).toBe(Retry.Seldom, lasting[i].toString());
    }
  });
});

describe("answers to a refresh (RFC 6665 §4.1.2.2)", () => {
  it("that end the subscription, and all others", () => {
    const ending: i32[] = [404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604];
    for (let status = 300; status < 700; status++) {
      expect(endsSubscription(status)).toBe(ending.includes(status), status.toString());
    }
  });
});

describe("event packages", () => {
  it("are known by their names, byte by byte (RFC 6665 §8.2.1)", () => {
    expect(packageOf(w("message-summary"))).toBe(Package.MessageSummary);
    expect(packageOf(w("dialog"))).toBe(Package.Dialog);
    expect(packageOf(w("reg"))).toBe(Package.Reg);
    expect(packageOf(w("Dialog"))).toBe(Package.Other);
    expect(packageOf(w("dialog.winfo"))).toBe(Package.Other);
    expect(packageOf(w(""))).toBe(Package.Other);
  });
});
