/* A recording in words for people. See replay-story.h. */
#include "replay-story.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** Longer pieces are told by their size. */
#define MOST_SHOWN 80

static bool is_message(const struct recorded_call *call) {
  return strcmp(call->name, "sip_receive") == 0 || strcmp(call->name, "sip_judge") == 0;
}

static bool is_control(uint8_t byte) {
  return byte < 0x20 || byte == 0x7f;
}

/** A peer must not be able to command the terminal. */
static void print_safely(const uint8_t *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) {
    if (is_control(bytes[i]) && bytes[i] != '\t') printf("\\x%02x", bytes[i]);
    else putchar(bytes[i]);
  }
}

static size_t without_line_ends(const uint8_t *bytes, size_t size) {
  while (size > 0 && (bytes[size - 1] == '\n' || bytes[size - 1] == '\r')) size--;
  return size;
}

/** Its lines, set in. */
static void print_message(const uint8_t *bytes, size_t whole) {
  const size_t size = without_line_ends(bytes, whole);
  for (size_t from = 0; from <= size;) {
    const uint8_t *end = size > from ? memchr(bytes + from, '\n', size - from) : NULL;
    const size_t stop = end ? (size_t)(end - bytes) : size;
    const size_t shown = end && stop > from && bytes[stop - 1] == '\r' ? stop - 1 : stop;
    printf("  | ");
    print_safely(bytes + from, shown - from);
    printf("\n");
    from = stop + 1;
  }
}

static void print_piece(ringlet_text piece, bool is_long) {
  const uint8_t *bytes = piece.bytes;
  for (uint32_t i = 0; i < piece.size && !is_long; i++) is_long = is_control(bytes[i]);
  if (is_long || piece.size > MOST_SHOWN) printf(" %" PRIu32 " bytes", piece.size);
  else if (piece.size > 0) printf(" %.*s", (int)piece.size, (const char *)bytes);
}

static void print_result(const char *line, size_t size) {
  const char *result = line + strlen("= ");
  const int shown = (int)(size - strlen("= "));
  if (shown != 1 || *result != '0') printf(" -> %.*s", shown, result);
}

static void print_input(const struct recorded_call *call, const struct call_words *words, const char *result,
                        size_t size) {
  const char *last = strrchr(call->kinds, 'p');
  unsigned numbers = 0, texts = 0;
  printf("%s", call->name + strlen("sip_"));
  for (const char *kind = call->kinds; *kind; kind++) {
    if (*kind == 'n') printf(" %" PRId32, (int32_t)words->numbers[numbers++]);
    else if (*kind == 'p') print_piece(words->texts[texts++], is_message(call) && kind == last);
  }
  print_result(result, size);
  printf("\n");
  if (is_message(call)) print_message(words->texts[texts - 1].bytes, words->texts[texts - 1].size);
}

/** out event NAME HANDLE NUMBER FIELD=...: without the handle, and without a number that is 0. */
static void print_event(const char *line, size_t size) {
  const char *name = line + strlen("out event "), *end = line + size;
  const char *handle = memchr(name, ' ', (size_t)(end - name));
  const char *number = handle ? memchr(handle + 1, ' ', (size_t)(end - handle - 1)) : NULL;
  if (!number) return;
  const char *fields = memchr(number + 1, ' ', (size_t)(end - number - 1));
  if (!fields) fields = end;
  const bool has_number = fields - number != 2 || number[1] != '0';
  printf("  %.*s%.*s%.*s\n", (int)(handle - name), name, has_number ? (int)(fields - number) : 0, number,
         (int)(end - fields), fields);
}

/** out send FLOW "PEER" PORT "BYTES" */
static void print_send(const char *line, size_t size) {
  struct call_words words;
  char *room = malloc(size);
  if (room && !recording_read_words(line, size, strlen("out send"), "npnp", room, &words)) {
    printf("  send %" PRId32, (int32_t)words.numbers[0]);
    print_piece(words.texts[0], false);
    printf(" %" PRIu32 " %" PRIu32 " bytes\n", words.numbers[1], words.texts[1].size);
    print_message(words.texts[1].bytes, words.texts[1].size);
  }
  free(room);
}

static bool is_kind(const char *line, size_t size, const char *head) {
  return size >= strlen(head) && memcmp(line, head, strlen(head)) == 0;
}

/** The deadline says nothing to people, and is left out. */
static bool is_told(const char *line, size_t size) {
  return !is_kind(line, size, "out wake ");
}

static void print_output(const char *line, size_t size) {
  if (is_kind(line, size, "out event ")) print_event(line, size);
  else if (is_kind(line, size, "out send ")) print_send(line, size);
  else printf("  %.*s\n", (int)(size - strlen("out ")), line + strlen("out "));
}

static void print_time(struct story *story, double now) {
  if (!story->has_begun && isfinite(now)) story->has_begun = true, story->start = now;
  if (isfinite(now)) printf("+%.3f ", (now - story->start) / 1000);
  else printf("- ");
}

void story_tell(struct story *story, const struct recorded_call *call, const struct call_words *words, const char *lines,
                size_t size) {
  const char *end = lines + size;
  for (const char *line = lines; line < end;) {
    const char *stop = memchr(line, '\n', (size_t)(end - line));
    if (!stop) return;
    if (line == lines || is_told(line, (size_t)(stop - line))) {
      print_time(story, words->now);
      if (line == lines) print_input(call, words, line, (size_t)(stop - line));
      else print_output(line, (size_t)(stop - line));
    }
    line = stop + 1;
  }
}
