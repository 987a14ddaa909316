/* The library: each call hands its texts over, runs one export, and undoes it if it traps. See ringlet.h. */
#include "ringlet.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

/** With RINGLET_ROLLBACK_AUTO: the most memory that is guarded: 1 MiB of state, and the window for input, which is none. */
#define MOST_GUARDED ((1u << 20) + 65536u)
#define MOST_TEXTS 3
#define STATE_PAGE 4096u

struct ringlet {
  struct engine *engine;
  enum ringlet_rollback rollback;
  /** A whole state is wanted: every change answers RINGLET_RELOAD. */
  bool is_broken;
  /** The latest tick trapped. */
  bool has_tick_trapped;
  struct ringlet_fault fault;
};

/** The texts of one call. */
struct input {
  ringlet_text texts[MOST_TEXTS];
  unsigned count;
};

#define NO_INPUT ((const struct input){.count = 0})
#define ONE_TEXT(a) ((const struct input){.texts = {a}, .count = 1})
#define TWO_TEXTS(a, b) ((const struct input){.texts = {a, b}, .count = 2})
#define THREE_TEXTS(a, b, c) ((const struct input){.texts = {a, b, c}, .count = 3})
#define WORDS(...) ((const uint32_t[ENGINE_MOST_WORDS]){__VA_ARGS__})

static const char *const names[] = {
#define X(name, words, now) "sip_" #name,
    ENGINE_EXPORTS(X)
#undef X
};

/* ---- life ---- */

struct ringlet *ringlet_open(const struct ringlet_options *options, char *reason, size_t size) {
  static const struct ringlet_options plain;
  char unread[1];
  if (!options) options = &plain;
  if (!reason || size == 0) reason = unread, size = sizeof unread;
  reason[0] = '\0';
  struct engine *engine = engine_open(options->module, options->module_size, reason, size);
  struct ringlet *phone = engine ? calloc(1, sizeof *phone) : NULL;
  if (!phone) {
    engine_close(engine);
    return NULL;
  }
  phone->engine = engine;
  phone->rollback = options->rollback;
  return phone;
}

void ringlet_close(struct ringlet *phone) {
  if (!phone) return;
  engine_close(phone->engine);
  free(phone);
}

const char *ringlet_module_hash(void) {
  return engine_module_hash;
}

const char *ringlet_engine(void) {
  return engine_name;
}

/* ---- faults ---- */

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size) {
  const uint8_t *at = bytes;
  for (size_t i = 0; i < size; i++) hash = (hash ^ at[i]) * UINT64_C(1099511628211);
  return hash;
}

static void note_fault(struct ringlet *phone, enum engine_export number, const struct input *input) {
  uint64_t hash = hash_bytes(UINT64_C(14695981039346656037), names[number], strlen(names[number]));
  for (unsigned i = 0; i < input->count; i++) hash = hash_bytes(hash, input->texts[i].bytes, input->texts[i].size);
  phone->fault.call = names[number];
  phone->fault.words = engine_trap(phone->engine);
  phone->fault.hash = hash;
  phone->fault.count++;
}

const struct ringlet_fault *ringlet_fault(struct ringlet *phone) {
  return &phone->fault;
}

/* ---- one call ---- */

static bool is_guarded(struct ringlet *phone) {
  uint32_t size;
  engine_memory(phone->engine, &size);
  return phone->rollback == RINGLET_ROLLBACK_ON || (phone->rollback == RINGLET_ROLLBACK_AUTO && size <= MOST_GUARDED);
}

/** Copies the texts into the window, one behind the other: 0, a Status, or RINGLET_TRAPPED when sip_input has. */
static int32_t hand(struct ringlet *phone, const struct input *input) {
  uint64_t total = 0;
  for (unsigned i = 0; i < input->count; i++) total += input->texts[i].size;
  if (total == 0) return 0;
  if (total > INT32_MAX) return RINGLET_TOO_LARGE;
  uint32_t at;
  if (!engine_call(phone->engine, EXPORT_input, WORDS((uint32_t)total), 0, &at)) return RINGLET_TRAPPED;
  if ((int32_t)at < 0) return (int32_t)at;
  engine_touch(phone->engine, at, (uint32_t)total);
  uint32_t size;
  uint8_t *memory = engine_memory(phone->engine, &size);
  for (unsigned i = 0; i < input->count; at += input->texts[i++].size)
    if (input->texts[i].size > 0) memcpy(memory + at, input->texts[i].bytes, input->texts[i].size);
  return 0;
}

/** After a trap: RINGLET_TRAPPED with the state from before, or RINGLET_RELOAD. */
static int32_t put_back(struct ringlet *phone, bool is_undone) {
  phone->fault.is_undone = is_undone;
  if (is_undone) engine_undo(phone->engine);
  else phone->is_broken = true;
  return is_undone ? RINGLET_TRAPPED : RINGLET_RELOAD;
}

/** Hands the texts over and calls the export; a trap changes nothing. */
static int32_t change(struct ringlet *phone, enum engine_export number, const struct input *input,
                      const uint32_t *words, double now) {
  if (phone->is_broken) return RINGLET_RELOAD;
  const bool guarded = is_guarded(phone);
  if (!engine_save(phone->engine, guarded)) return RINGLET_FULL;
  uint32_t result = 0;
  const int32_t handed = hand(phone, input);
  if (handed != 0 && handed != RINGLET_TRAPPED) return handed;
  if (handed == 0 && engine_call(phone->engine, number, words, now, &result)) return (int32_t)result;
  note_fault(phone, number, input);
  return put_back(phone, guarded);
}

static int32_t order(struct ringlet *phone, enum engine_export number, uint32_t first, double now) {
  return change(phone, number, &NO_INPUT, WORDS(first), now);
}

static const struct ringlet_record *record_at(struct ringlet *phone, int32_t address) {
  uint32_t size;
  const uint8_t *memory = engine_memory(phone->engine, &size);
  if (address <= 0 || (uint32_t)address > size - 2 * sizeof(uint32_t)) return NULL;
  return (const struct ringlet_record *)(const void *)(memory + address);
}

/* ---- the order of life ---- */

int32_t ringlet_init(struct ringlet *phone, ringlet_text entropy) {
  return change(phone, EXPORT_init, &ONE_TEXT(entropy), WORDS(entropy.size), 0);
}

int32_t ringlet_seed(struct ringlet *phone, ringlet_text entropy) {
  return change(phone, EXPORT_seed, &ONE_TEXT(entropy), WORDS(entropy.size), 0);
}

int32_t ringlet_provision(struct ringlet *phone, ringlet_text file, uint32_t layer) {
  return change(phone, EXPORT_provision, &ONE_TEXT(file), WORDS(file.size, layer), 0);
}

int32_t ringlet_boot(struct ringlet *phone, ringlet_text file, ringlet_text model) {
  return change(phone, EXPORT_boot, &TWO_TEXTS(file, model), WORDS(file.size, model.size), 0);
}

const struct ringlet_record *ringlet_boot_next(struct ringlet *phone) {
  return record_at(phone, order(phone, EXPORT_boot_next, 0, 0));
}

int32_t ringlet_start(struct ringlet *phone, double now) {
  const int32_t status = order(phone, EXPORT_start, 0, now);
  if (status != 0) return status;
  if (engine_settle(phone->engine)) return 0;
  engine_undo(phone->engine);
  return RINGLET_FULL;
}

/* ---- what arrives ---- */

int32_t ringlet_flow_opened(struct ringlet *phone, uint32_t flow, ringlet_text local, uint32_t local_port,
                            ringlet_text peer, uint32_t peer_port, ringlet_text names_of_peer, double now) {
  return change(phone, EXPORT_flow_opened, &THREE_TEXTS(local, peer, names_of_peer),
                WORDS(flow, local.size, local_port, peer.size, peer_port, names_of_peer.size), now);
}

int32_t ringlet_accepted(struct ringlet *phone, uint32_t listener, ringlet_text local, uint32_t local_port,
                         ringlet_text peer, uint32_t peer_port, ringlet_text names_of_peer, double now) {
  return change(phone, EXPORT_accepted, &THREE_TEXTS(local, peer, names_of_peer),
                WORDS(listener, local.size, local_port, peer.size, peer_port, names_of_peer.size), now);
}

int32_t ringlet_flow_closed(struct ringlet *phone, uint32_t flow, double now) {
  return order(phone, EXPORT_flow_closed, flow, now);
}

int32_t ringlet_receive(struct ringlet *phone, uint32_t flow, ringlet_text peer, uint32_t peer_port, ringlet_text bytes,
                        double now) {
  return change(phone, EXPORT_receive, &TWO_TEXTS(peer, bytes), WORDS(flow, peer.size, peer_port, bytes.size), now);
}

int32_t ringlet_send_failed(struct ringlet *phone, uint32_t flow, ringlet_text peer, uint32_t peer_port, double now) {
  return change(phone, EXPORT_send_failed, &ONE_TEXT(peer), WORDS(flow, peer.size, peer_port), now);
}

int32_t ringlet_resolved(struct ringlet *phone, uint32_t query, ringlet_text answer, double now) {
  return change(phone, EXPORT_resolved, &ONE_TEXT(answer), WORDS(query, answer.size), now);
}

/** A timer can't be dropped like a packet: what owns it is ended, and its timer with it. */
int32_t ringlet_tick(struct ringlet *phone, double now) {
  const bool is_again = phone->has_tick_trapped;
  const int32_t status = order(phone, EXPORT_tick, 0, now);
  phone->has_tick_trapped = status == RINGLET_TRAPPED;
  if (status != RINGLET_TRAPPED) return status;
  const struct ringlet_fault fault = phone->fault;
  if (!is_again && order(phone, EXPORT_end_due, 0, now) == 0) return RINGLET_TRAPPED;
  phone->fault = fault;
  phone->is_broken = true;
  return RINGLET_RELOAD;
}

int32_t ringlet_end_due(struct ringlet *phone, double now) {
  return order(phone, EXPORT_end_due, 0, now);
}

int32_t ringlet_survived(struct ringlet *phone, uint32_t is_media_alive, double now) {
  return order(phone, EXPORT_survived, is_media_alive, now);
}

/* ---- what the user orders ---- */

int32_t ringlet_call(struct ringlet *phone, uint32_t account, ringlet_text target, double now) {
  return change(phone, EXPORT_call, &ONE_TEXT(target), WORDS(account, target.size), now);
}

int32_t ringlet_answer(struct ringlet *phone, uint32_t call, double now) {
  return order(phone, EXPORT_answer, call, now);
}

int32_t ringlet_reject(struct ringlet *phone, uint32_t call, uint32_t status, double now) {
  return change(phone, EXPORT_reject, &NO_INPUT, WORDS(call, status), now);
}

int32_t ringlet_hangup(struct ringlet *phone, uint32_t call, double now) {
  return order(phone, EXPORT_hangup, call, now);
}

int32_t ringlet_hold(struct ringlet *phone, uint32_t call, double now) {
  return order(phone, EXPORT_hold, call, now);
}

int32_t ringlet_resume(struct ringlet *phone, uint32_t call, double now) {
  return order(phone, EXPORT_resume, call, now);
}

int32_t ringlet_transfer(struct ringlet *phone, uint32_t call, ringlet_text target, double now) {
  return change(phone, EXPORT_transfer, &ONE_TEXT(target), WORDS(call, target.size), now);
}

int32_t ringlet_transfer_to(struct ringlet *phone, uint32_t call, uint32_t other, double now) {
  return change(phone, EXPORT_transfer_to, &NO_INPUT, WORDS(call, other), now);
}

int32_t ringlet_dtmf(struct ringlet *phone, uint32_t call, ringlet_text digits, double now) {
  return change(phone, EXPORT_dtmf, &ONE_TEXT(digits), WORDS(call, digits.size), now);
}

int32_t ringlet_media(struct ringlet *phone, uint32_t call, ringlet_text address, uint32_t port, double now) {
  return change(phone, EXPORT_media, &ONE_TEXT(address), WORDS(call, address.size, port), now);
}

int32_t ringlet_conference(struct ringlet *phone, uint32_t call, uint32_t other, double now) {
  return change(phone, EXPORT_conference, &NO_INPUT, WORDS(call, other), now);
}

int32_t ringlet_subscribe(struct ringlet *phone, uint32_t account, ringlet_text package, ringlet_text uri, double now) {
  return change(phone, EXPORT_subscribe, &TWO_TEXTS(package, uri), WORDS(account, package.size, uri.size), now);
}

int32_t ringlet_unsubscribe(struct ringlet *phone, uint32_t subscription, double now) {
  return order(phone, EXPORT_unsubscribe, subscription, now);
}

int32_t ringlet_message(struct ringlet *phone, uint32_t account, ringlet_text target, ringlet_text text, double now) {
  return change(phone, EXPORT_message, &TWO_TEXTS(target, text), WORDS(account, target.size, text.size), now);
}

int32_t ringlet_register(struct ringlet *phone, uint32_t account, double now) {
  return order(phone, EXPORT_register, account, now);
}

int32_t ringlet_unregister(struct ringlet *phone, uint32_t account, double now) {
  return order(phone, EXPORT_unregister, account, now);
}

int32_t ringlet_list(struct ringlet *phone, double now) {
  return order(phone, EXPORT_list, 0, now);
}

int32_t ringlet_stop(struct ringlet *phone, double now) {
  return order(phone, EXPORT_stop, 0, now);
}

int32_t ringlet_find(struct ringlet *phone, uint32_t number, uint32_t which) {
  return change(phone, EXPORT_find, &NO_INPUT, WORDS(number, which), 0);
}

int32_t ringlet_counter(struct ringlet *phone, uint32_t which) {
  return order(phone, EXPORT_counter, which, 0);
}

/* ---- settings and looking ---- */

int32_t ringlet_set(struct ringlet *phone, ringlet_text key, ringlet_text value, double now) {
  return change(phone, EXPORT_set, &TWO_TEXTS(key, value), WORDS(key.size, value.size), now);
}

int32_t ringlet_get(struct ringlet *phone, ringlet_text key) {
  return change(phone, EXPORT_get, &ONE_TEXT(key), WORDS(key.size), 0);
}

int32_t ringlet_export(struct ringlet *phone) {
  return order(phone, EXPORT_export, 0, 0);
}

int32_t ringlet_judge(struct ringlet *phone, ringlet_text datagram) {
  return change(phone, EXPORT_judge, &ONE_TEXT(datagram), WORDS(datagram.size), 0);
}

int32_t ringlet_mask(struct ringlet *phone, ringlet_text bytes, const uint8_t **masked) {
  const int32_t first = change(phone, EXPORT_mask, &ONE_TEXT(bytes), WORDS(bytes.size), 0);
  uint32_t size;
  const uint8_t *memory = engine_memory(phone->engine, &size);
  // The window ends where memory ends.
  *masked = memory + size - (first < 0 ? 0 : bytes.size);
  return first;
}

/* ---- what it says ---- */

const struct ringlet_record *ringlet_poll(struct ringlet *phone) {
  return record_at(phone, order(phone, EXPORT_poll, 0, 0));
}

const uint8_t *ringlet_bytes(struct ringlet *phone, struct ringlet_slice slice) {
  uint32_t size;
  const uint8_t *memory = engine_memory(phone->engine, &size);
  return slice.offset <= size && slice.size <= size - slice.offset ? memory + slice.offset : NULL;
}

double ringlet_deadline(const struct ringlet_record *wake) {
  double deadline;
  memcpy(&deadline, wake->of.wake.deadline, sizeof deadline);
  return deadline;
}

const struct ringlet_field *ringlet_fields(const struct ringlet_record *event) {
  return (const struct ringlet_field *)(const void *)(&event->of.event.count + 1);
}

int64_t ringlet_number(const struct ringlet_field *field) {
  return (int64_t)((uint64_t)field->value.number[1] << 32 | field->value.number[0]);
}

/* ---- state ---- */

uint32_t ringlet_globals(struct ringlet *phone) {
  return engine_globals(phone->engine);
}

int64_t ringlet_global(struct ringlet *phone, uint32_t index) {
  return engine_global(phone->engine, index);
}

const uint8_t *ringlet_memory(struct ringlet *phone, uint32_t *size) {
  return engine_memory(phone->engine, size);
}

size_t ringlet_state_size(struct ringlet *phone) {
  uint32_t size;
  engine_memory(phone->engine, &size);
  return engine_globals(phone->engine) * sizeof(int64_t) + size;
}

int32_t ringlet_state(struct ringlet *phone, void *image, size_t size) {
  if (size < ringlet_state_size(phone)) return RINGLET_TOO_LARGE;
  uint8_t *at = image;
  const uint32_t count = engine_globals(phone->engine);
  for (uint32_t i = 0; i < count; i++, at += sizeof(int64_t)) {
    const int64_t value = engine_global(phone->engine, i);
    memcpy(at, &value, sizeof value);
  }
  uint32_t bytes;
  const uint8_t *memory = engine_memory(phone->engine, &bytes);
  memcpy(at, memory, bytes);
  return 0;
}

/** Only what differs: a page that is zero here and there is never touched. */
static void put_memory(uint8_t *memory, const uint8_t *wanted, uint32_t size) {
  for (uint32_t at = 0; at < size; at += STATE_PAGE)
    if (memcmp(memory + at, wanted + at, STATE_PAGE) != 0) memcpy(memory + at, wanted + at, STATE_PAGE);
}

int32_t ringlet_restore(struct ringlet *phone, const void *image, size_t size) {
  const uint32_t count = engine_globals(phone->engine);
  const size_t globals = count * sizeof(int64_t);
  if (size < ringlet_state_size(phone) || (size - globals) % ENGINE_WASM_PAGE != 0 || size - globals > INT32_MAX)
    return RINGLET_BAD_ARGUMENT;
  if (!engine_grow(phone->engine, (uint32_t)(size - globals))) return RINGLET_FULL;
  const uint8_t *at = image;
  for (uint32_t i = 0; i < count; i++, at += sizeof(int64_t)) {
    int64_t value;
    memcpy(&value, at, sizeof value);
    engine_set_global(phone->engine, i, value);
  }
  uint32_t bytes;
  uint8_t *memory = engine_memory(phone->engine, &bytes);
  put_memory(memory, at, bytes);
  phone->is_broken = false;
  phone->has_tick_trapped = false;
  return engine_save(phone->engine, is_guarded(phone)) && engine_settle(phone->engine) ? 0 : RINGLET_FULL;
}
