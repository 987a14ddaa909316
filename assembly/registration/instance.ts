// The instance ID (RFC 5626 §4.1): a urn:uuid that says which phone this is, however it is connected.
//
// Only the administrator can make it outlast a restart: without ringlet.instance_id it is drawn at the start, as
// a UUID of version 4 (RFC 9562 §5.4).

import { isPresent, slice, Slice, w } from "../bytes/slice";
import { randomBits } from "../crypto/random";
import { mark, put, putByte, putHex, written } from "../output/output";
import { Key } from "../settings/keys";
import { text } from "../settings/settings";

const UUID_BYTES: usize = 16;
const uuid = memory.data(16, 4);

/** `<urn:uuid:...>`, as it stands in +sip.instance, at the cursor. */
export function writeInstance(): Slice {
  const from = mark();
  putByte(0x3c);
  putInstance();
  putByte(0x3e);
  return written(from);
}

function putInstance(): void {
  const set = text(Key.InstanceId);
  if (isPresent(set)) return put(set);
  if (load<u64>(uuid) == 0) draw();
  put(w("urn:uuid:"));
  for (let i: usize = 0; i < UUID_BYTES; i++) {
    if (i >= 4 && i <= 10 && (i & 1) == 0) putByte(0x2d);
    putHex(slice(uuid + i, 1));
  }
}

function draw(): void {
  for (let i: usize = 0; i < UUID_BYTES; i += 4) store<u32>(uuid + i, randomBits());
  store<u8>(uuid, (load<u8>(uuid, 6) & 15) | 0x40, 6);
  store<u8>(uuid, (load<u8>(uuid, 8) & 63) | 0x80, 8);
}
