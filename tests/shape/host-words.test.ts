// Hosts carry bytes and know no word of SIP: what the phone does is decided in the module only.
//
// The names of the ABI and the verbs of the command line are exempt; a verb such as `transfer` is not
// looked for, and ABI names start with `sip_`, which no pattern here touches.

import assert from "node:assert/strict";
import { test } from "node:test";
import { filesBelow, readText } from "../support/files.js";

const METHODS =
  "INVITE ACK BYE CANCEL OPTIONS UPDATE REGISTER INFO PRACK SUBSCRIBE NOTIFY REFER MESSAGE PUBLISH".split(
    " ",
  );

/** As they are written in a message; a plain English word counts only where it looks like a header. */
const HEADERS =
  "Via|Call-ID|CSeq|Max-Forwards|Record-Route|Session-Expires|Min-SE|Retry-After|Content-Type|Content-Length|Content-Disposition|WWW-Authenticate|Proxy-Authenticate|Proxy-Authorization|Authorization|User-Agent|Allow-Events|Proxy-Require|Unsupported|Refer-To|Referred-By|Event-State|RSeq|RAck";
const HEADER_LINES =
  "From|To|Contact|Route|Require|Supported|Allow|Accept|Reason|Warning|Expires|Date|Event|Subject";

const REASONS =
  "Trying|Session Progress|Moved Temporarily|Moved Permanently|Bad Request|Unauthorized|Not Found|Method Not Allowed|Request Timeout|Bad Extension|Extension Required|Session Interval Too Small|Temporarily Unavailable|Call/Transaction Does Not Exist|Loop Detected|Too Many Hops|Address Incomplete|Busy Here|Request Terminated|Not Acceptable Here|Request Pending|Server Internal Error|Not Implemented|Service Unavailable|Server Time-out|Busy Everywhere|Decline";

const FORBIDDEN: [string, RegExp][] = [
  ["a version", /SIP\/2/i],
  ["a scheme", /\b(sips?|tel):/i],
  ["a method", new RegExp(`\\b(${METHODS.join("|")})\\b`)],
  ["a header", new RegExp(`\\b(${HEADERS})\\b`)],
  ["a header line", new RegExp(`["'\`](${HEADER_LINES}):|\\b(${HEADER_LINES}): ?[<$]`)],
  ["a reason phrase", new RegExp(`\\b(${REASONS})\\b`)],
  ["a branch cookie", /z9hG4bK/],
  ["a session description", /application\/sdp|["'`][vosctma]=/],
];

/** What a text says of SIP, as "what: words". */
function wordsOfSip(text: string): string[] {
  return FORBIDDEN.flatMap(([what, pattern]) => {
    const found = pattern.exec(text);
    return found ? [`${what}: ${found[0]}`] : [];
  });
}

const C_FILES = [...filesBelow("host/c", ".c"), ...filesBelow("host/c", ".h")];

for (const file of [...filesBelow("host/node", ".ts"), ...C_FILES, "bin/ringlet.mjs"]) {
  test(`${file} has no word of SIP`, () => {
    assert.deepEqual(wordsOfSip(readText(file)), []);
  });
}

test("the search finds what it looks for", () => {
  const guilty = [
    'line.startsWith("INVITE ")',
    '"SIP/2.0 200"',
    '"Session-Expires"',
    '"From: "',
    "`Contact: <${uri}>`",
    "sip:alice",
    "Busy Here",
    "application/sdp",
  ];
  for (const text of guilty) assert.notDeepEqual(wordsOfSip(text), [], text);
  assert.deepEqual(wordsOfSip("sip_call, sip_receive: the ABI; call, answer, reject, transfer: verbs"), []);
});
