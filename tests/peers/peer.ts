// What a system does otherwise than the scripted peer: its headers, its timer, its answers. One file for each system.

import type { Headers } from "../support/scripted-peer.js";

export interface System {
  name: string;
  /** Lines of the phone's configuration that one sets toward it. */
  config: string;
  /** Allow of its messages; null where it sends none. */
  allow: string | null;
  /** Header lines of its INVITE, and of its 2xx to one. */
  invite: Headers;
  accepts: Headers;
  /** How it refreshes a session that it is the refresher of. */
  refreshes: "UPDATE" | "INVITE" | "never";
  /** Seconds after which it does so, of an interval of 1800. */
  refreshesAfter: number;
  /** Header lines of its refresh. */
  refresh: Headers;
  /** Status of its answer to these requests in a call; 200 for all others. */
  answers: Record<string, number>;
}
