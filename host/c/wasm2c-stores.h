/*
 * Put behind the preamble of the C that wasm2c writes: every store keeps the line that it changes (undo.h).
 * The names of the plain stores are replaced from here on; their bounds check stays the first thing that happens.
 */
#include "undo.h"

/** Of the phone that is being called. */
extern uint8_t *ringlet_marks;
/** Out of line, since most stores go where something was kept already. */
void ringlet_keep_line(u32 line);
void ringlet_keep_range(u32 offset, u32 count);
void ringlet_clear(u32 offset, u32 count);

#define KEPT_STORE(name, t1, t2)                                           \
  static inline void kept_##name(wasm_rt_memory_t *mem, u64 addr, t2 value) { \
    MEMCHECK(mem, addr, t1);                                               \
    const u32 line = (u32)(addr >> UNDO_SHIFT);                            \
    if (UNLIKELY(!ringlet_marks[line])) ringlet_keep_line(line);           \
    t1 wrapped = (t1)value;                                                \
    wasm_rt_memcpy(&mem->data[addr], &wrapped, sizeof(t1));                \
  }

KEPT_STORE(i32_store, u32, u32)
KEPT_STORE(i64_store, u64, u64)
KEPT_STORE(f32_store, f32, f32)
KEPT_STORE(f64_store, f64, f64)
KEPT_STORE(i32_store8, u8, u32)
KEPT_STORE(i32_store16, u16, u32)
KEPT_STORE(i64_store8, u8, u64)
KEPT_STORE(i64_store16, u16, u64)
KEPT_STORE(i64_store32, u32, u64)

static inline void kept_memory_fill(wasm_rt_memory_t *mem, u32 d, u32 val, u32 n) {
  RANGE_CHECK(mem, d, n);
  if (val == 0 && n >= UNDO_PAGE) {
    ringlet_clear(d, n);
    return;
  }
  ringlet_keep_range(d, n);
  memset(mem->data + d, val, n);
}

static inline void kept_memory_copy(wasm_rt_memory_t *to, const wasm_rt_memory_t *from, u32 d, u32 s, u32 n) {
  RANGE_CHECK(to, d, n);
  RANGE_CHECK(from, s, n);
  ringlet_keep_range(d, n);
  memmove(to->data + d, from->data + s, n);
}

#define i32_store kept_i32_store
#define i64_store kept_i64_store
#define f32_store kept_f32_store
#define f64_store kept_f64_store
#define i32_store8 kept_i32_store8
#define i32_store16 kept_i32_store16
#define i64_store8 kept_i64_store8
#define i64_store16 kept_i64_store16
#define i64_store32 kept_i64_store32
#define memory_fill kept_memory_fill
#define memory_copy kept_memory_copy
/** Nothing keeps what a data segment overwrites at run time; the module has none that does, and can't get one unseen. */
#define memory_init memory_init_is_not_kept
