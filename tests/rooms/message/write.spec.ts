import { EMPTY, equals, Slice, w } from "../../../assembly/bytes/slice";
import { openMessage } from "../../../assembly/message/message";
import {
  putBody,
  putHeader,
  putNumberHeader,
  putStatusLine,
  reasonPhrase,
} from "../../../assembly/message/write";
import { mark, openOutput, written } from "../../../assembly/output/output";
import { openTestArena } from "../support/arena";

let from: usize = 0;

function wrote(expected: Slice): bool {
  return equals(written(from), expected);
}

beforeEach(() => {
  openTestArena();
  openMessage();
  openOutput();
  from = mark();
});

describe("writing", () => {
  it("header lines", () => {
    putHeader(w("Subject"), w("lunch"));
    putNumberHeader(w("Min-SE"), 90);
    expect(wrote(w("Subject: lunch\r\nMin-SE: 90\r\n"))).toBe(true);
  });

  it("a body and what it needs", () => {
    putBody(w("application/sdp"), w("v=0\r\n"));
    expect(wrote(w("Content-Type: application/sdp\r\nContent-Length: 5\r\n\r\nv=0\r\n"))).toBe(true);
  });

  it("no body", () => {
    putBody(w("application/sdp"), EMPTY);
    expect(wrote(w("Content-Length: 0\r\n\r\n"))).toBe(true);
  });

  it("status lines", () => {
    putStatusLine(486, EMPTY);
    putStatusLine(400, w("Missing Via"));
    expect(wrote(w("SIP/2.0 486 Busy Here\r\nSIP/2.0 400 Missing Via\r\n"))).toBe(true);
  });

  it("knows the usual phrases, and that of the class for others", () => {
    expect(equals(reasonPhrase(100), w("Trying"))).toBe(true);
    expect(equals(reasonPhrase(183), w("Session Progress"))).toBe(true);
    expect(equals(reasonPhrase(200), w("OK"))).toBe(true);
    expect(equals(reasonPhrase(302), w("Moved Temporarily"))).toBe(true);
    expect(equals(reasonPhrase(422), w("Session Interval Too Small"))).toBe(true);
    expect(equals(reasonPhrase(481), w("Call/Transaction Does Not Exist"))).toBe(true);
    expect(equals(reasonPhrase(487), w("Request Terminated"))).toBe(true);
    expect(equals(reasonPhrase(513), w("Message Too Large"))).toBe(true);
    expect(equals(reasonPhrase(603), w("Decline"))).toBe(true);
    expect(equals(reasonPhrase(299), w("OK"))).toBe(true);
    expect(equals(reasonPhrase(499), w("Bad Request"))).toBe(true);
    expect(equals(reasonPhrase(504), w("Server Internal Error"))).toBe(true);
    expect(equals(reasonPhrase(699), w("Busy Everywhere"))).toBe(true);
  });
});
