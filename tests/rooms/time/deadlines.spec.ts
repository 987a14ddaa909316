import { NEVER } from "../../../assembly/time/clock";
import {
  armedDeadlines,
  Deadline,
  newDeadline,
  nextDeadline,
  openDeadlines,
  takeDue,
} from "../../../assembly/time/deadlines";
import { Timer } from "../../../assembly/time/timer";
import { openTestArena } from "../support/arena";

const MOST: i32 = 64;

function made(owner: u32): Deadline {
  const deadline = newDeadline();
  deadline.owner = owner;
  return deadline;
}

/** Owner of what is due, 0 for none. */
function take(now: i64): u32 {
  const due = takeDue(now);
  return due ? due.owner : 0;
}

describe("deadlines", () => {
  beforeEach(() => {
    openTestArena();
    openDeadlines(MOST);
  });

  it("has none at first", () => {
    expect(nextDeadline()).toBe(NEVER);
    expect(take(NEVER)).toBe(0);
    made(1).stop();
    expect(armedDeadlines()).toBe(0);
  });

  it("fires in order of time and not before", () => {
    made(3).arm(Timer.A, 30);
    made(1).arm(Timer.B, 10);
    made(2).arm(Timer.C, 20);
    expect(nextDeadline()).toBe(10);
    expect(take(9)).toBe(0);
    expect(take(10)).toBe(1);
    expect(nextDeadline()).toBe(20);
    expect(take(100)).toBe(2);
    expect(take(100)).toBe(3);
    expect(take(100)).toBe(0);
    expect(nextDeadline()).toBe(NEVER);
  });

  it("fires equal ones in the order of arming", () => {
    for (let owner = 1; owner <= MOST; owner++) made(owner).arm(Timer.E, 500);
    for (let owner = 1; owner <= MOST; owner++) expect(take(500)).toBe(owner);
  });

  it("counts arming again as arming later", () => {
    const first = made(1);
    first.arm(Timer.E, 500);
    made(2).arm(Timer.E, 500);
    first.arm(Timer.E, 500);
    expect(armedDeadlines()).toBe(2);
    expect(take(500)).toBe(2);
    expect(take(500)).toBe(1);
  });

  it("stands for one timer only, the last", () => {
    const one = made(1);
    expect(one.isArmed(Timer.None)).toBe(false);
    one.arm(Timer.A, 500);
    one.arm(Timer.B, 32000);
    expect(one.isArmed(Timer.A)).toBe(false);
    expect(one.isArmed(Timer.B)).toBe(true);
    expect(nextDeadline()).toBe(32000);
    one.arm(Timer.D, 100);
    expect(nextDeadline()).toBe(100);
    expect(take(100)).toBe(1);
    expect(one.isArmed(Timer.D)).toBe(false);
    expect(one.timer).toBe(Timer.D);
  });

  it("stops the first, the last and one between", () => {
    const first = made(1);
    const between = made(2);
    const last = made(3);
    first.arm(Timer.A, 1);
    between.arm(Timer.A, 2);
    last.arm(Timer.A, 3);
    between.stop();
    between.stop();
    expect(armedDeadlines()).toBe(2);
    first.stop();
    expect(nextDeadline()).toBe(3);
    last.stop();
    expect(nextDeadline()).toBe(NEVER);
    between.arm(Timer.A, 7);
    expect(take(7)).toBe(2);
  });

  it("are no more than there is room for", () => {
    for (let i = 0; i < MOST; i++) made(i).arm(Timer.A, i);
    expect(armedDeadlines()).toBe(MOST);
    expect(() => {
      newDeadline();
    }).toThrow();
  });

  it("may be armed again while the due ones are taken", () => {
    const one = made(1);
    one.arm(Timer.E, 0);
    for (let now: i64 = 0; now < 5; now++) {
      expect(take(now)).toBe(1);
      expect(take(now)).toBe(0);
      one.arm(Timer.E, now + 1);
    }
  });
});

// ---- against a plain model: for each owner when and in which order, and the least is searched for ----

const when = new StaticArray<i64>(MOST);
const order = new StaticArray<i32>(MOST);
const all = new StaticArray<usize>(MOST);
let seed: u32 = 1;

function below(n: u32): u32 {
  seed = seed * 1664525 + 1013904223;
  return (seed >>> 8) % n;
}

function leastOfModel(): i32 {
  let least = -1;
  for (let i = 0; i < MOST; i++) {
    if (when[i] < 0) continue;
    if (least < 0 || when[i] < when[least] || (when[i] == when[least] && order[i] < order[least])) least = i;
  }
  return least;
}

function armedInModel(): u32 {
  let armed = 0;
  for (let i = 0; i < MOST; i++) if (when[i] >= 0) armed++;
  return armed;
}

function takeBoth(now: i64): bool {
  const least = leastOfModel();
  const due = takeDue(now);
  if (least < 0 || when[least] > now) return due == null;
  if (due == null) return false;
  when[least] = -1;
  return due.owner == <u32>least;
}

function agrees(): bool {
  const least = leastOfModel();
  return nextDeadline() == (least < 0 ? NEVER : when[least]) && armedDeadlines() == armedInModel();
}

describe("deadlines at random", () => {
  it("are as in the model, twenty thousand times", () => {
    openTestArena();
    openDeadlines(MOST);
    for (let i = 0; i < MOST; i++) {
      all[i] = changetype<usize>(made(i));
      when[i] = -1;
    }
    for (let step = 0; step < 20000; step++) {
      const i = <i32>below(MOST);
      const deadline = changetype<Deadline>(all[i]);
      const choice = below(8);
      if (choice < 4) {
        when[i] = <i64>below(50);
        order[i] = step;
        deadline.arm(Timer.E, when[i]);
      } else if (choice < 6) {
        when[i] = -1;
        deadline.stop();
      } else {
        assert(takeBoth(<i64>below(50)), "the same one is due");
      }
      assert(agrees(), "the same is next");
    }
    while (armedDeadlines()) assert(takeBoth(50));
    expect(leastOfModel()).toBe(-1);
  });
});
