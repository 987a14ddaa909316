// 3xx to our INVITE: the call goes on to the Contact with the highest q (RFC 3261 §8.1.3.4).

import { bestContact } from "../account/redirection";
import { beginAttempts } from "../auth/attempts";
import { isPresent } from "../bytes/slice";
import { Message } from "../message/message";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { endCall } from "./bye";
import { Call } from "./call";
import { Side } from "./call-events";
import { EndRule } from "./end-rule";
import { retarget } from "./invite";

/** A loop of redirections ends here. */
const MOST_REDIRECTS: i32 = 5;

export function isRedirect(call: Call, m: Message): bool {
  const status = m.status;
  const isOne = status == 300 || status == 301 || status == 302;
  return isOne && number(Key.FollowRedirect, call.account) != 0;
}

export function followRedirect(call: Call, m: Message): void {
  const target = bestContact(m);
  if (!isPresent(target)) return endCall(call, Side.Remote, m.status, EndRule.PeerRefused, m.reason);
  if (++call.redirects > MOST_REDIRECTS) {
    return endCall(call, Side.Local, m.status, EndRule.TooManyRedirects);
  }
  beginAttempts(call.attempts);
  retarget(call, target);
}
