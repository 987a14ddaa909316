// Whether anybody may ring.

import { Key } from "../settings/keys";
import { number } from "../settings/settings";

/** By the phone's switch or by the account's (features.dnd_mode). */
export function mayNotDisturb(account: i32): bool {
  if (!number(Key.DndAllow)) return false;
  const isOn = number(Key.DndMode) ? number(Key.DndEnable, account) : number(Key.PhoneDndEnable);
  return isOn != 0;
}
