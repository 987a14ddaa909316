/* The undo log. See undo.h. */
#include "undo.h"

#include <stdlib.h>
#include <string.h>

/** Room for `lines` with what is kept already. Memory that is large is not resident before it is written. */
static bool make_room(struct undo *undo, uint32_t lines) {
  uint32_t *places = realloc(undo->places, (size_t)lines * sizeof *places);
  if (places) undo->places = places;
  uint8_t *kept = places ? realloc(undo->kept, (size_t)lines * UNDO_KEPT) : NULL;
  if (kept) undo->kept = kept;
  return kept != NULL;
}

bool undo_resize(struct undo *undo, uint32_t size) {
  const uint32_t lines = (size + UNDO_LINE - 1) >> UNDO_SHIFT;
  if (lines <= undo->lines) return true;
  if (undo->is_on && !make_room(undo, lines)) return false;
  uint8_t *marks = realloc(undo->marks, lines);
  if (!marks) return false;
  memset(marks + undo->lines, undo->is_on ? 0 : 1, lines - undo->lines);
  undo->marks = marks;
  undo->lines = lines;
  return true;
}

bool undo_begin(struct undo *undo, bool is_on) {
  for (uint32_t i = 0; i < undo->count; i++) undo->marks[undo->places[i]] = 0;
  undo->count = 0;
  if (is_on == undo->is_on) return true;
  if (is_on && !make_room(undo, undo->lines)) return false;
  undo->is_on = is_on;
  memset(undo->marks, is_on ? 0 : 1, undo->lines);
  return true;
}

static uint32_t line_size(uint32_t size, uint32_t line) {
  const uint32_t left = size - (line << UNDO_SHIFT);
  return left < UNDO_KEPT ? left : UNDO_KEPT;
}

void undo_keep(struct undo *undo, const uint8_t *memory, uint32_t size, uint32_t line) {
  memcpy(undo->kept + (size_t)undo->count * UNDO_KEPT, memory + ((size_t)line << UNDO_SHIFT), line_size(size, line));
  undo->places[undo->count++] = line;
  undo->marks[line] = 1;
}

void undo_keep_range(struct undo *undo, const uint8_t *memory, uint32_t size, uint32_t offset, uint32_t count) {
  if (count == 0) return;
  const uint32_t last = (offset + (count - 1)) >> UNDO_SHIFT;
  for (uint32_t line = offset >> UNDO_SHIFT; line <= last; line++)
    if (!undo->marks[line]) undo_keep(undo, memory, size, line);
}

void undo_all(struct undo *undo, uint8_t *memory, uint32_t size) {
  while (undo->count > 0) {
    const uint32_t line = undo->places[--undo->count];
    undo->marks[line] = 0;
    memcpy(memory + ((size_t)line << UNDO_SHIFT), undo->kept + (size_t)undo->count * UNDO_KEPT, line_size(size, line));
  }
}

bool undo_renew(struct undo *undo) {
  struct undo fresh = {.lines = undo->lines};
  if (undo->is_on && !make_room(&fresh, undo->lines)) {
    undo_free(&fresh);
    return false;
  }
  (void)undo_begin(undo, undo->is_on);
  free(undo->places);
  free(undo->kept);
  undo->places = fresh.places;
  undo->kept = fresh.kept;
  return true;
}

bool undo_is_zero(const uint8_t *bytes, uint32_t count) {
  static const uint8_t zeros[UNDO_PAGE];
  return memcmp(bytes, zeros, count) == 0;
}

void undo_free(struct undo *undo) {
  free(undo->marks);
  free(undo->places);
  free(undo->kept);
}
