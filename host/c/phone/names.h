// Answers the module's questions about names (RFC 1035, RFC 2782, RFC 3403): with all records, and the time that they may be kept.

#ifndef RINGLET_PHONE_NAMES_H
#define RINGLET_PHONE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// "ADDRESS", "ADDRESS:PORT" or "[ADDRESS]:PORT" of one more name server that is to be asked, instead of those of the system.
// False for what is none; before the first question.
bool names_use(const char* server);

// Notes a question, one of enum ringlet_question. May be asked in the middle of a drain.
void names_ask(uint32_t query, uint32_t question, const void* name, size_t size);

// Goes on with one question that was noted; false when there was none. Not in a drain.
bool names_go_on(void);

// Whoever asked until now waits no more.
void names_forget(void);

// The same, and nothing more is asked.
void names_release(void);

// One answer, in lines; empty when nothing was found. phone.c says what comes of it.
void tell_resolved(uint32_t query, const char* answer, size_t size);

#endif
