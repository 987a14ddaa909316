/* A recording in words for people: messages set in, events as `ringlet-phone run` shows them. */
#ifndef RINGLET_REPLAY_STORY_H
#define RINGLET_REPLAY_STORY_H

#include <stdbool.h>
#include <stddef.h>

#include "recording.h"

struct story {
  bool has_begun;
  double start;
};

/** Prints a call and the lines of what it answered and said. */
void story_tell(struct story *story, const struct recorded_call *call, const struct call_words *words, const char *lines,
                size_t size);

#endif
