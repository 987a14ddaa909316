/*
 * What engine-wamr.c uses of WAMR's public header, in its shapes, so that the file compiles where no WAMR is. Written
 * for this purpose from the API's documentation; nothing is linked against it.
 */
#ifndef RINGLET_STUB_WASM_EXPORT_H
#define RINGLET_STUB_WASM_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct stub_module *wasm_module_t;
typedef struct stub_instance *wasm_module_inst_t;
typedef struct stub_environment *wasm_exec_env_t;
typedef struct stub_memory *wasm_memory_inst_t;
typedef void *wasm_function_inst_t;

typedef enum {
  WASM_IMPORT_EXPORT_KIND_FUNC,
  WASM_IMPORT_EXPORT_KIND_TABLE,
  WASM_IMPORT_EXPORT_KIND_MEMORY,
  WASM_IMPORT_EXPORT_KIND_GLOBAL
} wasm_import_export_kind_t;

typedef struct {
  const char *name;
  wasm_import_export_kind_t kind;
} wasm_export_t;

enum { WASM_I32, WASM_I64 };

typedef struct {
  uint8_t kind;
  bool is_mutable;
  void *global_data;
} wasm_global_inst_t;

bool wasm_runtime_init(void);
wasm_module_t wasm_runtime_load(uint8_t *bytes, uint32_t size, char *error, uint32_t error_size);
void wasm_runtime_unload(wasm_module_t module);
wasm_module_inst_t wasm_runtime_instantiate(const wasm_module_t module, uint32_t stack_size, uint32_t heap_size,
                                            char *error, uint32_t error_size);
void wasm_runtime_deinstantiate(wasm_module_inst_t instance);
wasm_exec_env_t wasm_runtime_create_exec_env(wasm_module_inst_t instance, uint32_t stack_size);
void wasm_runtime_destroy_exec_env(wasm_exec_env_t environment);

int32_t wasm_runtime_get_import_count(const wasm_module_t module);
int32_t wasm_runtime_get_export_count(const wasm_module_t module);
void wasm_runtime_get_export_type(const wasm_module_t module, int32_t index, wasm_export_t *type);
bool wasm_runtime_get_export_global_inst(const wasm_module_inst_t instance, const char *name,
                                         wasm_global_inst_t *global);

wasm_function_inst_t wasm_runtime_lookup_function(const wasm_module_inst_t instance, const char *name);
bool wasm_runtime_call_wasm(wasm_exec_env_t environment, wasm_function_inst_t function, uint32_t count,
                            uint32_t cells[]);
const char *wasm_runtime_get_exception(wasm_module_inst_t instance);
void wasm_runtime_clear_exception(wasm_module_inst_t instance);

wasm_memory_inst_t wasm_runtime_get_default_memory(wasm_module_inst_t instance);
uint64_t wasm_memory_get_cur_page_count(const wasm_memory_inst_t memory);
uint64_t wasm_memory_get_bytes_per_page(const wasm_memory_inst_t memory);
void *wasm_memory_get_base_address(const wasm_memory_inst_t memory);
bool wasm_memory_enlarge(wasm_memory_inst_t memory, uint64_t count);

#endif
