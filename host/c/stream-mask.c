/* Secrets in streams. See stream-mask.h. */
#include "stream-mask.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/** The module ends a connection whose messages are longer. */
#define LONGEST_MESSAGE 65535u
/** So much is looked at together: an unfinished message and this still fit into the window. */
#define PART 2048u

struct stream_mask {
  uint32_t flow;
  uint8_t *rest;
  size_t size;
  /** Nobody reads it any more. */
  bool is_too_long;
  struct stream_mask *next;
};

static struct stream_mask *find(struct stream_mask **streams, uint32_t flow) {
  struct stream_mask *each = *streams;
  while (each && each->flow != flow) each = each->next;
  if (each) return each;
  each = calloc(1, sizeof *each);
  if (!each) return NULL;
  each->flow = flow;
  each->next = *streams;
  *streams = each;
  return each;
}

static bool append(struct stream_mask *stream, const uint8_t *bytes, size_t size) {
  uint8_t *rest = realloc(stream->rest, stream->size + size);
  if (!rest) return false;
  memcpy(rest + stream->size, bytes, size);
  stream->rest = rest;
  stream->size += size;
  return true;
}

/** Cuts whole messages off the beginning. */
static void cut(struct stream_mask *stream, struct ringlet *phone) {
  size_t done = 0;
  while (done < stream->size) {
    const uint8_t *masked;
    const ringlet_text left = {stream->rest + done, (uint32_t)(stream->size - done)};
    const int32_t first = ringlet_mask(phone, left, &masked);
    if (first <= 0) break;
    done += (size_t)first;
  }
  stream->size -= done;
  memmove(stream->rest, stream->rest + done, stream->size);
  stream->is_too_long = stream->size > LONGEST_MESSAGE;
}

static void hide_part(struct stream_mask *stream, struct ringlet *phone, uint8_t *bytes, size_t size) {
  const uint8_t *masked;
  if (!stream || stream->is_too_long || !append(stream, bytes, size) ||
      ringlet_mask(phone, (ringlet_text){stream->rest, (uint32_t)stream->size}, &masked) < 0) {
    memset(bytes, '*', size);
    return;
  }
  memcpy(bytes, masked + stream->size - size, size);
  cut(stream, phone);
}

void stream_mask_hide(struct stream_mask **streams, struct ringlet *phone, uint32_t flow, uint8_t *bytes, size_t size) {
  struct stream_mask *stream = find(streams, flow);
  for (size_t at = 0, part; at < size; at += part) {
    part = size - at < PART ? size - at : PART;
    hide_part(stream, phone, bytes + at, part);
  }
}

void stream_mask_forget(struct stream_mask **streams, uint32_t flow) {
  for (struct stream_mask **at = streams; *at; at = &(*at)->next) {
    struct stream_mask *each = *at;
    if (each->flow != flow) continue;
    *at = each->next;
    free(each->rest);
    free(each);
    return;
  }
}

void stream_mask_free(struct stream_mask **streams) {
  while (*streams) stream_mask_forget(streams, (*streams)->flow);
}
