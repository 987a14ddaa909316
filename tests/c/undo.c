/* The undo log against a plain copy: random writes over random memory, put back. */
#include "undo.h"

#include <stdlib.h>

#include "check.h"

#define SIZE 65536u
#define ROUNDS 400
#define MOST_WRITES 300

static uint32_t state = 1;

static uint32_t any(uint32_t below) {
  state = state * 1664525u + 1013904223u;
  return (uint32_t)(((uint64_t)state * below) >> 32);
}

/** As the module's stores do it: the mark of the line where the store begins. */
static void store(struct undo *undo, uint8_t *memory, uint32_t at, uint32_t size) {
  if (!undo->marks[at >> UNDO_SHIFT]) undo_keep(undo, memory, SIZE, at >> UNDO_SHIFT);
  for (uint32_t i = 0; i < size; i++) memory[at + i] = (uint8_t)any(256);
}

static void fill(struct undo *undo, uint8_t *memory, uint32_t at, uint32_t size) {
  undo_keep_range(undo, memory, SIZE, at, size);
  for (uint32_t i = 0; i < size; i++) memory[at + i] = (uint8_t)any(256);
}

/** Most writes are near the borders of lines, where a store crosses. */
static void write_something(struct undo *undo, uint8_t *memory) {
  const uint32_t border = any(SIZE / UNDO_LINE) * UNDO_LINE;
  if (any(8) == 0) fill(undo, memory, any(SIZE - 2000), any(2000));
  else if (any(8) == 0) store(undo, memory, SIZE - 8, 8);
  else store(undo, memory, border < 4 ? 0 : border - any(9) % 5, 1u << any(4));
}

int main(void) {
  static uint8_t memory[SIZE], before[SIZE];
  struct undo undo = {0};
  CHECK(undo_resize(&undo, SIZE) && undo.lines == SIZE / UNDO_LINE);
  store(&undo, memory, 100, 8);
  CHECK(undo.count == 0); // nothing is kept while it is off
  for (int round = 0; round < ROUNDS; round++) {
    CHECK(undo_begin(&undo, true));
    memcpy(before, memory, SIZE);
    for (uint32_t i = any(MOST_WRITES); i > 0; i--) write_something(&undo, memory);
    if (any(3) == 0) continue;
    undo_all(&undo, memory, SIZE);
    CHECK(memcmp(memory, before, SIZE) == 0);
    if (round == ROUNDS / 2) CHECK(undo_renew(&undo));
  }
  undo_free(&undo);
  return verdict();
}
