#include "trace.h"

#include "clock.h"
#include "out.h"
#include "print.h"

#include <stdlib.h>
#include <string.h>

// The module ends a connection whose messages are longer.
enum { LONGEST_MESSAGE_BYTES = 65535 };

static bool is_open;
static bool is_json;

void trace_open(bool as_json) {
  is_open = true;
  is_json = as_json;
}

bool trace_is_open(void) { return is_open; }

// ---- as JSON: {"event":"trace","time":...,"direction":"sent","peer":...,"local":...,"message":...} ----

static void json_address(const char* name, const struct address* address) {
  char shown[ENDPOINT_BYTES];
  out_text(name);
  out_json_text(address_show(address, shown));
}

static void json_trace(const struct traced* traced, struct piece message) {
  char time[TIME_BYTES];
  out_text("{\"event\":\"trace\",\"time\":");
  out_json_text(clock_show(time));
  out_text(",\"direction\":");
  out_json_text(traced->direction);
  json_address(",\"peer\":", traced->peer);
  json_address(",\"local\":", traced->local);
  out_text(",\"message\":");
  out_json(message.bytes, message.size);
  out_text("}");
  out_end();
}

// ---- readable: trace TIME sent 192.0.2.1:5060 312 bytes, and below it `  | line` for each line ----

// One or several line ends at the end of the text.
static size_t without_line_ends(const char* text, size_t size) {
  while (size > 0 && text[size - 1] == '\n') size -= size > 1 && text[size - 2] == '\r' ? 2 : 1;
  return size;
}

static void readable_lines(struct piece message) {
  const char* at = message.bytes;
  const char* end = at + without_line_ends(at, message.size);
  for (bool is_last = false; !is_last;) {
    const char* line_end = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
    is_last = line_end == NULL;
    const char* stop = is_last ? end : line_end > at && line_end[-1] == '\r' ? line_end - 1 : line_end;
    out_text("  | ");
    out_printable(at, (size_t)(stop - at));
    out_end();
    if (!is_last) at = line_end + 1;
  }
}

static void readable_trace(const struct traced* traced, struct piece message) {
  char time[TIME_BYTES];
  char peer[ENDPOINT_BYTES];
  out_text("trace ");
  out_text(clock_show(time));
  out_text(" ");
  out_text(traced->direction);
  out_text(" ");
  out_text(address_show(traced->peer, peer));
  out_text(" ");
  out_number((int64_t)message.size);
  out_text(" bytes");
  out_end();
  readable_lines(message);
}

static void show(const struct traced* traced, struct piece message) {
  if (is_json) {
    json_trace(traced, message);
  } else {
    readable_trace(traced, message);
  }
}

// ---- without secrets ----

// Answers the size of the first message, 0 while there is none.
static size_t mask(struct ringlet* module, const void* bytes, size_t size, struct piece* shown) {
  const uint8_t* masked = NULL;
  int32_t whole = ringlet_mask(module, (ringlet_text){bytes, (uint32_t)size}, &masked);
  bool is_trap = whole == RINGLET_TRAPPED || whole == RINGLET_RELOAD;
  *shown = whole >= 0 ? (struct piece){masked, size} : piece_of(is_trap ? "(unreadable)" : "(too long)");
  if (whole < 0) return is_trap ? size : 0;
  return (size_t)whole;
}

void trace_message(struct ringlet* module, const struct traced* traced, const void* bytes, size_t size) {
  if (!is_open) return;
  struct piece shown = {"", 0};
  if (size > 0) mask(module, bytes, size, &shown);
  show(traced, shown);
}

// ---- of a stream ----

static bool append(struct unfinished* unfinished, const void* bytes, size_t size) {
  uint8_t* whole = realloc(unfinished->bytes, unfinished->size + size);
  if (!whole) return false;
  unfinished->bytes = whole;
  memcpy(whole + unfinished->size, bytes, size);
  unfinished->size += size;
  return true;
}

// Shows what is whole; answers how much that was.
static size_t show_whole(struct ringlet* module, const struct traced* traced, const struct unfinished* unfinished) {
  size_t done = 0;
  while (done < unfinished->size) {
    struct piece shown;
    size_t whole = mask(module, unfinished->bytes + done, unfinished->size - done, &shown);
    if (whole == 0) break;
    if (whole < shown.size) shown.size = whole;
    show(traced, shown);
    done += whole;
  }
  return done;
}

static void forget(struct unfinished* unfinished) {
  free(unfinished->bytes);
  unfinished->bytes = NULL;
  unfinished->size = 0;
}

void trace_stream(struct ringlet* module, const struct traced* traced, struct unfinished* unfinished, const void* bytes,
                  size_t size) {
  if (!is_open || unfinished->is_too_long || !append(unfinished, bytes, size)) return;
  size_t done = show_whole(module, traced, unfinished);
  unfinished->size -= done;
  if (unfinished->size == 0) return forget(unfinished);
  memmove(unfinished->bytes, unfinished->bytes + done, unfinished->size);
  if (unfinished->size <= LONGEST_MESSAGE_BYTES) return;
  trace_end(module, traced, unfinished);
  unfinished->is_too_long = true;
}

void trace_end(struct ringlet* module, const struct traced* traced, struct unfinished* unfinished) {
  if (unfinished->size > 0) trace_message(module, traced, unfinished->bytes, unfinished->size);
  forget(unfinished);
}
