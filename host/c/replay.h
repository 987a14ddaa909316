/* A recording, once more: each call is made again, and what it answers and says is compared (docs/recording.md). */
#ifndef RINGLET_REPLAY_H
#define RINGLET_REPLAY_H

#include <stdbool.h>
#include <stddef.h>

struct replay_options {
  /** The module file for an engine that loads one, with its size; NULL where it is compiled in. */
  void *module;
  size_t module_size;
  /** Only the result of each file. */
  bool is_quiet;
};

/** Replays the files one after the other. The worst of: 0 all the same, 1 a difference, 2 a file that can't be used. */
int replay_files(int count, char **files, const struct replay_options *options);

#endif
