/*
 * The engine wasm2c: the module translated to C and compiled in, with the runtime of Debian's wabt.
 *
 * Bounds are checked in software on every machine: no signal handler of ours stands in the firmware's way, no
 * address space is reserved, and memory ends exactly where wasm says. The functions of the runtime that make and grow
 * linear memory are ours (the Makefile renames them): pages that the module has never touched do not become resident.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "module-hash.h"
#include "module.h"
#include "module-missing.h"
#include "ringlet_abi.h"
#include "undo.h"
#include "wasm-rt-impl.h"

const char engine_name[] = "wasm2c";
const char engine_module_hash[] = RINGLET_MODULE_HASH;

struct engine {
  Z_ringlet_instance_t instance;
  Z_ringlet_instance_t saved;
  wasm_rt_trap_t trap;
  struct undo undo;
};

/** The one that is being called. */
static struct engine *current;
uint8_t *ringlet_marks;

/* ---- what the module's C calls ---- */

void ringlet_keep_line(u32 line);
void ringlet_keep_range(u32 offset, u32 count);
void ringlet_clear(u32 offset, u32 count);
void ringlet_allocate_memory(wasm_rt_memory_t *memory, uint32_t pages, uint32_t most);
uint32_t ringlet_grow_memory(wasm_rt_memory_t *memory, uint32_t delta);

void ringlet_keep_line(u32 line) {
  const wasm_rt_memory_t *memory = &current->instance.w2c_memory;
  undo_keep(&current->undo, memory->data, memory->size, line);
}

void ringlet_keep_range(u32 offset, u32 count) {
  const wasm_rt_memory_t *memory = &current->instance.w2c_memory;
  undo_keep_range(&current->undo, memory->data, memory->size, offset, count);
}

/** How many of `count` bytes at `offset` lie in its page. */
static u32 in_page(u32 offset, u32 count) {
  const u32 left = UNDO_PAGE - offset % UNDO_PAGE;
  return count < left ? count : left;
}

/** A new table is filled with zeros that are there already: what was never touched stays so. */
void ringlet_clear(u32 offset, u32 count) {
  uint8_t *data = current->instance.w2c_memory.data;
  for (u32 size; count > 0; offset += size, count -= size) {
    size = in_page(offset, count);
    if (undo_is_zero(data + offset, size)) continue;
    ringlet_keep_range(offset, size);
    memset(data + offset, 0, size);
  }
}

static void copy_pages(uint8_t *to, const uint8_t *from, uint32_t size) {
  for (uint32_t at = 0; at < size; at += UNDO_PAGE)
    if (!undo_is_zero(from + at, UNDO_PAGE)) memcpy(to + at, from + at, UNDO_PAGE);
}

/** Zeroed memory of `pages` with what is there already. Fresh memory, not realloc and memset: zeros stay untouched. */
static bool resize(wasm_rt_memory_t *memory, uint32_t pages) {
  const uint64_t size = (uint64_t)pages * ENGINE_WASM_PAGE;
  if (pages > memory->max_pages || size > UINT32_MAX || !undo_resize(&current->undo, (uint32_t)size)) return false;
  uint8_t *data = calloc(pages, ENGINE_WASM_PAGE);
  if (!data) return false;
  copy_pages(data, memory->data, memory->size);
  free(memory->data);
  memory->data = data;
  memory->pages = pages;
  memory->size = (uint32_t)size;
  ringlet_marks = current->undo.marks;
  return true;
}

void ringlet_allocate_memory(wasm_rt_memory_t *memory, uint32_t pages, uint32_t most) {
  memset(memory, 0, sizeof *memory);
  memory->max_pages = most;
  if (!resize(memory, pages)) wasm_rt_trap(WASM_RT_TRAP_OOB);
}

uint32_t ringlet_grow_memory(wasm_rt_memory_t *memory, uint32_t delta) {
  const uint32_t before = memory->pages;
  if (delta == 0) return before;
  if (delta > UINT32_MAX - before || !resize(memory, before + delta)) return UINT32_MAX;
  return before;
}

/* ---- life ---- */

static bool instantiate(struct engine *engine) {
  static bool is_initialised = false;
  if (!is_initialised) Z_ringlet_init_module();
  is_initialised = true;
  current = engine;
  if (wasm_rt_impl_try() != WASM_RT_TRAP_NONE) return false;
  Z_ringlet_instantiate(&engine->instance);
  return true;
}

struct engine *engine_open(void *module, uint32_t size, char *reason, size_t room) {
  if (module || size > 0) {
    snprintf(reason, room, "this engine runs the module that is compiled in, and no file");
    return NULL;
  }
  struct engine *engine = calloc(1, sizeof *engine);
  if (engine && instantiate(engine)) return engine;
  snprintf(reason, room, "no memory");
  engine_close(engine);
  return NULL;
}

void engine_close(struct engine *engine) {
  if (!engine) return;
  free(engine->instance.w2c_memory.data);
  undo_free(&engine->undo);
  free(engine);
}

uint8_t *engine_memory(struct engine *engine, uint32_t *size) {
  *size = engine->instance.w2c_memory.size;
  return engine->instance.w2c_memory.data;
}

bool engine_grow(struct engine *engine, uint32_t size) {
  current = engine;
  const uint32_t pages = size / ENGINE_WASM_PAGE + (size % ENGINE_WASM_PAGE != 0);
  return pages <= engine->instance.w2c_memory.pages || resize(&engine->instance.w2c_memory, pages);
}

/* ---- calling ---- */

#define WORDS_0
#define WORDS_1 , words[0]
#define WORDS_2 WORDS_1, words[1]
#define WORDS_3 WORDS_2, words[2]
#define WORDS_4 WORDS_3, words[3]
#define WORDS_6 WORDS_4, words[4], words[5]
#define NOW_0
#define NOW_1 , now

static uint32_t run(Z_ringlet_instance_t *instance, enum engine_export number, const uint32_t *words, double now) {
  switch (number) {
#define X(name, count, timed) \
  case EXPORT_##name:         \
    return Z_ringletZ_sip_##name(instance WORDS_##count NOW_##timed);
    ENGINE_EXPORTS(X)
#undef X
    case ENGINE_EXPORT_COUNT:
      break;
  }
  return 0;
}

bool engine_call(struct engine *engine, enum engine_export number, const uint32_t *words, double now,
                 uint32_t *result) {
  current = engine;
  ringlet_marks = engine->undo.marks;
  const int trap = wasm_rt_impl_try();
  engine->trap = (wasm_rt_trap_t)trap;
  if (trap != WASM_RT_TRAP_NONE) return false;
  *result = run(&engine->instance, number, words, now);
  return true;
}

const char *engine_trap(struct engine *engine) {
  return wasm_rt_strerror(engine->trap);
}

/* ---- globals ---- */

/** Where each exported global lies and how wide it is; module-globals.h has one line for each. */
static const struct {
  uint16_t offset;
  uint16_t size;
} globals[] = {
#define X(name) \
  {offsetof(Z_ringlet_instance_t, w2c_##name), sizeof(((Z_ringlet_instance_t *)NULL)->w2c_##name)},
#include "module-globals.h"
#undef X
};

uint32_t engine_globals(struct engine *engine) {
  (void)engine;
  return sizeof globals / sizeof globals[0];
}

int64_t engine_global(struct engine *engine, uint32_t index) {
  const uint8_t *at = (const uint8_t *)&engine->instance + globals[index].offset;
  int64_t wide;
  int32_t narrow;
  if (globals[index].size == sizeof wide) return memcpy(&wide, at, sizeof wide), wide;
  return memcpy(&narrow, at, sizeof narrow), narrow;
}

void engine_set_global(struct engine *engine, uint32_t index, int64_t value) {
  // Little endian: the lower word is the first one.
  memcpy((uint8_t *)&engine->instance + globals[index].offset, &value, globals[index].size);
}

/* ---- undoing ---- */

bool engine_save(struct engine *engine, bool is_guarded) {
  if (!undo_begin(&engine->undo, is_guarded)) return false;
  if (is_guarded) engine->saved = engine->instance;
  return true;
}

void engine_touch(struct engine *engine, uint32_t offset, uint32_t size) {
  const wasm_rt_memory_t *memory = &engine->instance.w2c_memory;
  undo_keep_range(&engine->undo, memory->data, memory->size, offset, size);
}

void engine_undo(struct engine *engine) {
  const wasm_rt_memory_t memory = engine->instance.w2c_memory;
  undo_all(&engine->undo, memory.data, memory.size);
  engine->instance = engine->saved;
  engine->instance.w2c_memory = memory;
}

bool engine_settle(struct engine *engine) {
  return undo_renew(&engine->undo);
}
