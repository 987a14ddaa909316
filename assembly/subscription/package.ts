// The event packages whose documents the phone reads. Any other may be subscribed to: its documents are handed on.

import { equals, Slice, w } from "../bytes/slice";
import { put } from "../output/output";

export const enum Package {
  Other = 0,
  /** RFC 3842. */
  MessageSummary,
  /** RFC 4235. */
  Dialog,
  /** RFC 3680. */
  Reg,
}

/** Names are compared byte by byte (RFC 6665 §8.2.1). */
export function packageOf(name: Slice): Package {
  if (equals(name, w("message-summary"))) return Package.MessageSummary;
  if (equals(name, w("dialog"))) return Package.Dialog;
  return equals(name, w("reg")) ? Package.Reg : Package.Other;
}

/** Accept, and what else a SUBSCRIBE of that package says. Without Accept its own usual type counts. */
export function putPackage(name: Slice): void {
  switch (packageOf(name)) {
    case Package.MessageSummary:
      return put(w("Accept: application/simple-message-summary\r\n"));
    case Package.Dialog:
      // The URI may be one of a list (RFC 4662 §4.1).
      return put(
        w(
          "Supported: eventlist\r\nAccept: application/dialog-info+xml, application/rlmi+xml, multipart/related\r\n",
        ),
      );
    case Package.Reg:
      return put(w("Accept: application/reginfo+xml\r\n"));
  }
}
