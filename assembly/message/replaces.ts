// Replaces (RFC 3891 §6.1), Join (RFC 3911 §7.1), Target-Dialog (RFC 4538 §7): a dialog by its name,
//
// callid *( ";" ( two tags / early-only / param ) ), with the tags as the receiver of the request sees them.

import { reserve } from "../bytes/arena";
import { equals, isPresent, size, Slice, w } from "../bytes/slice";
import { put } from "../output/output";
import { Header } from "./header";
import { areParameters, parameter } from "./parameters";
import { putFlag, putOtherParameters, putParameter } from "./put-parameters";
import { beginRow, endRow } from "./row";
import { frontOf, parametersOf } from "./valued";


@unmanaged
export class DialogName {
  callId: Slice;
  /** to-tag, or local-tag. */
  localTag: Slice;
  /** from-tag, or remote-tag. */
  remoteTag: Slice;
  params: Slice;
  /** Only while it is not answered. */
  isEarlyOnly: bool;
}

export function newDialogName(): DialogName {
  return changetype<DialogName>(reserve(offsetof<DialogName>()));
}

/** Of Replaces or Join. False without both tags. */
export function parseReplaces(value: Slice, out: DialogName): bool {
  return parse(value, w("to-tag"), w("from-tag"), out);
}

export function parseTargetDialog(value: Slice, out: DialogName): bool {
  return parse(value, w("local-tag"), w("remote-tag"), out);
}

/** Header.Replaces or Join. */
export function putReplaces(h: Header, dialog: DialogName): void {
  beginRow(h);
  putReplacesValue(dialog);
  endRow();
}

/** Without a name: a URI of Refer-To carries it too, then escaped. */
export function putReplacesValue(dialog: DialogName): void {
  put(dialog.callId);
  putParameter(w("to-tag"), dialog.localTag);
  putParameter(w("from-tag"), dialog.remoteTag);
  putFlag(w("early-only"), dialog.isEarlyOnly);
  putOtherParameters(dialog.params, w("to-tag,from-tag,early-only"));
}

export function putTargetDialog(dialog: DialogName): void {
  beginRow(Header.TargetDialog);
  put(dialog.callId);
  putParameter(w("local-tag"), dialog.localTag);
  putParameter(w("remote-tag"), dialog.remoteTag);
  putOtherParameters(dialog.params, w("local-tag,remote-tag"));
  endRow();
}

/** The tags are the same; `0` stands for a tag that is missing as well (RFC 3891 §6.1). */
export function sameReplacedTag(named: Slice, tag: Slice): bool {
  return equals(named, tag) || (size(tag) == 0 && equals(named, w("0")));
}

function parse(value: Slice, local: Slice, remote: Slice, out: DialogName): bool {
  out.callId = frontOf(value);
  out.params = parametersOf(value);
  out.localTag = parameter(out.params, local);
  out.remoteTag = parameter(out.params, remote);
  out.isEarlyOnly = isPresent(parameter(out.params, w("early-only")));
  return (
    size(out.callId) > 0 && size(out.localTag) > 0 && size(out.remoteTag) > 0 && areParameters(out.params)
  );
}
