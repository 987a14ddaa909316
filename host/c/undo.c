/* The undo log. See undo.h. */
#include "undo.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 64

bool undo_resize(struct undo *undo, uint32_t size) {
  const uint32_t lines = (size + UNDO_LINE - 1) >> UNDO_SHIFT;
  if (lines <= undo->lines) return true;
  uint8_t *marks = realloc(undo->marks, lines);
  if (!marks) return false;
  memset(marks + undo->lines, undo->is_on ? 0 : 1, lines - undo->lines);
  undo->marks = marks;
  undo->lines = lines;
  return true;
}

void undo_begin(struct undo *undo, bool is_on) {
  for (uint32_t i = 0; i < undo->count; i++) undo->marks[undo->places[i]] = 0;
  undo->count = 0;
  if (is_on == undo->is_on) return;
  undo->is_on = is_on;
  memset(undo->marks, is_on ? 0 : 1, undo->lines);
}

static bool make_room(struct undo *undo, uint32_t room) {
  uint32_t *places = realloc(undo->places, (size_t)room * sizeof *places);
  if (places) undo->places = places;
  uint8_t *kept = places ? realloc(undo->kept, (size_t)room * UNDO_KEPT) : NULL;
  if (!kept) return false;
  undo->kept = kept;
  undo->room = room;
  return true;
}

static uint32_t line_size(uint32_t size, uint32_t line) {
  const uint32_t left = size - (line << UNDO_SHIFT);
  return left < UNDO_KEPT ? left : UNDO_KEPT;
}

bool undo_keep(struct undo *undo, const uint8_t *memory, uint32_t size, uint32_t line) {
  if (undo->count == undo->room && !make_room(undo, undo->room ? undo->room * 2 : FIRST_ROOM)) return false;
  memcpy(undo->kept + (size_t)undo->count * UNDO_KEPT, memory + ((size_t)line << UNDO_SHIFT), line_size(size, line));
  undo->places[undo->count++] = line;
  undo->marks[line] = 1;
  return true;
}

bool undo_keep_range(struct undo *undo, const uint8_t *memory, uint32_t size, uint32_t offset, uint32_t count) {
  if (count == 0) return true;
  const uint32_t last = (offset + (count - 1)) >> UNDO_SHIFT;
  for (uint32_t line = offset >> UNDO_SHIFT; line <= last; line++)
    if (!undo->marks[line] && !undo_keep(undo, memory, size, line)) return false;
  return true;
}

void undo_all(struct undo *undo, uint8_t *memory, uint32_t size) {
  while (undo->count > 0) {
    const uint32_t line = undo->places[--undo->count];
    undo->marks[line] = 0;
    memcpy(memory + ((size_t)line << UNDO_SHIFT), undo->kept + (size_t)undo->count * UNDO_KEPT, line_size(size, line));
  }
}

bool undo_reserve(struct undo *undo) {
  uint32_t *places = malloc((size_t)undo->lines * sizeof *places);
  uint8_t *kept = malloc((size_t)undo->lines * UNDO_KEPT);
  if (!places || !kept) {
    free(places);
    free(kept);
    return false;
  }
  undo_begin(undo, undo->is_on);
  // Not realloc: pages that the start has written to must not stay resident.
  free(undo->places);
  free(undo->kept);
  undo->places = places;
  undo->kept = kept;
  undo->room = undo->lines;
  return true;
}

void undo_free(struct undo *undo) {
  free(undo->marks);
  free(undo->places);
  free(undo->kept);
}
