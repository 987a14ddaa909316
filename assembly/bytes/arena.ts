// Memory that lives as long as the phone: handed out once, never given back.
//
// Every pool, table and buffer comes from here between sip_init and sip_start, so that a steady state
// allocates nothing and linear memory never grows again (docs/architecture.md, "Memory").

let top: usize = 0;

/** Starts handing out at `base`; in the module that is __heap_base, in a spec a block of its heap. */
export function openArena(base: usize): void {
  top = align(base);
}

/** `bytes` zeroed bytes at an address that is a multiple of 8. Traps when memory can't grow. */
export function reserve(bytes: usize): usize {
  const address = top;
  top = align(top + bytes);
  growTo(top);
  memory.fill(address, 0, bytes);
  return address;
}

/** The first address that nobody has reserved. */
export function arenaTop(): usize {
  return top;
}

/** Grows linear memory until `address` lies inside it. */
export function growTo(address: usize): void {
  const pages = <i32>((address + 0xffff) >>> 16);
  const missing = pages - memory.size();
  if (missing > 0) assert(memory.grow(missing) >= 0);
}

function align(address: usize): usize {
  return (address + 7) & ~7;
}
