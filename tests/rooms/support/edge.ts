// Text that ends where linear memory ends, so that reading one byte too many traps.

import { size, slice, Slice, start } from "../../../assembly/bytes/slice";

// The allocator of as-pect does not expect others to grow memory: it gets enough for the whole spec first.
heap.free(heap.alloc(1 << 24));
memory.grow(1);
const top = (<usize>memory.size()) << 16;

/** A copy of at most 64 KiB; good until the next call. */
export function atEdge(s: Slice): Slice {
  assert(top == (<usize>memory.size()) << 16);
  const address = top - <usize>size(s);
  memory.copy(address, start(s), <usize>size(s));
  return slice(address, size(s));
}
