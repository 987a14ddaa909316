#include "print.h"

#include "out.h"

#include <string.h>

struct piece piece_of(const char* text) { return (struct piece){text, strlen(text)}; }

static struct shown_field* add(struct shown_event* event, struct piece name) {
  static struct shown_field left_out;
  struct shown_field* field = event->count < MOST_FIELDS ? &event->fields[event->count++] : &left_out;
  field->name = name;
  return field;
}

void event_add_text(struct shown_event* event, struct piece name, struct piece text) {
  add(event, name)->text = text.bytes ? text : (struct piece){"", 0};
}

void event_add_number(struct shown_event* event, struct piece name, int64_t number) {
  struct shown_field* field = add(event, name);
  field->text = (struct piece){NULL, 0};
  field->number = number;
}

// ---- readable ----

static void readable_field(const struct shown_field* field) {
  out_text(" ");
  out_utf8(field->name.bytes, field->name.size);
  out_text("=");
  if (field->text.bytes) {
    out_word(field->text.bytes, field->text.size);
  } else {
    out_number(field->number);
  }
}

// ---- JSON ----

static void json_value(const struct shown_field* field) {
  if (field->text.bytes) {
    out_json(field->text.bytes, field->text.size);
  } else {
    out_number(field->number);
  }
}

// ---- fields in the order of objects: all that begin alike stand together ----

// How long the part of the name between `from` and the next dot is; -1 when its beginning is not that of `of`.
static ptrdiff_t part_length(const struct shown_field* field, const struct shown_field* of, size_t from) {
  const char* name = field->name.bytes;
  if (field->name.size < from || memcmp(name, of->name.bytes, from) != 0) return -1;
  const char* dot = memchr(name + from, '.', field->name.size - from);
  return dot ? dot - (name + from) : (ptrdiff_t)(field->name.size - from);
}

static bool is_same_part(const struct shown_field* one, const struct shown_field* other, size_t from) {
  ptrdiff_t length = part_length(one, other, from);
  if (length < 0 || length != part_length(other, other, from)) return false;
  return memcmp(one->name.bytes, other->name.bytes, from + (size_t)length) == 0;
}

static bool was_shown(const struct shown_event* event, size_t i, size_t from) {
  for (size_t j = 0; j < i; j++)
    if (is_same_part(&event->fields[j], &event->fields[i], from)) return true;
  return false;
}

static void show_fields(const struct shown_event* event, const struct shown_field* of, size_t from, bool is_json);

static void show_part(const struct shown_event* event, const struct shown_field* field, size_t from, bool is_json) {
  size_t end = from + (size_t)part_length(field, field, from);
  bool is_nested = end < field->name.size;
  if (is_json) {
    out_json((const char*)field->name.bytes + from, end - from);
    out_text(is_nested ? ":{" : ":");
  }
  if (is_nested) {
    show_fields(event, field, end + 1, is_json);
    if (is_json) out_text("}");
  } else if (is_json) {
    json_value(field);
  } else {
    readable_field(field);
  }
}

// Those whose names begin with the first `from` bytes of the name of `of`.
static void show_fields(const struct shown_event* event, const struct shown_field* of, size_t from, bool is_json) {
  bool is_first = from > 0;
  for (size_t i = 0; i < event->count; i++) {
    const struct shown_field* field = &event->fields[i];
    if (part_length(field, of, from) < 0 || was_shown(event, i, from)) continue;
    if (is_json && !is_first) out_text(",");
    is_first = false;
    show_part(event, field, from, is_json);
  }
}

void print_readable(const struct shown_event* event) {
  out_utf8(event->name.bytes, event->name.size);
  if (event->number > 0) {
    out_text(" ");
    out_number(event->number);
  }
  show_fields(event, &event->fields[0], 0, false);
  out_end();
}

void print_json(const struct shown_event* event) {
  out_text("{\"event\":");
  out_json(event->name.bytes, event->name.size);
  if (event->number > 0) {
    out_text(",\"call\":");
    out_number(event->number);
  }
  show_fields(event, &event->fields[0], 0, true);
  out_text("}");
  out_end();
}
