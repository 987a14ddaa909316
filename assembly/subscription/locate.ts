// The way of an account that does not register, found for each first request anew. A try that fails is followed by one at the
// other server.

import { forgetHop, seekHop, searchHop } from "../account/hop";
import { hasServer, serverHost } from "../account/servers";
import { EMPTY, isPresent } from "../bytes/slice";
import { Key } from "../settings/keys";
import { number } from "../settings/settings";
import { Found } from "../transport/destination";
import { fail, sendFirst } from "./subscribe";
import { Subscription, subscriptionAt, subscriptionPlaces } from "./subscription";

/** Nothing leaves before the account is registered. */
export function waitsForRegistration(account: i32): bool {
  return number(Key.RegisterEnable, account) != 0 && hasServer(account);
}

export function search(s: Subscription): void {
  const server = s.failures & 1 && isPresent(serverHost(s.account, 2)) ? 2 : 1;
  searchHop(s.hop, s.account, server, s.target, false);
  leave(s, seekHop(s.hop));
}

/** The way is known, or what was asked for it has an answer. */
export function leave(s: Subscription, found: Found): void {
  if (found == Found.Wait) return;
  if (found == Found.Yes) sendFirst(s, s.hop);
  else fail(s, 0, EMPTY, -1);
  forgetHop(s.hop);
}

/** A connection is there. */
export function subscriptionFlowOpened(flow: u32): void {
  for (let place: u32 = 0; place < subscriptionPlaces(); place++) {
    const s = subscriptionAt(place);
    if (s && s.hop.flow == flow) leave(s, seekHop(s.hop));
  }
}
