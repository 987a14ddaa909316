/*
 * The engine WAMR 2.4: the module is a file, as bytes, either .wasm for its interpreters or .aot for what wamrc made
 * of it. Only wasm_export.h is used. Not proved in this project, which has no WAMR: docs/embedding.md says how to prove it.
 *
 * A call is undone with a plain copy of linear memory that was made before it. wasm_runtime_init is called for the
 * first phone and takes the machine's malloc; a program that wants a pool calls wasm_runtime_full_init before it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "ringlet_abi.h"
#include "wasm_export.h"

const char engine_name[] = "wamr";
const char engine_module_hash[] = "";

/** Of wasm code, in bytes. The module keeps no managed objects, and no heap for the host. */
#define STACK_SIZE (64 * 1024)
#define HEAP_SIZE 0
/** i32 parameters, and two words for the f64. */
#define MOST_CELLS (ENGINE_MOST_WORDS + 2)

struct global {
  void *data;
  bool is_wide;
};

struct engine {
  wasm_module_t module;
  wasm_module_inst_t instance;
  wasm_exec_env_t environment;
  wasm_memory_inst_t memory;
  wasm_function_inst_t functions[ENGINE_EXPORT_COUNT];
  struct global *globals;
  uint32_t global_count;
  char trap[128];
  /** What engine_undo puts back. */
  uint8_t *saved;
  uint32_t saved_size;
  uint32_t saved_room;
  int64_t *saved_globals;
};

static const struct {
  const char *name;
  uint8_t words;
  bool is_timed;
} exports[] = {
#define X(name, words, now) {"sip_" #name, words, now},
    ENGINE_EXPORTS(X)
#undef X
};

/* ---- life ---- */

/** Takes the exported globals, in their order. */
static bool find_globals(struct engine *engine) {
  const int32_t count = wasm_runtime_get_export_count(engine->module);
  engine->globals = calloc((size_t)count + 1, sizeof *engine->globals);
  engine->saved_globals = calloc((size_t)count + 1, sizeof *engine->saved_globals);
  if (!engine->globals || !engine->saved_globals) return false;
  for (int32_t i = 0; i < count; i++) {
    wasm_export_t export;
    wasm_global_inst_t global;
    wasm_runtime_get_export_type(engine->module, i, &export);
    if (export.kind != WASM_IMPORT_EXPORT_KIND_GLOBAL) continue;
    if (!wasm_runtime_get_export_global_inst(engine->instance, export.name, &global)) return false;
    if (global.kind != WASM_I32 && global.kind != WASM_I64) return false;
    engine->globals[engine->global_count++] = (struct global){global.global_data, global.kind == WASM_I64};
  }
  return true;
}

/** The calls that a module lacks answer NotYet; of the first version it lacks none. */
static void find_functions(struct engine *engine) {
  for (int i = 0; i < ENGINE_EXPORT_COUNT; i++)
    engine->functions[i] = wasm_runtime_lookup_function(engine->instance, exports[i].name);
}

/** Looked for before anything of the module runs. */
static bool speaks_our_abi(struct engine *engine) {
  const int32_t count = wasm_runtime_get_export_count(engine->module);
  for (int32_t i = 0; i < count; i++) {
    wasm_export_t export;
    wasm_runtime_get_export_type(engine->module, i, &export);
    if (export.kind == WASM_IMPORT_EXPORT_KIND_FUNC && strcmp(export.name, "sip_abi_1") == 0) return true;
  }
  return false;
}

/** Words for why the module can't be run; NULL when it can. */
static const char *prepare(struct engine *engine) {
  engine->environment = wasm_runtime_create_exec_env(engine->instance, STACK_SIZE);
  engine->memory = wasm_runtime_get_default_memory(engine->instance);
  if (!engine->environment || !engine->memory || !find_globals(engine)) return "no memory, or not a module of ours";
  find_functions(engine);
  return engine->functions[EXPORT_input] && engine->functions[EXPORT_poll] ? NULL : "the module lacks calls";
}

static bool load(struct engine *engine, void *module, uint32_t size, char *reason, size_t room) {
  static bool is_initialised = false;
  if (!is_initialised && !wasm_runtime_init()) return snprintf(reason, room, "WAMR can't be initialised"), false;
  is_initialised = true;
  engine->module = wasm_runtime_load(module, size, reason, (uint32_t)room);
  if (!engine->module) return false;
  if (wasm_runtime_get_import_count(engine->module) > 0)
    return snprintf(reason, room, "the module wants imports"), false;
  if (!speaks_our_abi(engine)) return snprintf(reason, room, "the module does not speak version 1 of the ABI"), false;
  engine->instance = wasm_runtime_instantiate(engine->module, STACK_SIZE, HEAP_SIZE, reason, (uint32_t)room);
  if (!engine->instance) return false;
  const char *words = prepare(engine);
  if (words) snprintf(reason, room, "%s", words);
  return words == NULL;
}

struct engine *engine_open(void *module, uint32_t size, char *reason, size_t room) {
  if (!module || size == 0) return snprintf(reason, room, "this engine wants the module as bytes"), NULL;
  struct engine *engine = calloc(1, sizeof *engine);
  if (!engine) return snprintf(reason, room, "no memory"), NULL;
  if (load(engine, module, size, reason, room)) return engine;
  engine_close(engine);
  return NULL;
}

void engine_close(struct engine *engine) {
  if (!engine) return;
  if (engine->environment) wasm_runtime_destroy_exec_env(engine->environment);
  if (engine->instance) wasm_runtime_deinstantiate(engine->instance);
  if (engine->module) wasm_runtime_unload(engine->module);
  free(engine->globals);
  free(engine->saved_globals);
  free(engine->saved);
  free(engine);
}

uint8_t *engine_memory(struct engine *engine, uint32_t *size) {
  // WAMR may count one page of another size where memory can't grow.
  *size = (uint32_t)(wasm_memory_get_cur_page_count(engine->memory) * wasm_memory_get_bytes_per_page(engine->memory));
  return wasm_memory_get_base_address(engine->memory);
}

bool engine_grow(struct engine *engine, uint32_t size) {
  uint32_t present;
  engine_memory(engine, &present);
  if (size <= present) return true;
  const uint64_t page = wasm_memory_get_bytes_per_page(engine->memory);
  return wasm_memory_enlarge(engine->memory, (size - present + page - 1) / page);
}

/* ---- calling ---- */

bool engine_call(struct engine *engine, enum engine_export number, const uint32_t *words, double now,
                 uint32_t *result) {
  uint32_t cells[MOST_CELLS] = {0};
  uint32_t count = exports[number].words;
  if (!engine->functions[number]) return *result = (uint32_t)RINGLET_NOT_YET, true;
  memcpy(cells, words, count * sizeof *words);
  if (exports[number].is_timed) {
    memcpy(&cells[count], &now, sizeof now);
    count += 2;
  }
  if (wasm_runtime_call_wasm(engine->environment, engine->functions[number], count, cells)) {
    *result = cells[0];
    return true;
  }
  const char *why = wasm_runtime_get_exception(engine->instance);
  snprintf(engine->trap, sizeof engine->trap, "%s", why ? why : "trap");
  wasm_runtime_clear_exception(engine->instance);
  return false;
}

const char *engine_trap(struct engine *engine) {
  return engine->trap;
}

/* ---- globals ---- */

uint32_t engine_globals(struct engine *engine) {
  return engine->global_count;
}

int64_t engine_global(struct engine *engine, uint32_t index) {
  const struct global *global = &engine->globals[index];
  int64_t wide;
  int32_t narrow;
  if (global->is_wide) return memcpy(&wide, global->data, sizeof wide), wide;
  return memcpy(&narrow, global->data, sizeof narrow), narrow;
}

void engine_set_global(struct engine *engine, uint32_t index, int64_t value) {
  const struct global *global = &engine->globals[index];
  memcpy(global->data, &value, global->is_wide ? sizeof(int64_t) : sizeof(int32_t));
}

/* ---- undoing ---- */

static bool make_room(struct engine *engine, uint32_t size) {
  if (size <= engine->saved_room) return true;
  uint8_t *saved = realloc(engine->saved, size);
  if (!saved) return false;
  engine->saved = saved;
  engine->saved_room = size;
  return true;
}

bool engine_save(struct engine *engine, bool is_guarded) {
  if (!is_guarded) return true;
  const uint8_t *memory = engine_memory(engine, &engine->saved_size);
  if (!make_room(engine, engine->saved_size)) return false;
  memcpy(engine->saved, memory, engine->saved_size);
  for (uint32_t i = 0; i < engine->global_count; i++) engine->saved_globals[i] = engine_global(engine, i);
  return true;
}

void engine_touch(struct engine *engine, uint32_t offset, uint32_t size) {
  (void)engine;
  (void)offset;
  (void)size;
}

void engine_undo(struct engine *engine) {
  uint32_t size;
  uint8_t *memory = engine_memory(engine, &size);
  memcpy(memory, engine->saved, engine->saved_size);
  memset(memory + engine->saved_size, 0, size - engine->saved_size);
  for (uint32_t i = 0; i < engine->global_count; i++) engine_set_global(engine, i, engine->saved_globals[i]);
}

bool engine_settle(struct engine *engine) {
  uint32_t size;
  engine_memory(engine, &size);
  // Where nothing was saved yet, nothing will be.
  return engine->saved == NULL || make_room(engine, size);
}
