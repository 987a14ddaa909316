/*
 * Put before the C that wasm2c writes: loads, stores and their bounds checks stay in their callers, though all else is
 * compiled for size. A call for each of them would halve the speed.
 */
#define inline __inline__ __attribute__((__always_inline__))
