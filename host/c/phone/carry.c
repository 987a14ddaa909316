#include "carry.h"

#include "clock.h"
#include "flows.h"
#include "loop.h"
#include "names.h"
#include "record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MOST_LAYERS = 17, NAME_BYTES = 256 };

// After a tick that trapped and said nothing the next one comes so much later: neither never nor at once.
static const double RETRY_MS = 1000;

static bool is_json;
static void (*ring)(void);
static struct timer alarm;
static const char* layers[MOST_LAYERS];
static struct piece value;
static uint32_t states;
static bool has_stopped;

// ---- time ----

static void alarm_rings(struct timer* timer) {
  loop_arm(timer, clock_now() + RETRY_MS);
  ring();
}

void carry_prepare(bool as_json, void (*when_due)(void)) {
  is_json = as_json;
  ring = when_due;
  alarm.ring = alarm_rings;
}

// One that is past rings in the next turn, so that others have theirs.
static void wake(double deadline) {
  double now = clock_now();
  if (deadline < 0) return loop_disarm(&alarm);
  loop_arm(&alarm, deadline > now ? deadline : now);
}

void carry_no_deadline(void) { loop_disarm(&alarm); }

// ---- events ----

void show_event(const struct shown_event* event) {
  if (is_json) {
    print_json(event);
  } else {
    print_readable(event);
  }
}

void show_fault(const char* what) {
  struct shown_event event = {.name = piece_of("fault")};
  event_add_text(&event, piece_of("what"), piece_of(what));
  show_event(&event);
  record_note_fault();
}

void carry_fault(const struct ringlet_fault* fault) {
  char what[256];
  char input[17];
  snprintf(what, sizeof what, "%s: %s", fault->call, fault->words);
  snprintf(input, sizeof input, "%016" PRIx64, fault->hash);
  struct shown_event event = {.name = piece_of("fault")};
  event_add_text(&event, piece_of("what"), piece_of(what));
  event_add_text(&event, piece_of("export"), piece_of(fault->call));
  event_add_text(&event, piece_of("input"), piece_of(input));
  show_event(&event);
  record_note_fault();
}

void carry_name_layer(uint32_t layer, const char* file) {
  if (layer < MOST_LAYERS) layers[layer] = file;
}

static struct piece slice(struct ringlet* module, struct ringlet_slice slice) {
  return (struct piece){ringlet_bytes(module, slice), slice.size};
}

static bool is_layer(const struct shown_field* field) {
  return !field->text.bytes && field->name.size == 5 && memcmp(field->name.bytes, "layer", 5) == 0;
}

// The module knows layers by number, counted from 1; people know files by name.
static void name_file(struct shown_event* event) {
  const char* file = NULL;
  for (size_t i = 0; i < event->count; i++) {
    const struct shown_field* field = &event->fields[i];
    bool is_known = is_layer(field) && field->number >= 1 && field->number <= MOST_LAYERS;
    if (is_known) file = layers[field->number - 1];
  }
  if (file) event_add_text(event, piece_of("file"), piece_of(file));
}

// Instead of what nobody may be told.
static struct piece stars(size_t size) {
  static const char many[] = "****************************************************************";
  return (struct piece){many, size < sizeof many ? size : sizeof many - 1};
}

static void add_fields(struct ringlet* module, const struct ringlet_record* record, struct shown_event* event) {
  const struct ringlet_field* field = ringlet_fields(record);
  for (uint32_t left = record->of.event.count; left > 0; left--, field++) {
    struct piece name = slice(module, field->name);
    if (field->type == RINGLET_FIELD_NUMBER) {
      event_add_number(event, name, ringlet_number(field));
    } else {
      struct piece text = slice(module, field->value.text);
      event_add_text(event, name, field->type == RINGLET_FIELD_SECRET ? stars(text.size) : text);
    }
  }
}

static void tell(struct ringlet* module, const struct ringlet_record* record) {
  static struct shown_event event;
  event.name = slice(module, record->of.event.name);
  event.number = record->of.event.number;
  event.count = 0;
  add_fields(module, record, &event);
  states += record->of.event.event == RINGLET_EVENT_CALL_STATE;
  has_stopped |= record->of.event.event == RINGLET_EVENT_PHONE_STOPPED;
  if (record->of.event.event == RINGLET_EVENT_SETTING_REJECTED) name_file(&event);
  show_event(&event);
}

// ---- sockets and names ----

static void take_address(struct ringlet* module, struct ringlet_slice text, uint32_t port, struct address* address) {
  address_set(address, ringlet_bytes(module, text), text.size, (uint16_t)port);
}

static void send_bytes(struct ringlet* module, const struct ringlet_record* record) {
  struct flow* flow = flows_find(record->of.send.flow);
  if (!flow) return;
  struct address to;
  take_address(module, record->of.send.address, record->of.send.port, &to);
  struct piece bytes = slice(module, record->of.send.bytes);
  const struct address* peer = flow->kind->is_connection ? &flow->peer : &to;
  trace_message(module, &(struct traced){"sent", peer, &flow->local}, bytes.bytes, bytes.size);
  flow->kind->send(flow, &to, bytes.bytes, bytes.size);
}

static void open_socket(struct ringlet* module, const struct ringlet_record* record) {
  struct address local;
  take_address(module, record->of.listen.address, record->of.listen.port, &local);
  flows_listen(record->of.listen.flow, record->of.listen.transport, &local, record->of.listen.dscp);
}

static void open_flow(struct ringlet* module, const struct ringlet_record* record) {
  struct address to;
  char name[NAME_BYTES];
  struct piece server = slice(module, record->of.open.server_name);
  take_address(module, record->of.open.address, record->of.open.port, &to);
  snprintf(name, sizeof name, "%.*s", (int)server.size, server.bytes ? (const char*)server.bytes : "");
  flows_open(record->of.open.flow, record->of.open.transport, &to, name, record->of.open.dscp);
}

static void close_flow(struct ringlet* module, uint32_t handle) {
  struct flow* flow = flows_find(handle);
  if (!flow) return;
  trace_end(module, &(struct traced){"received", &flow->peer, &flow->local}, &flow->unfinished);
  flows_close(handle);
}

// ---- all of it ----

void carry(struct ringlet* module, const struct ringlet_record* record) {
  switch (record->kind) {
    case RINGLET_RECORD_SEND:
      return send_bytes(module, record);
    case RINGLET_RECORD_EVENT:
      return tell(module, record);
    case RINGLET_RECORD_LISTEN:
      return open_socket(module, record);
    case RINGLET_RECORD_OPEN:
      return open_flow(module, record);
    case RINGLET_RECORD_CLOSE:
      return close_flow(module, record->of.close.flow);
    case RINGLET_RECORD_RESOLVE: {
      struct piece name = slice(module, record->of.resolve.name);
      return names_ask(record->of.resolve.query, record->of.resolve.question, name.bytes, name.size);
    }
    case RINGLET_RECORD_WAKE:
      return wake(ringlet_deadline(record));
    case RINGLET_RECORD_VALUE:
      value = slice(module, record->of.value.value);
      return;
  }
}

struct piece carried_value(void) {
  struct piece last = value;
  value = (struct piece){NULL, 0};
  return last;
}

uint32_t carried_states(void) {
  uint32_t count = states;
  states = 0;
  return count;
}

bool carried_stop(void) { return has_stopped; }
