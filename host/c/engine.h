/*
 * What ringlet.c wants of an engine: it runs the module's exports by number, and undoes what a call has changed.
 * One engine is linked, engine-wasm2c.c or engine-wamr.c. Nothing of this is public.
 */
#ifndef RINGLET_ENGINE_H
#define RINGLET_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "exports.h"

#define ENGINE_MOST_WORDS 6
#define ENGINE_WASM_PAGE 65536u

enum engine_export {
#define X(name, words, now) EXPORT_##name,
  ENGINE_EXPORTS(X)
#undef X
  ENGINE_EXPORT_COUNT
};

struct engine;

extern const char engine_name[];
/** 64 hexadecimal digits where the module is compiled in, else empty. */
extern const char engine_module_hash[];

/** NULL with words in `reason` (of `room` bytes) when this module can't be run. `module` may be NULL. */
struct engine *engine_open(void *module, uint32_t size, char *reason, size_t room);
void engine_close(struct engine *engine);

/** Linear memory, which may move only in a call that makes it grow. */
uint8_t *engine_memory(struct engine *engine, uint32_t *size);

/** Makes linear memory at least `size` bytes; false when there is no memory. */
bool engine_grow(struct engine *engine, uint32_t size);

/** Calls an export; `now` counts only where the export has one. False when it trapped: engine_trap says why. */
bool engine_call(struct engine *engine, enum engine_export number, const uint32_t *words, double now, uint32_t *result);
const char *engine_trap(struct engine *engine);

/** The exported globals, in their order: all that the module keeps outside of linear memory. */
uint32_t engine_globals(struct engine *engine);
int64_t engine_global(struct engine *engine, uint32_t index);
void engine_set_global(struct engine *engine, uint32_t index, int64_t value);

/** From here on changes can be undone (`is_guarded`), or not. False when there is no memory for that. */
bool engine_save(struct engine *engine, bool is_guarded);

/** The host is about to write these bytes of linear memory itself. */
void engine_touch(struct engine *engine, uint32_t offset, uint32_t size);

/** Memory and globals are as they were at the last engine_save. What memory has grown by is zeros. */
void engine_undo(struct engine *engine);

/** The start is over: gives back what it took for undoing. From here on nothing is allocated. False: no memory. */
bool engine_settle(struct engine *engine);

#endif
