// The demonstration: `npm start`. Two phones on this machine, from caller.cfg and callee.cfg, on real sockets.
//
// One calls the other; every message is drawn as it leaves, and what the two agreed about keeping the call
// alive is told in words. The call is refreshed twice and ends by itself: two minutes from the first line.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { type Event, EventKind, Phone, statusText, type Traced } from "../host/node/index.js";
import { arrow, heading, say, secondsSinceStart } from "./ladder.js";

const LOOPBACK = "127.0.0.1";
/** The callee lets it ring for so long. */
const RINGING_MS = 2000;
/** The last response is still on its way. */
const PAUSE_MS = 300;
/** With an interval of 90 seconds the refreshes come at about 45 and 90 seconds of the call. */
const HANG_UP_AFTER_SECONDS = 112;
const REFRESHES = 2;

/** Seen from build/js/examples. */
const EXAMPLES = fileURLToPath(new URL("../../../examples/", import.meta.url));

class Party {
  readonly phone: Phone;
  port = 0;

  constructor(readonly name: string) {
    const file = `${name}.cfg`;
    this.phone = new Phone({
      configs: [{ name: file, text: readFileSync(EXAMPLES + file) }],
      bind: LOOPBACK,
    });
    this.phone.on("event", (event) => {
      if (event.event === EventKind.PhoneReady) this.port = Number(event.fields["port"]);
    });
  }

  /** Resolves with the next event of this kind. */
  next(kind: EventKind): Promise<Event> {
    return new Promise((resolve) => {
      const look = (event: Event) => {
        if (event.event !== kind) return;
        this.phone.off("event", look);
        resolve(event);
      };
      this.phone.on("event", look);
    });
  }
}

export async function main(): Promise<void> {
  const caller = new Party("caller");
  const callee = new Party("callee");
  try {
    await show(caller, callee);
  } finally {
    await Promise.all([caller.phone.close(), callee.phone.close()]);
  }
}

async function show(caller: Party, callee: Party): Promise<void> {
  say("Two phones on this machine, started from examples/caller.cfg and examples/callee.cfg.");
  await start(caller);
  await start(callee);
  say(`${caller.name} listens at ${LOOPBACK}:${caller.port}, ${callee.name} at ${LOOPBACK}:${callee.port}.`);
  draw(caller, true);
  draw(callee, false);
  const refreshes = countRefreshes(caller, callee);
  const ended = caller.next(EventKind.CallEnded);
  const noticed = callee.next(EventKind.CallEnded);
  const isLost = ended.then(() => true);
  const call = await connect(caller, callee);
  while (secondsSinceStart() < HANG_UP_AFTER_SECONDS) {
    if (await Promise.race([isLost, pause(500, false)])) break;
  }
  say(`The call was refreshed ${refreshes()} times. ${caller.name} hangs up.`);
  caller.phone.hangup(call);
  tellEnd(caller, await ended);
  tellEnd(callee, await noticed);
  await pause(PAUSE_MS);
  if (refreshes() < REFRESHES) process.exitCode = 1;
}

async function start(party: Party): Promise<void> {
  const ready = party.next(EventKind.PhoneReady);
  await party.phone.start();
  await ready;
}

/** Each phone draws what it sends, so that each message is drawn once. */
function draw(party: Party, isLeft: boolean): void {
  party.phone.on("trace", ({ direction, bytes }: Traced) => {
    if (direction === "sent") arrow(firstLine(bytes), isLeft, timerHeaders(bytes));
  });
}

function firstLine(bytes: Uint8Array): string {
  const line = Buffer.from(bytes).toString("utf8").split("\r\n", 1)[0] ?? "";
  return line.replace(/ SIP\/2\.0$/, "").replace(/^SIP\/2\.0 /, "");
}

/** The headers with which the two agree about the timer. */
function timerHeaders(bytes: Uint8Array): string {
  const found =
    Buffer.from(bytes)
      .toString("utf8")
      .match(/^(Session-Expires|Min-SE): .*$/gim) ?? [];
  return found.map((line) => line.trim()).join(", ");
}

/** Answers the caller's handle of the call, once it is up. */
async function connect(caller: Party, callee: Party): Promise<number> {
  const user = callee.phone.get("account.1.user_name");
  const incoming = callee.next(EventKind.CallIncoming);
  const established = caller.next(EventKind.CallEstablished);
  heading(caller.name, callee.name);
  const call = caller.phone.call(`sip:${user}@${LOOPBACK}:${callee.port}`);
  if (call < 0) throw new Error(`the call can't be made: ${statusText(call)}`);
  const ringing = await incoming;
  say(`${callee.name} rings: ${ringing.fields["from"]} is calling.`);
  await pause(RINGING_MS);
  say(`${callee.name} answers.`);
  callee.phone.answer(ringing.call);
  explain(caller, callee, await established);
  return call;
}

/** The negotiated timer in words: who refreshes, when, and when the call would be cut (RFC 4028 §10). */
function explain(caller: Party, callee: Party, { fields }: Event): void {
  const { refresher, words } = fields;
  const expires = Number(fields["expires"]);
  if (refresher === "none") return say(`No session timer: ${words}. The call lasts until somebody hangs up.`);
  const [who, other] = refresher === "local" ? [caller, callee] : [callee, caller];
  const cut = expires - Math.min(32, expires / 3);
  say(
    `The call is up. The session lasts ${expires} seconds and ${who.name} refreshes it (${words}): ` +
      `every ${expires / 2} seconds it asks whether the other side is still there.`,
  );
  say(
    `If no refresh came through for ${Math.floor(cut)} seconds, ${other.name} would take ${who.name} for dead and ` +
      `cut the call; so no call stays open, and no one pays, because a phone lost its power.`,
  );
  say(`Now wait: the first refresh comes ${expires / 2} seconds after the answer.`);
}

function countRefreshes(caller: Party, callee: Party): () => number {
  let count = 0;
  caller.phone.on("event", ({ event, fields }) => {
    if (event !== EventKind.CallRefreshed) return;
    count++;
    const who = fields["by"] === "local" ? caller.name : callee.name;
    say(`Refreshed by ${who} with ${fields["method"]}: good for another ${fields["expires"]} seconds.`);
  });
  return () => count;
}

function tellEnd(party: Party, { fields }: Event): void {
  say(`The call is over for ${party.name}: ${fields["reason"]} (${fields["rule"]}).`);
}
