#include "secrets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A shorter one stands in too many places by chance: it is looked for only where nothing but zeros is around it.
enum { SHORTEST_WORD = 4 };

struct secret {
  char key[SECRET_KEY_BYTES];
  char* value;
  size_t size;
};

// The longest first: one may be a part of another.
static struct secret* secrets;
static size_t count;

static int longer_first(const void* one, const void* other) {
  size_t a = ((const struct secret*)one)->size;
  size_t b = ((const struct secret*)other)->size;
  return a < b ? 1 : a > b ? -1 : 0;
}

static struct secret* named(struct piece key) {
  for (size_t i = 0; i < count; i++)
    if (strlen(secrets[i].key) == key.size && memcmp(secrets[i].key, key.bytes, key.size) == 0) return &secrets[i];
  if (key.size >= SECRET_KEY_BYTES) return NULL;
  struct secret* more = realloc(secrets, (count + 1) * sizeof *more);
  if (!more) return NULL;
  secrets = more;
  secrets[count] = (struct secret){.value = NULL};
  memcpy(secrets[count].key, key.bytes, key.size);
  return &secrets[count++];
}

void secrets_learn(struct piece key, struct piece value) {
  char* copy = malloc(value.size + 1);
  struct secret* secret = copy ? named(key) : NULL;
  if (!secret) {
    free(copy);
    return;
  }
  memcpy(copy, value.bytes, value.size);
  free(secret->value);
  secret->value = copy;
  secret->size = value.size;
  qsort(secrets, count, sizeof *secrets, longer_first);
}

void secrets_forget(void) {
  for (size_t i = 0; i < count; i++) free(secrets[i].value);
  free(secrets);
  secrets = NULL;
  count = 0;
}

const char* secrets_find(const char* key, size_t* size) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(secrets[i].key, key) != 0 || secrets[i].size == 0) continue;
    *size = secrets[i].size;
    return secrets[i].value;
  }
  return NULL;
}

// ---- where they stand ----

static bool is_taken(const struct secret_places* places, uint32_t offset, size_t size) {
  for (size_t i = 0; i < places->count; i++) {
    const struct secret_place* place = &places->at[i];
    if (offset < place->offset + place->length && place->offset < offset + size) return true;
  }
  return false;
}

static bool stands_alone(const uint8_t* memory, size_t size, size_t at, size_t length) {
  return at > 0 && at + length < size && memory[at - 1] == 0 && memory[at + length] == 0;
}

static bool add(struct secret_places* places, uint32_t offset, const struct secret* secret) {
  if (places->count == places->room) {
    size_t room = 2 * places->room + 16;
    struct secret_place* at = realloc(places->at, room * sizeof *at);
    if (!at) return false;
    places->at = at;
    places->room = room;
  }
  struct secret_place* place = &places->at[places->count++];
  *place = (struct secret_place){.offset = offset, .length = (uint32_t)secret->size};
  snprintf(place->key, sizeof place->key, "%s", secret->key);
  return true;
}

static bool find_one(struct secret_places* places, const struct secret* secret, const uint8_t* memory, size_t size) {
  const uint8_t* end = memory + size;
  for (const uint8_t* at = memory;; at++) {
    at = memmem(at, (size_t)(end - at), secret->value, secret->size);
    if (!at) return true;
    size_t offset = (size_t)(at - memory);
    if (secret->size < SHORTEST_WORD && !stands_alone(memory, size, offset, secret->size)) continue;
    if (is_taken(places, (uint32_t)offset, secret->size)) continue;
    if (!add(places, (uint32_t)offset, secret)) return false;
  }
}

bool secrets_places(struct secret_places* places, const uint8_t* memory, size_t size) {
  places->count = 0;
  for (size_t i = 0; i < count; i++)
    if (secrets[i].size > 0 && !find_one(places, &secrets[i], memory, size)) return false;
  return true;
}
