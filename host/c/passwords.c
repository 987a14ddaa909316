/* Passwords in settings. See passwords.h. */
#include "passwords.h"

#include <stdlib.h>
#include <string.h>

/** It takes a value away and is none. */
static const char no_value[] = "%NULL%";

bool passwords_is_key(const char *key, size_t size) {
  static const char word[] = "password";
  const size_t length = sizeof word - 1;
  for (size_t at = 0; at + length <= size; at++) {
    size_t same = 0;
    while (same < length && (key[at + same] | 0x20) == word[same]) same++;
    if (same == length) return true;
  }
  return false;
}

static bool is_known(const struct passwords *passwords, const char *value, size_t size) {
  for (size_t i = 0; i < passwords->count; i++)
    if (passwords->sizes[i] == size && memcmp(passwords->known[i], value, size) == 0) return true;
  return false;
}

static void learn(struct passwords *passwords, const char *value, size_t size) {
  if (is_known(passwords, value, size)) return;
  char **known = realloc(passwords->known, (passwords->count + 1) * sizeof *known);
  if (known) passwords->known = known;
  size_t *sizes = known ? realloc(passwords->sizes, (passwords->count + 1) * sizeof *sizes) : NULL;
  if (sizes) passwords->sizes = sizes;
  char *copy = sizes ? malloc(size + 1) : NULL;
  if (!copy) return;
  memcpy(copy, value, size);
  copy[size] = '\0';
  known[passwords->count] = copy;
  sizes[passwords->count++] = size;
}

static void hide(struct passwords *passwords, char *value, size_t size) {
  const bool is_none = size == strlen(no_value) && memcmp(value, no_value, size) == 0;
  if (size == 0 || is_none) return;
  learn(passwords, value, size);
  memset(value, '*', size);
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

static void hide_in_line(struct passwords *passwords, char *line, size_t size) {
  const char *equals = memchr(line, '=', size);
  if (!equals || !passwords_is_key(line, (size_t)(equals - line))) return;
  size_t from = (size_t)(equals - line) + 1;
  while (from < size && is_blank(line[from])) from++;
  while (size > from && is_blank(line[size - 1])) size--;
  hide(passwords, line + from, size - from);
}

void passwords_hide_in_file(struct passwords *passwords, char *text, size_t size) {
  for (size_t at = 0, end; at < size; at = end + 1) {
    for (end = at; end < size && text[end] != '\n' && text[end] != '\r';) end++;
    hide_in_line(passwords, text + at, end - at);
  }
}

static bool is_space(char c) {
  return c != '\0' && strchr(" \t\r\n\v\f", c) != NULL;
}

bool passwords_hide_value(struct passwords *passwords, const void *key, size_t key_size, char *value, size_t size) {
  if (!passwords_is_key(key, key_size)) return false;
  size_t from = 0;
  while (from < size && is_space(value[from])) from++;
  while (size > from && is_space(value[size - 1])) size--;
  hide(passwords, value + from, size - from);
  return true;
}

static void hide_one(const char *password, size_t length, uint8_t *memory, size_t size) {
  for (uint8_t *at = memory, *end = memory + size; (size_t)(end - at) >= length; at++) {
    at = memchr(at, password[0], (size_t)(end - at) - length + 1);
    if (!at) return;
    if (memcmp(at, password, length) == 0) memset(at, '*', length);
  }
}

void passwords_hide_in(const struct passwords *passwords, uint8_t *memory, size_t size) {
  for (size_t i = 0; i < passwords->count; i++) hide_one(passwords->known[i], passwords->sizes[i], memory, size);
}

void passwords_free(struct passwords *passwords) {
  for (size_t i = 0; i < passwords->count; i++) free(passwords->known[i]);
  free(passwords->known);
  free(passwords->sizes);
  *passwords = (struct passwords){.count = 0};
}
