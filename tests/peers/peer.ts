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
  costume: Costume;
}

/** What makes a phone of ours, Bob's in tests/pair, look like that system to the others. */
export interface Costume {
  /** Lines of its configuration. */
  config: string;
  /** The same of the others, each in its turn: beside what all of them have toward that system. */
  others: string[];
  /** Of what it sends. */
  says: Edit[];
  /** Of what it is sent, before it sees it. */
  hears: Edit[];
  /** Of what it is sent, as it comes. */
  demands: Demand[];
  /** The version in its o= lines counts its requests, not its changes. */
  countsVersions: boolean;
}

/**
 * `of`: of messages with a matching name. That of a request is its method, of one with a To tag "INVITE inside"; that of a
 * response "200 INVITE". `find` is looked for in the whole message.
 */
export interface Edit {
  of: RegExp;
  find: RegExp;
  put: string;
}

/** A message of such a name has to have this in it; `id` says who wants that. */
export interface Demand {
  id: string;
  of: RegExp;
  has: RegExp;
}

/** Edits of header lines. */
export const without = (of: RegExp, name: string): Edit => ({
  of,
  find: new RegExp(`^${name}: .*\r\n`, "gm"),
  put: "",
});

export const withLine = (of: RegExp, line: string): Edit => ({
  of,
  find: /\r\nContent-Length:/,
  put: `\r\n${line}\r\nContent-Length:`,
});

export const allowing = (allow: string): Edit => ({ of: /./, find: /^Allow: .*$/m, put: `Allow: ${allow}` });
