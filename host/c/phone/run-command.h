// `ringlet run`: a phone that takes commands on standard input and prints events on standard output.

#ifndef RINGLET_PHONE_RUN_COMMAND_H
#define RINGLET_PHONE_RUN_COMMAND_H

#include <stdbool.h>

#include "phone.h"

struct run_options {
  struct phone_options phone;
  bool is_json;
  bool is_traced;
  // Where the recording is written; NULL for nowhere.
  const char* record;
  // Of a replay: only the result of each file.
  bool is_quiet;
};

// Runs until `quit`, SIGINT or SIGTERM; the end of input is no reason to go: a phone that only takes calls has none.
// Answers the exit code.
int run(const struct run_options* options);

#endif
