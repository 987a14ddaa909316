/* Checks of the tests in C: each says where it failed; the count of them is the last line, and the exit code. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <string.h>

#include "ringlet.h"

static unsigned checked, failed;

#define CHECK(is_true) check((is_true) != 0, #is_true, __FILE__, __LINE__)

static inline int check(int is_true, const char *words, const char *file, int line) {
  checked++;
  if (is_true) return 1;
  failed++;
  fprintf(stderr, "%s:%d: %s\n", file, line, words);
  return 0;
}

/** The exit code of a test. */
static inline int verdict(void) {
  printf("%u checks, %u failed\n", checked, failed);
  return failed > 0 || checked == 0;
}

static inline ringlet_text text(const char *words) {
  return (ringlet_text){words, (uint32_t)strlen(words)};
}

#endif
