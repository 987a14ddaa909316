// `--record FILE`: where a recording is written (docs/recording.md): at the end, on SIGUSR2, and beside it after a fault.

#ifndef RINGLET_PHONE_RECORD_H
#define RINGLET_PHONE_RECORD_H

#include <stdbool.h>

// Without this call nothing is recorded.
void record_to(const char* file);
bool record_is_wanted(void);

// FILE, as it is now. Not in a drain.
void record_write(void);

// There was a fault, of which FILE.fault is to tell: it is written when what it led to is recorded.
void record_note_fault(void);

// Writes FILE.fault, if a fault was noted. Not in a drain.
void record_write_fault(void);

#endif
