// With what an account answers challenges.

import { isPresent, Slice } from "../bytes/slice";
import { Key } from "../settings/keys";
import { text } from "../settings/settings";

export function hasCredentials(account: i32): bool {
  return isPresent(text(Key.Password, account)) || isPresent(text(Key.AuthName, account));
}

/** auth_name, or else user_name. */
export function authName(account: i32): Slice {
  const name = text(Key.AuthName, account);
  return isPresent(name) ? name : text(Key.UserName, account);
}

export function password(account: i32): Slice {
  return text(Key.Password, account);
}
