#include "module-file.h"

#include "file.h"
#include "ringlet.h"

#include <mbedtls/sha256.h>
#include <stdio.h>
#include <unistd.h>

enum { MOST_MODULE_BYTES = 16 << 20, HASH_BYTES = 65 };

static struct file module;
static char hash[HASH_BYTES];

// "/folder/ringlet-phone" -> "/folder/ringlet.wasm"
static const char* beside_program(char* path) {
  char program[FILE_PATH_BYTES];
  char folder[FILE_PATH_BYTES];
  ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
  program[size > 0 ? size : 0] = '\0';
  int length = snprintf(path, FILE_PATH_BYTES, "%s/ringlet.wasm", file_folder(program, folder));
  return length < FILE_PATH_BYTES ? path : "ringlet.wasm";
}

static void note_hash(void) {
  unsigned char sum[32];
  mbedtls_sha256_ret(module.bytes, module.size, sum, 0);
  for (size_t i = 0; i < sizeof sum; i++) sprintf(hash + 2 * i, "%02x", sum[i]);
}

bool module_file_read(const char* name, struct module_file* file, char* why, size_t size) {
  char path[FILE_PATH_BYTES];
  char reason[FILE_PATH_BYTES + 128];
  bool is_compiled_in = *ringlet_module_hash() != '\0';
  *file = (struct module_file){NULL, 0};
  if (is_compiled_in && !name) return true;
  if (!name) name = beside_program(path);
  if (!module.bytes) {
    if (!file_read(&module, "", name, MOST_MODULE_BYTES, reason, sizeof reason)) {
      snprintf(why, size, "%s: %s", name, reason);
      return false;
    }
    note_hash();
  }
  *file = (struct module_file){module.bytes, module.size};
  return true;
}

const char* module_file_hash(void) { return *ringlet_module_hash() ? ringlet_module_hash() : hash; }
