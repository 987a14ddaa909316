#include "dns-answer.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
  HEADER_BYTES = 12,
  IN = 1,
  // In a length: the lower 14 bits say where the name goes on.
  POINTER = 0xc0,
  // Aliases of aliases.
  MOST_ALIASES = 8,
  LINE_BYTES = 1200,
};

// A TTL with the highest bit set counts as none (RFC 2181 §8).
static const uint32_t LONGEST_TTL = 0x7fffffff;

// Reads past the end read zeros, and say so.
struct reader {
  const uint8_t* bytes;
  size_t size;
  size_t at;
  bool is_cut;
};

struct record {
  char name[DNS_NAME_BYTES];
  uint32_t type;
  uint32_t class;
  uint32_t ttl;
  // Behind its data.
  size_t end;
};

static uint32_t read_byte(struct reader* reader) {
  if (reader->at < reader->size) return reader->bytes[reader->at++];
  reader->is_cut = true;
  return 0;
}

static uint32_t read_word(struct reader* reader) {
  uint32_t upper = read_byte(reader);
  return upper << 8 | read_byte(reader);
}

static uint32_t read_long(struct reader* reader) {
  uint32_t upper = read_word(reader);
  return upper << 16 | read_word(reader);
}

// A NUL would hide what stands behind it: as a space it makes the record useless, as it should.
static void read_text(struct reader* reader, char* text, size_t size) {
  for (size_t i = 0; i < size; i++) {
    uint32_t byte = read_byte(reader);
    text[i] = byte == 0 ? ' ' : (char)byte;
  }
  text[size] = '\0';
}

// Without the dot at its end; the root is empty. Pointers may lead in a circle: no name is longer than 255 octets.
static void read_name(struct reader* reader, char* name) {
  size_t size = 0;
  size_t behind = 0;
  int left = DNS_NAME_BYTES - 1;
  for (uint32_t length = read_byte(reader); length > 0; length = read_byte(reader)) {
    left -= length & POINTER ? 2 : (int)length + 1;
    reader->is_cut |= left < 0;
    if (reader->is_cut) break;
    if ((length & POINTER) == POINTER) {
      size_t to = (length & ~(uint32_t)POINTER) << 8 | read_byte(reader);
      if (behind == 0) behind = reader->at;
      reader->at = to;
    } else {
      if (size > 0) name[size++] = '.';
      read_text(reader, name + size, length);
      size += length;
    }
  }
  name[size] = '\0';
  if (behind > 0) reader->at = behind;
}

static bool read_record(struct reader* reader, struct record* record) {
  read_name(reader, record->name);
  record->type = read_word(reader);
  record->class = read_word(reader);
  record->ttl = read_long(reader);
  if (record->ttl > LONGEST_TTL) record->ttl = 0;
  record->end = read_word(reader);
  record->end += reader->at;
  reader->is_cut |= record->end > reader->size;
  return !reader->is_cut;
}

// ---- lines ----

static void show_address(struct reader* reader, int family, char* line) {
  uint8_t bytes[16];
  char text[INET6_ADDRSTRLEN];
  for (int i = 0; i < (family == AF_INET ? 4 : 16); i++) bytes[i] = (uint8_t)read_byte(reader);
  inet_ntop(family, bytes, text, sizeof text);
  snprintf(line, LINE_BYTES, "%s", text);
}

// RFC 2782; the root is what says that there is no such service.
static void show_service(struct reader* reader, char* line) {
  uint32_t priority = read_word(reader), weight = read_word(reader), port = read_word(reader);
  char target[DNS_NAME_BYTES];
  read_name(reader, target);
  snprintf(line, LINE_BYTES, "%u %u %u %s", priority, weight, port, *target ? target : ".");
}

static const char* or_dash(const char* text) { return *text ? text : "-"; }

// RFC 3403 §4.1. The regular expression is none of ours: RFC 3263 §4.1 has only replacements.
static void show_pointer(struct reader* reader, char* line) {
  uint32_t order = read_word(reader), preference = read_word(reader);
  char flags[256], service[256], expression[256], replacement[DNS_NAME_BYTES];
  read_text(reader, flags, read_byte(reader));
  read_text(reader, service, read_byte(reader));
  read_text(reader, expression, read_byte(reader));
  read_name(reader, replacement);
  snprintf(line, LINE_BYTES, "%u %u %s %s %s", order, preference, or_dash(flags), or_dash(service),
                  or_dash(replacement));
}

static void show_fields(struct reader* reader, const struct record* record, char* line) {
  switch (record->type) {
    case DNS_A:
      return show_address(reader, AF_INET, line);
    case DNS_AAAA:
      return show_address(reader, AF_INET6, line);
    case DNS_SRV:
      return show_service(reader, line);
    default:
      return show_pointer(reader, line);
  }
}

// A field with a space in it would fall into two: whoever wrote it may have wanted that.
static bool has_fields(const char* line, int count) {
  for (; *line; line++) {
    if (*line < ' ' || *line > '~') return false;
    count -= *line == ' ';
  }
  return count == 1;
}

static int fields_of(enum dns_type type) { return type == DNS_NAPTR ? 5 : type == DNS_SRV ? 4 : 1; }

struct lines {
  char* text;
  size_t room;
  size_t size;
  int count;
};

static void add_line(struct lines* lines, const char* fields, uint32_t ttl) {
  if (lines->count == DNS_MOST_LINES) return;
  size_t room = lines->room - lines->size;
  int length = snprintf(lines->text + lines->size, room, "%s %u\n", fields, ttl);
  if (length < 0 || (size_t)length >= room) return;
  lines->size += (size_t)length;
  lines->count++;
}

// ---- the records of one name ----

// The next record that the name has itself; false after the last, and where the answer is cut.
static bool next_own(struct reader* reader, uint32_t* left, const char* owner, struct record* record) {
  while (*left > 0 && read_record(reader, record)) {
    --*left;
    if (record->class == IN && strcasecmp(record->name, owner) == 0) return true;
    reader->at = record->end;
  }
  return false;
}

// Answers how many there are of the type.
static int add_own(struct reader reader, uint32_t left, const char* owner, enum dns_type type, uint32_t ttl,
                   struct lines* lines) {
  int found = 0;
  for (struct record record; next_own(&reader, &left, owner, &record); reader.at = record.end) {
    if (record.type != (uint32_t)type) continue;
    char line[LINE_BYTES];
    found++;
    show_fields(&reader, &record, line);
    bool is_whole = reader.at <= record.end;
    if (is_whole && has_fields(line, fields_of(type))) add_line(lines, line, record.ttl < ttl ? record.ttl : ttl);
  }
  if (reader.is_cut) lines->size = 0;
  return reader.is_cut ? -1 : found;
}

// Goes to the name that `owner` is an alias of; false where it is none.
static bool follow_alias(struct reader reader, uint32_t left, char* owner, uint32_t* ttl) {
  for (struct record record; next_own(&reader, &left, owner, &record); reader.at = record.end) {
    if (record.type != DNS_CNAME) continue;
    if (record.ttl < *ttl) *ttl = record.ttl;
    read_name(&reader, owner);
    return !reader.is_cut;
  }
  return false;
}

static void begin_with(const char* name, char* owner) {
  snprintf(owner, DNS_NAME_BYTES, "%s", name);
  size_t length = strlen(owner);
  if (length > 0 && owner[length - 1] == '.') owner[length - 1] = '\0';
}

size_t dns_answer_lines(const uint8_t* answer, size_t size, const char* name, enum dns_type type, char* lines,
                        size_t room) {
  struct reader reader = {.bytes = answer, .size = size, .at = 4};
  struct lines made = {.text = lines, .room = room};
  char owner[DNS_NAME_BYTES];
  uint32_t ttl = LONGEST_TTL;
  uint32_t questions = read_word(&reader);
  uint32_t answers = read_word(&reader);
  reader.at = HEADER_BYTES;
  read_name(&reader, owner);
  read_long(&reader);
  if (questions != 1 || reader.is_cut) return 0;
  begin_with(name, owner);
  for (int aliases = 0; aliases < MOST_ALIASES; aliases++) {
    bool is_found = add_own(reader, answers, owner, type, ttl, &made) != 0;
    if (is_found || !follow_alias(reader, answers, owner, &ttl)) break;
  }
  return made.size;
}
