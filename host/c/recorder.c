/* Recording. See recorder.h; the format is docs/recording.md. */
#include "recorder.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "media-keys.h"
#include "passwords.h"
#include "stream-mask.h"

/** Text of a segment. The buffer has room for the call that makes it full, too. */
#define SEGMENT_BYTES (2u << 20)
#define SLACK_BYTES (1u << 20)
#define MOST_NOTES 4
#define MEMORY_PAGE 65536u
/** What entropy has for names: a recording tells it. */
#define ENTROPY_BYTES 32u

/** Lines, and the image (ringlet_state) that they start from: NULL for the first. */
struct segment {
  /** It can be replayed: it begins with the phone, or with an image. */
  bool is_whole;
  struct lines lines;
  uint8_t *start;
  size_t start_size;
};

/** Bytes at the end of a line that is otherwise complete: shown when the drain is over, when the module may be asked. */
struct held {
  /** Where in the lines of the call. */
  size_t at;
  /** Where in the bytes that are held. */
  size_t from;
  size_t size;
  /** Of a message; else of a value, which may be a whole file of settings. */
  bool is_message;
  /** Of a value: how long its key is, which stands before it. */
  size_t key_size;
};

struct recorder {
  struct ringlet *phone;
  char hash[65];
  uint32_t globals;
  struct segment segments[2];
  /** The newer of the two. */
  unsigned newer;
  bool has_older;
  char *notes[MOST_NOTES];
  /** The call that is being made: its lines, what they lack, and whether there is one. */
  struct lines lines;
  struct lines bytes;
  struct held *held;
  size_t held_count;
  size_t held_room;
  bool is_pending;
  /** What had no room: the segment ends before it, and nothing that follows leads on from there. */
  bool has_gap;
  struct passwords passwords;
  struct stream_mask *streams;
};

/* ---- life ---- */

struct recorder *recorder_open(struct ringlet *phone, const char *hash) {
  struct recorder *r = calloc(1, sizeof *r);
  if (!r) return NULL;
  r->phone = phone;
  r->segments[0].is_whole = true;
  snprintf(r->hash, sizeof r->hash, "%s", hash);
  r->globals = ringlet_globals(phone);
  r->lines.grows = r->bytes.grows = true;
  for (int i = 0; i < 2; i++) {
    r->segments[i].lines.room = SEGMENT_BYTES + SLACK_BYTES;
    r->segments[i].lines.bytes = malloc(SEGMENT_BYTES + SLACK_BYTES);
    if (r->segments[i].lines.bytes) continue;
    recorder_close(r);
    return NULL;
  }
  return r;
}

void recorder_close(struct recorder *r) {
  if (!r) return;
  for (int i = 0; i < 2; i++) {
    free(r->segments[i].lines.bytes);
    free(r->segments[i].start);
  }
  for (int i = 0; i < MOST_NOTES; i++) free(r->notes[i]);
  free(r->lines.bytes);
  free(r->bytes.bytes);
  free(r->held);
  passwords_free(&r->passwords);
  stream_mask_free(&r->streams);
  free(r);
}

void recorder_note(struct recorder *r, const char *words) {
  for (int i = 0; r && i < MOST_NOTES; i++) {
    if (r->notes[i]) continue;
    r->notes[i] = malloc(strlen(words) + 1);
    if (r->notes[i]) strcpy(r->notes[i], words);
    return;
  }
}

/* ---- the calls ---- */

/** A copy in the recorder, for overwriting secrets in it. */
static char *copy_text(struct recorder *r, ringlet_text *text) {
  r->bytes.size = 0;
  lines_bytes(&r->bytes, text->bytes, text->size);
  if (r->bytes.is_full) return NULL;
  text->bytes = r->bytes.bytes;
  return r->bytes.bytes;
}

static void hide_message(struct recorder *r, char *bytes, size_t size) {
  const uint8_t *masked;
  if (size == 0) return;
  if (ringlet_mask(r->phone, (ringlet_text){bytes, (uint32_t)size}, &masked) < 0) memset(bytes, '*', size);
  else memcpy(bytes, masked, size);
}

static bool is_call(const struct recorded_call *call, enum recorded_number number) {
  return call == &recorded_calls[number];
}

/** Of entropy what is for keys of media (docs/abi.md, sip_init). */
static void hide_seed(char *entropy, size_t size) {
  if (size > ENTROPY_BYTES) memset(entropy + ENTROPY_BYTES, '*', size - ENTROPY_BYTES);
}

/** The words with the text that may hold secrets replaced by a copy without them. */
static struct call_words shown(struct recorder *r, const struct recorded_call *call, const struct call_words *words) {
  struct call_words copy = *words;
  ringlet_text *last = &copy.texts[is_call(call, RECORDED_set) || is_call(call, RECORDED_receive)];
  const bool is_file = is_call(call, RECORDED_provision);
  const bool is_value = is_call(call, RECORDED_set);
  const bool is_message = is_call(call, RECORDED_receive) || is_call(call, RECORDED_judge);
  if (is_call(call, RECORDED_flow_closed)) stream_mask_forget(&r->streams, words->numbers[0]);
  const bool is_seed = is_call(call, RECORDED_init) || is_call(call, RECORDED_seed);
  if (!is_file && !is_value && !is_message && !is_seed) return copy;
  char *bytes = copy_text(r, last);
  if (!bytes) return copy;
  if (is_seed) hide_seed(bytes, last->size);
  else if (is_file) passwords_hide_in_file(&r->passwords, bytes, last->size);
  else if (is_value) passwords_hide_value(&r->passwords, copy.texts[0].bytes, copy.texts[0].size, bytes, last->size);
  else if (is_call(call, RECORDED_receive) && copy.texts[0].size == 0)
    stream_mask_hide(&r->streams, r->phone, words->numbers[0], (uint8_t *)bytes, last->size);
  else hide_message(r, bytes, last->size);
  return copy;
}

static void finish_call(struct recorder *r);

void recorder_calling(struct recorder *r, const struct recorded_call *call, const struct call_words *words) {
  if (!r) return;
  finish_call(r);
  const struct call_words copy = shown(r, call, words);
  r->lines.is_full |= r->bytes.is_full;
  lines_call(&r->lines, call, &copy);
  r->bytes.size = 0;
  r->is_pending = true;
}

void recorder_answered(struct recorder *r, int32_t result) {
  if (r && r->is_pending) lines_result(&r->lines, result);
}

/* ---- what it says ---- */

static struct held *hold(struct recorder *r) {
  if (r->held_count == r->held_room) {
    const size_t room = 2 * r->held_room + 8;
    struct held *held = realloc(r->held, room * sizeof *held);
    if (!held) return NULL;
    r->held = held;
    r->held_room = room;
  }
  return &r->held[r->held_count++];
}

static void hold_bytes(struct recorder *r, struct ringlet_slice slice, bool is_message, size_t key_size) {
  struct held *held = hold(r);
  if (!held) {
    r->lines.is_full = true;
    return;
  }
  *held = (struct held){r->lines.size, r->bytes.size, slice.size, is_message, key_size};
  lines_bytes(&r->bytes, (const char *)ringlet_bytes(r->phone, slice), slice.size);
}

/** out value "KEY", its key held before its bytes. */
static void say_value(struct recorder *r, const struct ringlet_record *record) {
  const struct ringlet_slice key = record->of.value.key;
  const uint8_t *bytes = ringlet_bytes(r->phone, key);
  lines_text(&r->lines, "out value ");
  lines_quoted(&r->lines, bytes, key.size);
  lines_bytes(&r->bytes, (const char *)bytes, key.size);
  hold_bytes(r, record->of.value.value, false, key.size);
}

void recorder_said(struct recorder *r, const struct ringlet_record *record) {
  if (!r || !r->is_pending) return;
  if (record->kind == RINGLET_RECORD_VALUE) say_value(r, record);
  else if (!lines_record(&r->lines, r->phone, record)) return;
  if (record->kind == RINGLET_RECORD_SEND) hold_bytes(r, record->of.send.bytes, true, 0);
  lines_text(&r->lines, "\n");
}

static void show_held(struct recorder *r, struct lines *to, const struct held *held) {
  char *bytes = r->bytes.bytes + held->from;
  const char *key = bytes - held->key_size;
  if (held->is_message) hide_message(r, bytes, held->size);
  else if (!passwords_hide_value(&r->passwords, key, held->key_size, bytes, held->size))
    passwords_hide_in_file(&r->passwords, bytes, held->size);
  lines_text(to, " ");
  lines_quoted(to, bytes, held->size);
}

/** Puts the lines of the call behind those of the segment, or none of them. */
static void finish_call(struct recorder *r) {
  if (!r->is_pending) return;
  struct lines *to = &r->segments[r->newer].lines;
  const size_t before = to->size;
  size_t from = 0;
  for (size_t i = 0; i < r->held_count && !r->bytes.is_full; from = r->held[i++].at) {
    lines_bytes(to, r->lines.bytes + from, r->held[i].at - from);
    show_held(r, to, &r->held[i]);
  }
  lines_bytes(to, r->lines.bytes + from, r->lines.size - from);
  if (to->is_full || r->lines.is_full || r->bytes.is_full) {
    to->size = before;
    r->has_gap = true;
  }
  to->is_full = r->lines.is_full = r->bytes.is_full = r->is_pending = false;
  r->lines.size = r->bytes.size = r->held_count = 0;
}

bool recorder_drained(struct recorder *r) {
  if (!r) return false;
  finish_call(r);
  return r->has_gap || r->segments[r->newer].lines.size > SEGMENT_BYTES;
}

/* ---- segments ---- */

/** The image without touching pages that are zero. */
static void take_snapshot(struct recorder *r, struct segment *segment) {
  uint32_t size;
  const uint8_t *memory = ringlet_memory(r->phone, &size);
  static const uint8_t zeros[RECORDING_PAGE];
  const size_t globals = r->globals * sizeof(int64_t);
  free(segment->start);
  segment->start_size = globals + size;
  segment->start = calloc(1, segment->start_size);
  segment->is_whole = segment->start != NULL;
  if (!segment->is_whole) return;
  for (uint32_t i = 0; i < r->globals; i++) {
    const int64_t value = ringlet_global(r->phone, i);
    memcpy(segment->start + i * sizeof value, &value, sizeof value);
  }
  for (uint32_t at = 0; at < size; at += RECORDING_PAGE)
    if (memcmp(memory + at, zeros, RECORDING_PAGE) != 0)
      memcpy(segment->start + globals + at, memory + at, RECORDING_PAGE);
  passwords_hide_in(&r->passwords, segment->start + globals, size);
  media_keys_hide_in(segment->start + globals, size);
}

void recorder_cut(struct recorder *r) {
  if (!r) return;
  finish_call(r);
  struct segment *older = &r->segments[r->newer];
  // Without what is missing the newer one does not follow from the older.
  r->has_older = !r->has_gap && older->lines.size > 0;
  r->newer ^= 1;
  r->has_gap = false;
  r->segments[r->newer].lines.size = 0;
  take_snapshot(r, &r->segments[r->newer]);
}

void recorder_adopted(struct recorder *r) {
  if (!r) return;
  recorder_cut(r);
  r->has_older = false;
}

/* ---- the file ---- */

static size_t without_zeros(const uint8_t *bytes, size_t size) {
  while (size > 0 && bytes[size - 1] == 0) size--;
  return size;
}

static bool put(FILE *file, struct lines *lines) {
  const bool is_done = !lines->is_full && fwrite(lines->bytes, 1, lines->size, file) == lines->size;
  lines->size = 0;
  return is_done;
}

static bool put_state(struct recorder *r, const struct segment *segment, FILE *file, struct lines *lines) {
  uint8_t *memory = segment->start + r->globals * sizeof(int64_t);
  const size_t size = segment->start_size - r->globals * sizeof(int64_t);
  passwords_hide_in(&r->passwords, memory, size);
  media_keys_hide_in(memory, size);
  lines_format(lines, "state %" PRIu32 " %zu\n", r->globals, size / MEMORY_PAGE);
  for (uint32_t i = 0; i < r->globals; i++) {
    int64_t value;
    memcpy(&value, segment->start + i * sizeof value, sizeof value);
    lines_format(lines, "g %" PRIu32 " %" PRId64 "\n", i, value);
  }
  for (size_t at = 0; at < size; at += RECORDING_PAGE) {
    const size_t used = without_zeros(memory + at, RECORDING_PAGE);
    if (used == 0) continue;
    lines_format(lines, "p %zu ", at / RECORDING_PAGE);
    lines_quoted(lines, memory + at, used);
    lines_text(lines, "\n");
    if (!put(file, lines)) return false;
  }
  return put(file, lines);
}

static bool put_all(struct recorder *r, FILE *file, struct lines *lines) {
  struct segment *newer = &r->segments[r->newer];
  struct segment *older = &r->segments[r->newer ^ 1];
  const struct segment *first = r->has_older ? older : newer;
  lines_format(lines, "%s ", RECORDING_FORMAT);
  lines_text(lines, r->hash);
  lines_text(lines, "\n");
  for (int i = 0; i < MOST_NOTES && r->notes[i]; i++) {
    lines_text(lines, "note ");
    lines_quoted(lines, r->notes[i], strlen(r->notes[i]));
    lines_text(lines, "\n");
  }
  if (!first->is_whole || !put(file, lines)) return false;
  if (first->start && !put_state(r, first, file, lines)) return false;
  if (r->has_older && fwrite(older->lines.bytes, 1, older->lines.size, file) != older->lines.size) return false;
  return fwrite(newer->lines.bytes, 1, newer->lines.size, file) == newer->lines.size;
}

bool recorder_write(struct recorder *r, FILE *file) {
  finish_call(r);
  struct lines lines = {.grows = true};
  const bool is_done = put_all(r, file, &lines);
  free(lines.bytes);
  return is_done;
}
