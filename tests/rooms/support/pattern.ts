import { slice, Slice } from "../../../assembly/bytes/slice";

const bytes: usize = heap.alloc(4096);

/** `n` bytes that repeat only after 256: byte i is 7 i + n. Good until the next call. */
export function pattern(n: i32): Slice {
  for (let i = 0; i < n; i++) store<u8>(bytes + <usize>i, <u8>(i * 7 + n));
  return slice(bytes, n);
}
