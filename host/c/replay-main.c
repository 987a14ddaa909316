/*
 * ringlet-replay [--quiet] [--module FILE] FILE...: the replayer alone, for an engine or a machine without the rest of a phone.
 * --module is for an engine that loads the module.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "replay.h"

static bool read_module(const char *name, struct replay_options *options) {
  FILE *file = fopen(name, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) return false;
  const long size = ftell(file);
  rewind(file);
  options->module = size > 0 ? malloc((size_t)size) : NULL;
  options->module_size = size > 0 ? (size_t)size : 0;
  const bool is_read = options->module && fread(options->module, 1, options->module_size, file) == options->module_size;
  fclose(file);
  return is_read;
}

int main(int count, char **words) {
  struct replay_options options = {.is_quiet = false};
  int first = 1;
  for (; first < count && strncmp(words[first], "--", 2) == 0; first++) {
    if (strcmp(words[first], "--quiet") == 0) options.is_quiet = true;
    else if (strcmp(words[first], "--module") == 0 && first + 1 < count) {
      if (read_module(words[++first], &options)) continue;
      fprintf(stderr, "ringlet-replay: %s can't be read\n", words[first]);
      return 2;
    } else break;
  }
  if (first >= count || words[first][0] == '-') {
    fprintf(stderr, "usage: ringlet-replay [--quiet] [--module FILE] FILE...\n");
    return 2;
  }
  const int worst = replay_files(count - first, words + first, &options);
  free(options.module);
  return worst;
}
