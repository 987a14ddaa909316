// An event as one line: readable, or as one JSON object with the same names. No event is known here.

#ifndef RINGLET_PHONE_PRINT_H
#define RINGLET_PHONE_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MOST_FIELDS = 48 };

// Bytes of somebody else's memory.
struct piece {
  const void* bytes;
  size_t size;
};

// A dot in a name nests it. `text.bytes` is NULL for a number.
struct shown_field {
  struct piece name;
  struct piece text;
  int64_t number;
};

struct shown_event {
  struct piece name;
  // Of the call, 0 for none.
  uint32_t number;
  size_t count;
  struct shown_field fields[MOST_FIELDS];
};

struct piece piece_of(const char* text);

// Beyond MOST_FIELDS a field is left out.
void event_add_text(struct shown_event* event, struct piece name, struct piece text);
void event_add_number(struct shown_event* event, struct piece name, int64_t number);

// call.established 1 media.address=127.0.0.1 ...
void print_readable(const struct shown_event* event);

// {"event":"call.established","call":1,"media":{"address":"127.0.0.1",...},...}
void print_json(const struct shown_event* event);

#endif
