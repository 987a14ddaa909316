// Messages for whoever wants to look at them, without the secrets in them; the module knows where both begin and end.

#ifndef RINGLET_PHONE_TRACE_H
#define RINGLET_PHONE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "ringlet.h"

// What a connection has brought that is still no whole message. All zeros at the beginning.
struct unfinished {
  uint8_t* bytes;
  size_t size;
  // Nothing more of it is shown.
  bool is_too_long;
};

// Where a message passed.
struct traced {
  const char* direction;
  const struct address* peer;
  const struct address* local;
};

// Nothing is shown before this.
void trace_open(bool is_json);
bool trace_is_open(void);

// Shows a whole message.
void trace_message(struct ringlet* module, const struct traced* traced, const void* bytes, size_t size);

// Shows the messages that these bytes of a stream complete.
void trace_stream(struct ringlet* module, const struct traced* traced, struct unfinished* unfinished, const void* bytes,
                  size_t size);

// The connection is over: what it left unfinished is shown as it is.
void trace_end(struct ringlet* module, const struct traced* traced, struct unfinished* unfinished);

#endif
