import { behind, countUse, isOfProxy, meetChallenge, valueOf } from "../../../assembly/auth/met";
import { openBlocks } from "../../../assembly/bytes/blocks";
import { EMPTY, end, equals, isPresent, Slice, start, w } from "../../../assembly/bytes/slice";
import { Challenge, newChallenge } from "../../../assembly/message/challenge";
import { openMessage } from "../../../assembly/message/message";
import { openOutput } from "../../../assembly/output/output";
import { openTestArena } from "../support/arena";

let scratch: Challenge = changetype<Challenge>(0);

function countRows(rows: Slice): i32 {
  let n = 0;
  for (let row = start(rows); row < end(rows); row = behind(row)) n++;
  return n;
}

describe("the challenges of a call", () => {
  beforeEach(() => {
    openTestArena();
    openBlocks(64 * 1024);
    openMessage();
    openOutput();
    scratch = newChallenge();
  });

  it("are kept one for each realm", () => {
    let rows = meetChallenge(EMPTY, w('Digest realm="a",nonce="1"'), true, true, scratch);
    rows = meetChallenge(rows, w('Digest realm="b",nonce="2"'), true, false, scratch);
    expect(countRows(rows)).toBe(2);
    expect(equals(valueOf(start(rows)), w('Digest realm="a",nonce="1"'))).toBe(true);
    expect(isOfProxy(start(rows))).toBe(true);
  });

  it("keep a server's apart from a proxy's of the same realm", () => {
    let rows = meetChallenge(EMPTY, w('Digest realm="a",nonce="1"'), true, true, scratch);
    rows = meetChallenge(rows, w('Digest realm="a",nonce="1"'), false, false, scratch);
    expect(countRows(rows)).toBe(2);
    expect(isOfProxy(behind(start(rows)))).toBe(false);
  });

  it("count the uses of each nonce, from 1", () => {
    let rows = meetChallenge(EMPTY, w('Digest realm="a",nonce="1"'), true, true, scratch);
    expect(countUse(start(rows))).toBe(1);
    expect(countUse(start(rows))).toBe(2);
    rows = meetChallenge(rows, w('Digest realm="b",nonce="2"'), true, false, scratch);
    expect(countUse(start(rows))).toBe(3);
    expect(countUse(behind(start(rows)))).toBe(1);
  });

  it("begin a new count with a new nonce", () => {
    let rows = meetChallenge(EMPTY, w('Digest realm="a",nonce="1"'), true, true, scratch);
    countUse(start(rows));
    rows = meetChallenge(rows, w('Digest realm="a",nonce="2",stale=true'), true, false, scratch);
    expect(countRows(rows)).toBe(1);
    expect(countUse(start(rows))).toBe(1);
  });

  it("end when credentials were rejected", () => {
    const rows = meetChallenge(EMPTY, w('Digest realm="a",nonce="1"'), true, true, scratch);
    expect(isPresent(meetChallenge(rows, w('Digest realm="a",nonce="2"'), true, false, scratch))).toBe(false);
    expect(countRows(rows)).toBe(1);
  });

  it("are answered anew for the next request", () => {
    const rows = meetChallenge(EMPTY, w('Digest realm="a",nonce="1"'), true, true, scratch);
    expect(isPresent(meetChallenge(rows, w('Digest realm="a",nonce="2"'), true, true, scratch))).toBe(true);
  });
});
