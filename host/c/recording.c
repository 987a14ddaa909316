/* The lines of a recording. See recording.h. */
#include "recording.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the calls ---- */

#define N(i) w->numbers[i]
#define T(i) w->texts[i]
#define MAKE(name, ...)                                                              \
  static int32_t make_##name(struct ringlet *phone, const struct call_words *w) {    \
    (void)w;                                                                         \
    return ringlet_##name(__VA_ARGS__);                                              \
  }

MAKE(init, phone, T(0))
MAKE(seed, phone, T(0))
MAKE(provision, phone, T(0), N(0))
MAKE(boot, phone, T(0), T(1))
MAKE(start, phone, w->now)
MAKE(flow_opened, phone, N(0), T(0), N(1), T(1), N(2), T(2), w->now)
MAKE(accepted, phone, N(0), T(0), N(1), T(1), N(2), T(2), w->now)
MAKE(flow_closed, phone, N(0), w->now)
MAKE(receive, phone, N(0), T(0), N(1), T(1), w->now)
MAKE(send_failed, phone, N(0), T(0), N(1), w->now)
MAKE(resolved, phone, N(0), T(0), w->now)
MAKE(tick, phone, w->now)
MAKE(end_due, phone, w->now)
MAKE(survived, phone, N(0), w->now)
MAKE(call, phone, N(0), T(0), w->now)
MAKE(answer, phone, N(0), w->now)
MAKE(reject, phone, N(0), N(1), w->now)
MAKE(hangup, phone, N(0), w->now)
MAKE(hold, phone, N(0), w->now)
MAKE(resume, phone, N(0), w->now)
MAKE(transfer, phone, N(0), T(0), w->now)
MAKE(transfer_to, phone, N(0), N(1), w->now)
MAKE(conference, phone, N(0), N(1), w->now)
MAKE(dtmf, phone, N(0), T(0), w->now)
MAKE(media, phone, N(0), T(0), N(1), w->now)
MAKE(subscribe, phone, N(0), T(0), T(1), w->now)
MAKE(unsubscribe, phone, N(0), w->now)
MAKE(message, phone, N(0), T(0), T(1), w->now)
MAKE(register, phone, N(0), w->now)
MAKE(unregister, phone, N(0), w->now)
MAKE(list, phone, w->now)
MAKE(stop, phone, w->now)
MAKE(set, phone, T(0), T(1), w->now)
MAKE(get, phone, T(0))
MAKE(export, phone)
MAKE(judge, phone, T(0))

const struct recorded_call recorded_calls[RECORDED_COUNT] = {
#define X(name, kinds) {"sip_" #name, kinds, make_##name},
    RECORDED_CALLS(X)
#undef X
};

const struct recorded_call *recording_call(const char *name, size_t size) {
  for (size_t i = 0; i < RECORDED_COUNT; i++)
    if (strlen(recorded_calls[i].name) == size && memcmp(recorded_calls[i].name, name, size) == 0)
      return &recorded_calls[i];
  return NULL;
}

/* ---- writing ---- */

static bool has_room(struct lines *to, size_t size) {
  if (to->is_full) return false;
  if (size <= to->room - to->size) return true;
  char *larger = NULL;
  if (to->grows && size < SIZE_MAX / 4) larger = realloc(to->bytes, 2 * (to->room + size));
  if (!larger) {
    to->is_full = true;
    return false;
  }
  to->bytes = larger;
  to->room = 2 * (to->room + size);
  return true;
}

void lines_bytes(struct lines *to, const char *bytes, size_t size) {
  if (size == 0 || !has_room(to, size)) return;
  memcpy(to->bytes + to->size, bytes, size);
  to->size += size;
}

void lines_text(struct lines *to, const char *text) {
  lines_bytes(to, text, strlen(text));
}

void lines_format(struct lines *to, const char *format, ...) {
  char text[64];
  va_list words;
  va_start(words, format);
  const int size = vsnprintf(text, sizeof text, format, words);
  va_end(words);
  if (size > 0 && (size_t)size < sizeof text) lines_bytes(to, text, (size_t)size);
  else to->is_full = true;
}

static void put_escaped(struct lines *to, const void *bytes, size_t size) {
  static const char hex[] = "0123456789abcdef";
  const uint8_t *from = bytes;
  for (size_t i = 0; i < size; i++) {
    const uint8_t byte = from[i];
    const char *letter = byte ? strchr("\tt\nn\rr\"\"\\\\", byte) : NULL;
    /* The string above is of pairs: the byte itself, and the letter that stands for it. */
    if (letter && (byte < 0x20 || byte == '"' || byte == '\\')) lines_bytes(to, (char[]){'\\', letter[1]}, 2);
    else if (byte >= 0x20 && byte < 0x7f) lines_bytes(to, (const char *)&from[i], 1);
    else lines_bytes(to, (char[]){'\\', 'x', hex[byte >> 4], hex[byte & 15]}, 4);
  }
}

void lines_quoted(struct lines *to, const void *bytes, size_t size) {
  lines_text(to, "\"");
  put_escaped(to, bytes, size);
  lines_text(to, "\"");
}

void lines_time(struct lines *to, double time) {
  if (isnan(time) || isinf(time)) {
    lines_text(to, isnan(time) ? "@NaN" : time > 0 ? "@Infinity" : "@-Infinity");
    return;
  }
  char text[40];
  if (time == floor(time) && fabs(time) < 1e15) snprintf(text, sizeof text, "%.0f", time + 0.0);
  else
    for (int digits = 1; digits <= 17; digits++) {
      snprintf(text, sizeof text, "%.*g", digits, time);
      if (strtod(text, NULL) == time) break;
    }
  lines_format(to, "@%s", text);
}

void lines_call(struct lines *to, const struct recorded_call *call, const struct call_words *words) {
  lines_format(to, "in %s", call->name);
  unsigned numbers = 0, texts = 0;
  for (const char *kind = call->kinds; *kind; kind++) {
    lines_text(to, " ");
    if (*kind == 'n') lines_format(to, "%" PRId32, (int32_t)words->numbers[numbers++]);
    else if (*kind == 't') lines_time(to, words->now);
    else lines_quoted(to, words->texts[texts].bytes, words->texts[texts].size), texts++;
  }
  lines_text(to, "\n");
}

void lines_result(struct lines *to, int32_t result) {
  if (result == RINGLET_TRAPPED || result == RINGLET_RELOAD) lines_text(to, "= trapped\n");
  else lines_format(to, "= %" PRId32 "\n", result);
}

/* ---- records ---- */

static void put_word(struct lines *to, uint32_t word) {
  lines_format(to, " %" PRId32, (int32_t)word);
}

static void put_slice(struct lines *to, struct ringlet *phone, struct ringlet_slice slice) {
  lines_text(to, " ");
  lines_quoted(to, ringlet_bytes(phone, slice), slice.size);
}

static void put_name(struct lines *to, struct ringlet *phone, struct ringlet_slice slice) {
  put_escaped(to, ringlet_bytes(phone, slice), slice.size);
}

/** Instead of what nobody may be told. */
static void put_stars(struct lines *to, uint32_t count) {
  lines_text(to, "\"");
  for (; count > 0; count--) lines_text(to, "*");
  lines_text(to, "\"");
}

static void put_event(struct lines *to, struct ringlet *phone, const struct ringlet_record *record) {
  lines_text(to, "out event ");
  put_name(to, phone, record->of.event.name);
  put_word(to, record->of.event.call);
  put_word(to, record->of.event.number);
  const struct ringlet_field *fields = ringlet_fields(record);
  for (uint32_t i = 0; i < record->of.event.count; i++) {
    lines_text(to, " ");
    put_name(to, phone, fields[i].name);
    lines_text(to, "=");
    const struct ringlet_slice text = fields[i].value.text;
    if (fields[i].type == RINGLET_FIELD_NUMBER) lines_format(to, "%" PRId64, ringlet_number(&fields[i]));
    else if (fields[i].type == RINGLET_FIELD_SECRET) put_stars(to, text.size);
    else lines_quoted(to, ringlet_bytes(phone, text), text.size);
  }
}

bool lines_record(struct lines *to, struct ringlet *phone, const struct ringlet_record *record) {
  switch (record->kind) {
    case RINGLET_RECORD_SEND:
      lines_text(to, "out send");
      put_word(to, record->of.send.flow);
      put_slice(to, phone, record->of.send.address);
      put_word(to, record->of.send.port);
      return true;
    case RINGLET_RECORD_LISTEN:
      lines_text(to, "out listen");
      put_word(to, record->of.listen.flow);
      put_word(to, record->of.listen.transport);
      put_slice(to, phone, record->of.listen.address);
      put_word(to, record->of.listen.port);
      put_word(to, record->of.listen.dscp);
      return true;
    case RINGLET_RECORD_OPEN:
      lines_text(to, "out open");
      put_word(to, record->of.open.flow);
      put_word(to, record->of.open.transport);
      put_slice(to, phone, record->of.open.address);
      put_word(to, record->of.open.port);
      put_slice(to, phone, record->of.open.server_name);
      put_word(to, record->of.open.dscp);
      return true;
    case RINGLET_RECORD_CLOSE:
      lines_text(to, "out close");
      put_word(to, record->of.close.flow);
      return true;
    case RINGLET_RECORD_RESOLVE:
      lines_text(to, "out resolve");
      put_word(to, record->of.resolve.query);
      put_word(to, record->of.resolve.question);
      put_slice(to, phone, record->of.resolve.name);
      return true;
    case RINGLET_RECORD_EVENT:
      put_event(to, phone, record);
      return true;
    case RINGLET_RECORD_WAKE:
      lines_text(to, "out wake ");
      lines_time(to, ringlet_deadline(record));
      return true;
    case RINGLET_RECORD_VALUE:
      lines_text(to, "out value");
      put_slice(to, phone, record->of.value.key);
      put_slice(to, phone, record->of.value.value);
      return true;
    case RINGLET_RECORD_VERDICT:
      lines_text(to, "out verdict");
      put_word(to, (uint32_t)record->of.verdict.status);
      put_word(to, record->of.verdict.octet);
      put_slice(to, phone, record->of.verdict.reason);
      return true;
    default:
      return false;
  }
}

/* ---- reading ---- */

static int hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

/** The byte behind a backslash at `*at`, which is moved behind it; -1 when there is no such escape. */
static int read_escape(const char *line, size_t size, size_t *at) {
  const char letter = *at < size ? line[(*at)++] : '\0';
  if (letter == 't') return '\t';
  if (letter == 'n') return '\n';
  if (letter == 'r') return '\r';
  if (letter == '"' || letter == '\\') return letter;
  if (letter != 'x' || size - *at < 2) return -1;
  const int high = hex_digit(line[*at]), low = hex_digit(line[*at + 1]);
  *at += 2;
  return high < 0 || low < 0 ? -1 : high << 4 | low;
}

long recording_read_quoted(const char *line, size_t size, size_t *at, char *to) {
  long count = 0;
  if (*at >= size || line[(*at)++] != '"') return -1;
  while (*at < size) {
    const char letter = line[(*at)++];
    if (letter == '"') return count;
    if (letter < 0x20 || letter > 0x7e) return -1;
    const int byte = letter == '\\' ? read_escape(line, size, at) : letter;
    if (byte < 0) return -1;
    to[count++] = (char)byte;
  }
  return -1;
}

/** A copy with a NUL behind it, of a number or a time; false when the word is too long for one. */
static bool copy_word(const char *line, size_t size, size_t *at, char *word, size_t room) {
  size_t count = 0;
  while (*at < size && line[*at] != ' ') {
    if (count + 1 >= room) return false;
    word[count++] = line[(*at)++];
  }
  word[count] = '\0';
  return count > 0;
}

static bool read_number(const char *line, size_t size, size_t *at, uint32_t *number) {
  char word[16], *end;
  if (!copy_word(line, size, at, word, sizeof word)) return false;
  const long long value = strtoll(word, &end, 10);
  *number = (uint32_t)value;
  return *end == '\0' && value >= INT32_MIN && value <= UINT32_MAX;
}

static bool read_time(const char *line, size_t size, size_t *at, double *time) {
  char word[48], *end;
  if (!copy_word(line, size, at, word, sizeof word) || word[0] != '@') return false;
  *time = strtod(word + 1, &end);
  return end != word + 1 && *end == '\0';
}

const char *recording_read_words(const char *line, size_t size, size_t from, const char *kinds, char *room,
                       struct call_words *words) {
  unsigned numbers = 0, texts = 0;
  size_t at = from;
  for (const char *kind = kinds; *kind; kind++) {
    if (at >= size || line[at++] != ' ') return "a word is missing";
    if (*kind == 'n') {
      if (!read_number(line, size, &at, &words->numbers[numbers++])) return "a number is damaged";
    } else if (*kind == 't') {
      if (!read_time(line, size, &at, &words->now)) return "the time is damaged";
    } else {
      const long count = recording_read_quoted(line, size, &at, room);
      if (count < 0) return "a text in quotes is damaged";
      words->texts[texts++] = (ringlet_text){room, (uint32_t)count};
      room += count;
    }
  }
  return at == size ? NULL : "there is a word too many";
}
