// Where the phone keeps its state between two lives (docs/state.md): read once at the start, written after every change.

#ifndef RINGLET_PHONE_STATE_H
#define RINGLET_PHONE_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "print.h"
#include "recording.h"
#include "ringlet.h"

// The file; without this call nothing of it happens.
void state_use(const char* file);
bool state_is_used(void);

// Sees every call before the start: what the settings are.
void state_note(const struct recorded_call* call, const struct call_words* words);

// Everything is provisioned: from here on the hash of the settings stands, and the passwords are known.
void state_settle(struct ringlet* module);

enum restored { STATE_ABSENT, STATE_RESTORED, STATE_REFUSED };

// Puts the state of the last life into a module that was provisioned and not started; the clock goes on from it. `why` has
// `size` bytes for the reason of a refusal.
enum restored state_restore(struct ringlet* module, char* why, size_t size);

// From here on the file is written.
void state_begin(void);

// Writes the file if something has changed that it must have. Between a call and its drain; false with words for people.
bool state_keep(struct ringlet* module, char* why, size_t size);

// A setting is about to be changed: it may be a password. Answers the one of before, to be freed; NULL for none.
char* state_learn(const char* key, const char* value);

// Nothing is left to go on with.
void state_remove(void);

#endif
