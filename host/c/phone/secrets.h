// Passwords in linear memory: found before it is written to a file, and put back when it is read.

#ifndef RINGLET_PHONE_SECRETS_H
#define RINGLET_PHONE_SECRETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "print.h"

enum { SECRET_KEY_BYTES = 64 };

// A place in memory where the password of the setting `key` stands.
struct secret_place {
  uint32_t offset;
  uint32_t length;
  char key[SECRET_KEY_BYTES];
};

// Every place; `room` of them at the most.
struct secret_places {
  struct secret_place* at;
  size_t count;
  size_t room;
};

// The password of a setting is known from now on; an empty one is none.
void secrets_learn(struct piece key, struct piece value);
void secrets_forget(void);

// NULL for a setting that has none; else its `*size` bytes.
const char* secrets_find(const char* key, size_t* size);

// Every place where one stands in `size` bytes of memory, none of them in another. False when there is no memory for that.
bool secrets_places(struct secret_places* places, const uint8_t* memory, size_t size);

#endif
