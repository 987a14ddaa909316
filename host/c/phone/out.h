// Standard output: lines, which have left before the program waits, and before it complains.

#ifndef RINGLET_PHONE_OUT_H
#define RINGLET_PHONE_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void out_bytes(const void* bytes, size_t size);
void out_text(const char* text);
void out_number(int64_t number);

// Ends the line.
void out_end(void);

// Lets go what has been said.
void out_flush(void);

// Whoever read the lines has gone.
bool out_is_lost(void);

// Text of others, as UTF-8 whatever it was: what is none becomes U+FFFD.
void out_utf8(const void* text, size_t size);

// The same as a JSON string, with its quotes (RFC 8259 §7).
void out_json(const void* text, size_t size);
void out_json_text(const char* text);

// The same, but what could command a terminal is shown as \xHH; tabs pass.
void out_printable(const void* text, size_t size);

// The same as one word: quoted like JSON only if it would be none without.
void out_word(const void* text, size_t size);

// A line on standard error: "ringlet: " and what `format` says.
__attribute__((format(printf, 1, 2))) void complain(const char* format, ...);

#endif
