// Servers that forward and refuse by themselves hear of it when the phone's switches are turned: the account calls the code
// of the settings, with the target behind it where there is one. What the files say at the start is no news.

import { mayNotDisturb } from "../account/do-not-disturb";
import { reserve } from "../bytes/arena";
import { EMPTY, isPresent, size, Slice } from "../bytes/slice";
import { sipHash } from "../crypto/sip-hash";
import { mark, put, rewind, written } from "../output/output";
import { forwardTarget, isForwarding } from "../session/forward";
import { ACCOUNTS, Key } from "../settings/keys";
import { number, text } from "../settings/settings";
import { edition } from "../settings/store";
import { isEnabled } from "./account";
import { call } from "./command";

/** Do not disturb, and behind it the three kinds of Forward. */
const SWITCHES = 4;

/** For each switch of each account 0 for off, or another number for each target. */
let known: usize = 0;
let seenEdition: u32 = 0;

export function openFeatureCodes(): void {
  known = reserve(ACCOUNTS * SWITCHES * 4);
  look(false);
}

/** Has a switch been turned? */
export function tellServers(): void {
  if (edition != seenEdition) look(true);
}

function look(tells: bool): void {
  seenEdition = edition;
  for (let account = 1; account <= ACCOUNTS; account++) {
    for (let which = 0; which < SWITCHES; which++) {
      const place = known + <usize>(((account - 1) * SWITCHES + which) << 2);
      const target = which ? forwardTarget(account, which - 1) : EMPTY;
      const isOn = which ? isForwarding(account, which - 1) : mayNotDisturb(account);
      const now: u32 = isOn ? (<u32>sipHash(target)) | 1 : 0;
      if (now == load<u32>(place)) continue;
      store<u32>(place, now);
      if (tells && isEnabled(account)) tell(account, which, isOn, target);
    }
  }
}

function tell(account: i32, which: i32, isOn: bool, target: Slice): void {
  const isOwn = number(which ? Key.FwdMode : Key.DndMode) != 0;
  const first = isOwn ? Key.DndOnCode : Key.PhoneDndOnCode;
  const code = text(<Key>(<i32>first + which * 2 + (isOn ? 0 : 1)), account);
  if (!isPresent(code) || !size(code)) return;
  const from = mark();
  put(code);
  if (isOn) put(target);
  call(account, written(from));
  rewind(from);
}
