#define _GNU_SOURCE
#include "media-keys.h"

#include <stdbool.h>
#include <string.h>

/** It stands before each of them. */
static const char mark[] = "inline:";

/** What stands behind a key may look like more of it. */
enum { MOST_DIGITS = 40 };

/** Of base64. */
static bool is_digit(uint8_t byte) {
  return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '/' && byte <= '9') || byte == '+' ||
         byte == '=';
}

size_t media_keys_next(const uint8_t *memory, size_t size, size_t at, size_t *length) {
  const uint8_t *end = memory + size;
  const uint8_t *found = at < size ? memmem(memory + at, size - at, mark, strlen(mark)) : NULL;
  if (!found) return size;
  const uint8_t *key = found + strlen(mark);
  if (end - key > MOST_DIGITS) end = key + MOST_DIGITS;
  for (found = key; found < end && is_digit(*found);) found++;
  *length = (size_t)(found - key);
  return (size_t)(key - memory);
}

void media_keys_hide_in(uint8_t *memory, size_t size) {
  size_t length = 0;
  for (size_t at = 0; (at = media_keys_next(memory, size, at, &length)) < size; at += length) memset(memory + at, '*', length);
}
