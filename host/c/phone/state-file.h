// The state file (docs/state.md): everything that the module knows, as text lines and a body, for the next start.

#ifndef RINGLET_PHONE_STATE_FILE_H
#define RINGLET_PHONE_STATE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ringlet.h"
#include "secrets.h"

enum { HASH_BYTES = 65, BOOT_BYTES = 64 };

// Milliseconds: Unix time; a clock of the machine since the boot `boot`; the module's.
struct state_terms {
  char module[HASH_BYTES];
  char settings[HASH_BYTES];
  double wall;
  char boot[BOOT_BYTES];
  double clock;
  double now;
};

// Writes the module's state in place of the file, or not at all. `why` has `size` bytes for what is in the way.
bool state_file_write(const char* file, const struct state_terms* terms, struct ringlet* module, char* why, size_t size);

// What was read. The image is one of ringlet_restore, with stars for passwords.
struct saved_state {
  struct state_terms terms;
  struct secret_places places;
  uint8_t* image;
  size_t image_size;
  // Where memory begins in it.
  size_t globals_size;
};

// NULL when `whole` could be read; else why it is of no use. To be freed in both cases.
const char* state_file_read(const uint8_t* whole, size_t size, struct saved_state* saved);
void state_file_free(struct saved_state* saved);

#endif
