// A phone: the module with sockets, a clock, names, files and entropy.
//
//     phone_start -> phone_turn ... -> phone_stop -> phone_turn until phone_has_stopped -> phone_release

#ifndef RINGLET_PHONE_PHONE_H
#define RINGLET_PHONE_PHONE_H

#include <stdbool.h>
#include <stddef.h>

#include "ringlet.h"

enum { MOST_CONFIGS = 16, REASON_BYTES = 2048 };

// The texts stay where they are while the phone runs.
struct phone_options {
  // In this order: a later file overrides an earlier one; one whose name ends in .boot names others.
  const char* configs[MOST_CONFIGS];
  size_t config_count;
  // Where to listen, instead of what the files say; NULL for that.
  const char* bind;
  // The name of the phone's model, for lines of a boot file that are meant for some models only.
  const char* model;
  // After a trap the state from before the call is put back: docs/state.md.
  enum ringlet_rollback rollback;
  // The phone keeps its state in this file, and goes on from it when it was killed; NULL for none.
  const char* state;
  // The media of the calls in that file are still there; calls without media are ended.
  bool media_survived;
  // The module's file, for an engine that loads one; NULL for ringlet.wasm beside the program.
  const char* module;
};

// Reads the configuration and opens the sockets. False with words for people in `why` (REASON_BYTES) when a file is not usable,
// or an address is not free.
bool phone_start(const struct phone_options* options, char* why);

// Tells the module what was noted for it, waits for one thing more, and lets it know. False when the phone can't go on.
bool phone_turn(char* why);

// Hangs everything up.
void phone_stop(void);
bool phone_has_stopped(void);

// Closes everything, and says goodbye for as long as the other sides take to read it, but no longer than `ms`.
void phone_release(double ms);

#endif
