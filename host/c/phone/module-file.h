// The module's file, for an engine that loads one; where it is compiled in there is none.

#ifndef RINGLET_PHONE_MODULE_FILE_H
#define RINGLET_PHONE_MODULE_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct module_file {
  void* bytes;
  size_t size;
};

// `name` is NULL for ringlet.wasm beside the program. Read once: an engine may keep it. False with words for people in `why`.
bool module_file_read(const char* name, struct module_file* file, char* why, size_t size);

// SHA-256 of the module, in hexadecimal digits: of the file, or of what is compiled in.
const char* module_file_hash(void);

#endif
