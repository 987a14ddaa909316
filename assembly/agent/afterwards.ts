// What is left to do when the work of a call of the ABI is done, before its Wake.

import { takeAwaited } from "../account/way";
import { registerAwaited } from "../registration/registrations";
import { tellMonitors } from "../csta/monitor";
import { reviewConference } from "../session/conference";
import { sayStopped } from "./command";
import { tellServers } from "./feature-code";

export function finish(): void {
  for (;;) {
    const way = takeAwaited();
    if (!way) break;
    registerAwaited(way);
  }
  tellServers();
  reviewConference();
  tellMonitors();
  sayStopped();
}
