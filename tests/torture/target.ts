// A phone to be shot at: Bob, who may be in a call with Alice, refreshed each 45 seconds.

import assert from "node:assert/strict";
import { inUse } from "../support/inside.js";
import { Pair, type SideIndex } from "../support/pair.js";

const CONFIG = [
  "account.1.session_timer.enable = 1",
  "account.1.session_timer.expires = 90",
  // The calls that strangers make ring for a while and are gone.
  "phone_setting.ringing_timeout = 30",
  "",
].join("\n");

const ALICE: SideIndex = 0;
const BOB: SideIndex = 1;
/** So many of the newest datagrams from Alice are remembered. */
const HEARD = 48;

export class Target {
  /** What Bob heard from Alice lately: datagrams that belong to his calls. */
  readonly heard: Buffer[] = [];
  readonly pair: Pair;
  /** Handle of the call at Bob's; 0 for none. */
  call = 0;
  /** Calls that Bob has taken so far. */
  calls = 0;
  refreshes = 0;
  private incoming = 0;
  private readonly size: number;

  constructor(config = "") {
    this.pair = new Pair({
      configs: [CONFIG, CONFIG + config],
      watcher: {
        delivered: (side, bytes) => {
          if (side === BOB) this.hear(bytes);
        },
        said: (side, event) => {
          if (side === BOB && event.name === "call.incoming") this.incoming = event.call;
          if (side !== BOB || event.call !== this.call) return;
          if (event.name === "call.refreshed") this.refreshes++;
          if (event.name === "call.ended") this.call = 0;
        },
      },
    });
    this.size = this.pair.phones[BOB].module.size;
  }

  /** Alice calls; false when it does not ring, because Bob is full of the calls of strangers. */
  ring(): boolean {
    this.incoming = 0;
    assert.ok(this.pair.dial(ALICE) > 0);
    this.pass(10);
    this.call = this.incoming;
    return this.call !== 0;
  }

  /** Bob calls and Alice answers; false when Bob is full. */
  callOut(): boolean {
    this.call = Math.max(this.pair.dial(BOB), 0);
    this.pass(10);
    this.pair.command(ALICE, (module, now) => module.answer(module.find(0, true), now));
    this.pass(10);
    if (this.call !== 0) this.calls++;
    return this.call !== 0;
  }

  /** Alice hangs up whatever she has. */
  hangUp(): void {
    const { module } = this.pair.phones[ALICE];
    for (let call = module.find(0, false); call > 0; call = module.find(0, false)) {
      this.pair.command(ALICE, (_, now) => module.hangup(call, now));
    }
    this.pass(10);
    this.call = 0;
  }

  /** Bob takes the call. */
  answer(): void {
    assert.equal(
      this.pair.command(BOB, (module, now) => module.answer(this.call, now)),
      0,
    );
    this.pass(10);
    this.calls++;
  }

  /** It is up, and is refreshed when it is due. */
  mustGoOn(): void {
    const before = this.refreshes;
    this.pass(91_000);
    assert.notEqual(this.call, 0, "the call has ended");
    assert.ok(this.refreshes - before >= 2, "the call was not refreshed");
  }

  /** Not a byte more memory than at the start. */
  mustBeSmall(): void {
    assert.equal(this.pair.phones[BOB].module.size, this.size);
  }

  /** When all is over nothing is left of anything. */
  mustBeEmpty(): void {
    for (const side of [ALICE, BOB]) this.pair.command(side, (module, now) => module.stop(now));
    assert.ok(this.pair.settle());
    const { calls, dialogs, transactions, queries } = inUse(this.pair.phones[BOB].module);
    assert.deepEqual([calls, dialogs, transactions, queries], [0, 0, 0, 0]);
  }

  shoot(bytes: Uint8Array): void {
    this.pair.inject(BOB, bytes);
  }

  pass(ms: number): void {
    this.pair.drive(this.pair.now + ms);
  }

  private hear(bytes: Buffer): void {
    this.heard.push(bytes, ...othersLike(bytes));
    this.heard.splice(0, this.heard.length - HEARD);
  }
}

/** What else Alice might have said in the dialog at this point: the request with other methods. */
function othersLike(bytes: Buffer): Buffer[] {
  const text = bytes.toString("latin1");
  const [, method, , sequence] = /^(UPDATE|INVITE|ACK) (.*\r\n)+CSeq: (\d+) /.exec(text) ?? [];
  if (!method || !/^To: .*;tag=/m.test(text)) return [];
  return ["BYE", "UPDATE", "INVITE", "OPTIONS", "INFO", "NEWMETHOD"].map((other, i) => {
    const next = Number(sequence) + 1 + i;
    return Buffer.from(
      text.replace(method, other).replace(/^CSeq: .*$/m, `CSeq: ${next} ${other}`),
      "latin1",
    );
  });
}
