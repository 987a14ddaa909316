/* Replaying. See replay.h; the format is docs/recording.md. */
#include "replay.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recording.h"
#include "replay-story.h"

/** So many calls that differ are shown; what follows a difference is mostly its consequence. */
#define MOST_SHOWN 3
#define MOST_MEMORY_PAGES 1024u
#define MEMORY_PAGE 65536u
#define OUT_OF_ORDER "out of order: in, then =, then out"

enum outcome { SAME = 0, DIFFERENT = 1, UNUSABLE = 2 };

/** One line of the file, without its LF. */
struct line {
  const char *bytes;
  size_t size;
};

/** The bytes of a Send, which are shown when the drain is over: until then the window may hold what other records tell of. */
struct message {
  /** Where in the lines it belongs. */
  size_t at;
  uint8_t *bytes;
  uint32_t size;
  struct message *next;
};

struct replay {
  const struct replay_options *options;
  const char *name;
  /** Before the result, when there are several files. */
  const char *prefix;
  struct ringlet *phone;
  char *text;
  size_t size;
  /** Where the next line begins, and the number of the line before it. */
  size_t at;
  long number;
  /** The image of `state`, and how much of it has been read. */
  uint8_t *image;
  size_t image_size;
  uint32_t globals;
  uint32_t globals_read;
  struct lines seen;
  char *room;
  struct story story;
  long inputs;
  long outputs;
  long different;
};

/* ---- words for people ---- */

static enum outcome unusable(const struct replay *r, const char *reason) {
  if (r->number > 0) fprintf(stderr, "ringlet: %s: line %ld: %s\n", r->name, r->number, reason);
  else fprintf(stderr, "ringlet: %s: %s\n", r->name, reason);
  return UNUSABLE;
}

static bool begins(struct line line, const char *word) {
  const size_t size = strlen(word);
  return line.size >= size && memcmp(line.bytes, word, size) == 0;
}

/* ---- the file ---- */

static bool read_file(struct replay *r) {
  FILE *file = fopen(r->name, "rb");
  if (!file) return false;
  struct lines text = {.grows = true};
  char part[65536];
  for (size_t got; (got = fread(part, 1, sizeof part, file)) > 0;) lines_bytes(&text, part, got);
  const bool is_read = !ferror(file) && !text.is_full;
  fclose(file);
  r->text = text.bytes;
  r->size = text.size;
  return is_read;
}

/** The next line without going there; its size is 0 and its place NULL at the end. */
static struct line peek(const struct replay *r) {
  const char *from = r->text + r->at;
  const char *end = r->at < r->size ? memchr(from, '\n', r->size - r->at) : NULL;
  return end ? (struct line){from, (size_t)(end - from)} : (struct line){NULL, 0};
}

static struct line next(struct replay *r) {
  const struct line line = peek(r);
  if (line.bytes) r->at += line.size + 1, r->number++;
  return line;
}

static enum outcome read_head(struct replay *r) {
  static const char format[] = RECORDING_FORMAT " ";
  const struct line line = next(r);
  r->number = 1;
  if (!line.bytes || !begins(line, "ringlet-recording ")) return unusable(r, "this is no recording");
  if (!begins(line, format)) return unusable(r, "this version is not known here");
  if (line.size != strlen(format) + 64) return unusable(r, "the module's hash is damaged");
  /* An engine that loads its module may have been given it in another form. */
  const char *hash = line.bytes + strlen(format);
  const char *ours = ringlet_module_hash();
  if (ours[0] && strncmp(hash, ours, 64) != 0)
    fprintf(stderr, "ringlet: %s: made with the module %.64s, this is %s\n", r->name, hash, ours);
  return SAME;
}

/* ---- the state ---- */

static void store_global(uint8_t *at, int64_t value) {
  for (int i = 0; i < 8; i++) at[i] = (uint8_t)((uint64_t)value >> 8 * i);
}

/** state GLOBALS PAGES */
static enum outcome begin_state(struct replay *r, struct line line) {
  struct call_words words;
  if (r->image || r->inputs > 0) return unusable(r, "state stands once, before the first call");
  if (recording_read_words(line.bytes, line.size, strlen("state"), "nn", r->room, &words))
    return unusable(r, "state needs GLOBALS PAGES");
  if (words.numbers[0] != ringlet_globals(r->phone)) return unusable(r, "the module has other globals");
  if (words.numbers[1] > MOST_MEMORY_PAGES) return unusable(r, "that is too much memory");
  r->globals = words.numbers[0];
  r->image_size = 8 * (size_t)r->globals + (size_t)words.numbers[1] * MEMORY_PAGE;
  r->image = calloc(1, r->image_size);
  return r->image ? SAME : unusable(r, "there is no memory for it");
}

/** g INDEX DECIMAL */
static enum outcome read_global(struct replay *r, struct line line) {
  char word[48], *end;
  if (!r->image || line.size >= sizeof word) return unusable(r, "g stands behind state");
  memcpy(word, line.bytes, line.size);
  word[line.size] = '\0';
  if (strtoul(word + 1, &end, 10) != r->globals_read || r->globals_read >= r->globals || *end != ' ')
    return unusable(r, "g needs INDEX DECIMAL, in order");
  const char *from = end + 1;
  store_global(r->image + 8 * r->globals_read++, strtoll(from, &end, 10));
  return end != from && *end == '\0' ? SAME : unusable(r, "g needs INDEX DECIMAL");
}

/** p PAGE "bytes" */
static enum outcome read_page(struct replay *r, struct line line) {
  struct call_words words;
  if (!r->image) return unusable(r, "p stands behind state");
  const char *reason = recording_read_words(line.bytes, line.size, 1, "np", r->room, &words);
  if (reason) return unusable(r, reason);
  const size_t offset = 8 * (size_t)r->globals + (size_t)words.numbers[0] * RECORDING_PAGE;
  if (words.texts[0].size > RECORDING_PAGE || offset + words.texts[0].size > r->image_size)
    return unusable(r, "that page is not in memory");
  memcpy(r->image + offset, words.texts[0].bytes, words.texts[0].size);
  return SAME;
}

/** Before the first call. */
static enum outcome put_state_in(struct replay *r) {
  if (!r->image) return SAME;
  if (r->globals_read != r->globals) return unusable(r, "globals are missing");
  const int32_t status = ringlet_restore(r->phone, r->image, r->image_size);
  free(r->image);
  r->image = NULL;
  return status == RINGLET_OK ? SAME : unusable(r, "the state does not fit the module");
}

/* ---- one call ---- */

static void take_record(struct replay *r, const struct ringlet_record *record, struct message ***last) {
  if (!lines_record(&r->seen, r->phone, record)) return;
  r->outputs++;
  if (record->kind == RINGLET_RECORD_SEND) {
    const struct ringlet_slice slice = record->of.send.bytes;
    struct message *message = malloc(sizeof *message + slice.size);
    if (!message) {
      r->seen.is_full = true;
      return;
    }
    *message = (struct message){.at = r->seen.size, .bytes = (uint8_t *)(message + 1), .size = slice.size};
    memcpy(message->bytes, ringlet_bytes(r->phone, slice), slice.size);
    **last = message;
    *last = &message->next;
  }
  lines_text(&r->seen, "\n");
}

/** Puts the messages, without their secrets, where they belong. */
static void put_messages(struct replay *r, struct message *messages) {
  if (!messages) return;
  struct lines whole = {.grows = true, .is_full = r->seen.is_full};
  size_t from = 0;
  for (struct message *each = messages, *following; each; each = following) {
    const uint8_t *masked = each->bytes;
    if (ringlet_mask(r->phone, (ringlet_text){each->bytes, each->size}, &masked) < 0) masked = each->bytes;
    lines_bytes(&whole, r->seen.bytes + from, each->at - from);
    lines_text(&whole, " ");
    lines_quoted(&whole, masked, each->size);
    from = each->at;
    following = each->next;
    free(each);
  }
  lines_bytes(&whole, r->seen.bytes + from, r->seen.size - from);
  free(r->seen.bytes);
  r->seen = whole;
}

/** A host that is about to take a new module still ends calls with the old one, whose state is back: see ringlet_restore. */
static void revive(struct replay *r) {
  const size_t size = ringlet_state_size(r->phone);
  void *image = malloc(size);
  if (!image || ringlet_state(r->phone, image, size) != RINGLET_OK || ringlet_restore(r->phone, image, size) != RINGLET_OK)
    r->seen.is_full = true;
  free(image);
}

/** Makes the call and drains: `seen` holds the lines of the result and of the records. */
static void make(struct replay *r, const struct recorded_call *call, const struct call_words *words) {
  struct message *messages = NULL, **last = &messages;
  const struct ringlet_record *record;
  r->seen.size = 0;
  const int32_t result = call->make(r->phone, words);
  lines_result(&r->seen, result);
  if (result == RINGLET_RELOAD) revive(r);
  if (strcmp(call->name, "sip_boot") == 0 && result == RINGLET_OK)
    while ((record = ringlet_boot_next(r->phone))) take_record(r, record, &last);
  while ((record = ringlet_poll(r->phone))) {
    take_record(r, record, &last);
    if (record->kind == RINGLET_RECORD_WAKE) break;
  }
  put_messages(r, messages);
}

/** The lines `=` and `out` that follow, as they stand in the file. */
static enum outcome read_expected(struct replay *r, struct line *expected) {
  struct line line = peek(r);
  if (line.bytes && begins(line, "out ")) {
    r->number++;
    return unusable(r, OUT_OF_ORDER);
  }
  if (!line.bytes || !begins(line, "= ")) return unusable(r, "the call has no result");
  *expected = line;
  for (; line.bytes && (begins(line, "= ") || begins(line, "out ")); line = peek(r)) {
    next(r);
    expected->size = (size_t)(line.bytes - expected->bytes) + line.size + 1;
  }
  return SAME;
}

/** Cuts the first line off; an empty text has none. */
static struct line cut(struct line *text) {
  const char *end = text->size > 0 ? memchr(text->bytes, '\n', text->size) : NULL;
  if (!end) return (struct line){"nothing", strlen("nothing")};
  const struct line line = {text->bytes, (size_t)(end - text->bytes)};
  text->bytes += line.size + 1;
  text->size -= line.size + 1;
  return line;
}

static void tell_difference(const struct replay *r, long number, const char *name, struct line expected) {
  struct line seen = {r->seen.bytes, r->seen.size};
  printf("%sline %ld: %s differs\n", r->prefix, number, name);
  while (expected.size > 0 || seen.size > 0) {
    const struct line one = cut(&expected), other = cut(&seen);
    if (one.size == other.size && memcmp(one.bytes, other.bytes, one.size) == 0) continue;
    printf("  expected %.*s\n  seen     %.*s\n", (int)one.size, one.bytes, (int)other.size, other.bytes);
  }
}

/** in NAME ... */
static enum outcome take_call(struct replay *r, struct line line) {
  const size_t from = strlen("in ");
  const char *blank = memchr(line.bytes + from, ' ', line.size - from);
  const size_t size = blank ? (size_t)(blank - line.bytes) - from : line.size - from;
  const struct recorded_call *call = recording_call(line.bytes + from, size);
  if (!call) return unusable(r, "there is no such call");
  struct call_words words = {.now = NAN};
  const char *reason = recording_read_words(line.bytes, line.size, from + size, call->kinds, r->room, &words);
  if (reason) return unusable(r, reason);
  const long number = r->number;
  struct line expected;
  if (r->inputs == 0 && put_state_in(r) != SAME) return UNUSABLE;
  if (read_expected(r, &expected) != SAME) return UNUSABLE;
  r->inputs++;
  make(r, call, &words);
  if (r->seen.is_full) return unusable(r, "there is no memory for what the call says");
  if (!r->options->is_quiet) story_tell(&r->story, call, &words, r->seen.bytes, r->seen.size);
  if (r->seen.size == expected.size && memcmp(r->seen.bytes, expected.bytes, expected.size) == 0) return SAME;
  if (r->different++ < MOST_SHOWN) tell_difference(r, number, call->name, expected);
  return SAME;
}

/* ---- a whole file ---- */

static enum outcome take(struct replay *r, struct line line) {
  if (begins(line, "in ")) return take_call(r, line);
  if (begins(line, "g ")) return read_global(r, line);
  if (begins(line, "p ")) return read_page(r, line);
  if (begins(line, "state ")) return begin_state(r, line);
  if (begins(line, "= ") || begins(line, "out ")) return unusable(r, OUT_OF_ORDER);
  if (!begins(line, "note ")) return unusable(r, "this begins no line of a recording");
  struct call_words words;
  if (recording_read_words(line.bytes, line.size, strlen("note"), "p", r->room, &words))
    return unusable(r, "note needs words in quotes");
  if (!r->options->is_quiet) printf("# %.*s\n", (int)words.texts[0].size, (const char *)words.texts[0].bytes);
  return SAME;
}

static enum outcome run(struct replay *r) {
  if (read_head(r) != SAME) return UNUSABLE;
  for (struct line line = next(r); line.bytes; line = next(r))
    if (take(r, line) != SAME) return UNUSABLE;
  if (r->at < r->size) {
    r->number++;
    return unusable(r, "the last line is cut");
  }
  if (r->inputs == 0) return unusable(r, "there is no call in it");
  printf("%s%ld inputs, %ld outputs, ", r->prefix, r->inputs, r->outputs);
  if (r->different == 0) printf("all the same\n");
  else printf("%ld inputs with other outputs\n", r->different);
  return r->different == 0 ? SAME : DIFFERENT;
}

static enum outcome replay_file(const char *name, const char *prefix, const struct replay_options *options) {
  struct replay r = {.options = options, .name = name, .prefix = prefix, .seen = {.grows = true}};
  char reason[200] = "there is no memory";
  /* The call that traps in a recording has to leave the phone as it was, whatever its size. */
  const struct ringlet_options opened = {options->module, (uint32_t)options->module_size, RINGLET_ROLLBACK_ON};
  enum outcome outcome = UNUSABLE;
  if (!read_file(&r)) unusable(&r, "can't be read");
  else if (!(r.room = malloc(r.size + 1)) || !(r.phone = ringlet_open(&opened, reason, sizeof reason)))
    unusable(&r, reason);
  else outcome = run(&r);
  ringlet_close(r.phone);
  free(r.image);
  free(r.seen.bytes);
  free(r.room);
  free(r.text);
  return outcome;
}

int replay_files(int count, char **files, const struct replay_options *options) {
  int worst = SAME;
  for (int i = 0; i < count; i++) {
    char prefix[1024] = "";
    if (count > 1) snprintf(prefix, sizeof prefix, "%s: ", files[i]);
    const int outcome = replay_file(files[i], prefix, options);
    if (outcome > worst) worst = outcome;
  }
  return worst;
}
