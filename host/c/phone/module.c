#include "module.h"

#include "carry.h"
#include "clock.h"

#include <string.h>

static struct ringlet* module;
static bool is_lost;

bool module_open(char* why, size_t size) {
  module_close();
  module = ringlet_open(NULL, why, (uint32_t)size);
  is_lost = false;
  return module != NULL;
}

void module_close(void) {
  ringlet_close(module);
  module = NULL;
}

struct ringlet* module_get(void) { return module; }

bool module_is_lost(void) { return is_lost; }

// ---- one mutation, then drain ----

// To be called with the answer of every call that changes something.
static int32_t settle(int32_t answer) {
  bool is_fault = answer == RINGLET_TRAPPED || answer == RINGLET_RELOAD;
  if (is_fault && !is_lost) carry_fault(ringlet_fault(module));
  is_lost |= answer == RINGLET_RELOAD;
  if (is_lost) return RINGLET_WRONG_STATE;
  for (const struct ringlet_record* record = ringlet_poll(module); record; record = ringlet_poll(module)) {
    carry(module, record);
    if (record->kind == RINGLET_RECORD_WAKE) break;
  }
  return is_fault ? RINGLET_WRONG_STATE : answer;
}

static ringlet_text text(const char* words) { return (ringlet_text){words, (uint32_t)strlen(words)}; }

static ringlet_text bytes_of(struct piece piece) { return (ringlet_text){piece.bytes, (uint32_t)piece.size}; }

// ---- the order of life ----

int32_t module_init(struct piece entropy) { return settle(ringlet_init(module, bytes_of(entropy))); }

int32_t module_provision(struct piece file, uint32_t layer) {
  return settle(ringlet_provision(module, bytes_of(file), layer));
}

// Its targets are asked for before anything else: the drain waits until then, and has nothing to say.
int32_t module_boot(struct piece file, const char* model) {
  return ringlet_boot(module, bytes_of(file), text(model));
}

int32_t module_start(void) { return settle(ringlet_start(module, clock_now())); }

// ---- what the network brings ----

int32_t module_flow_opened(const struct flow* flow, const char* names) {
  return settle(ringlet_flow_opened(module, flow->handle, text(flow->local.text), flow->local.port,
                                    text(flow->peer.text), flow->peer.port, text(names), clock_now()));
}

int32_t module_accepted(uint32_t listener, struct flow* flow, const char* names) {
  int32_t handle = ringlet_accepted(module, listener, text(flow->local.text), flow->local.port, text(flow->peer.text),
                                    flow->peer.port, text(names), clock_now());
  if (handle > 0) flow->handle = (uint32_t)handle;
  return settle(handle);
}

int32_t module_flow_closed(uint32_t flow) { return settle(ringlet_flow_closed(module, flow, clock_now())); }

int32_t module_receive(uint32_t flow, const struct address* from, struct piece bytes) {
  return settle(ringlet_receive(module, flow, text(from->text), from->port, bytes_of(bytes), clock_now()));
}

int32_t module_send_failed(uint32_t flow, const struct address* to) {
  return settle(ringlet_send_failed(module, flow, text(to->text), to->port, clock_now()));
}

int32_t module_resolved(uint32_t query, struct piece answer) {
  return settle(ringlet_resolved(module, query, bytes_of(answer), clock_now()));
}

int32_t module_tick(void) { return settle(ringlet_tick(module, clock_now())); }

// ---- what the user wants ----

int32_t module_call(uint32_t account, const char* uri) {
  return settle(ringlet_call(module, account, text(uri), clock_now()));
}

int32_t module_answer(uint32_t call) { return settle(ringlet_answer(module, call, clock_now())); }

int32_t module_reject(uint32_t call, uint32_t status) {
  return settle(ringlet_reject(module, call, status, clock_now()));
}

int32_t module_hangup(uint32_t call) { return settle(ringlet_hangup(module, call, clock_now())); }

int32_t module_hold(uint32_t call) { return settle(ringlet_hold(module, call, clock_now())); }

int32_t module_resume(uint32_t call) { return settle(ringlet_resume(module, call, clock_now())); }

int32_t module_transfer(uint32_t call, const char* uri) {
  return settle(ringlet_transfer(module, call, text(uri), clock_now()));
}

int32_t module_transfer_to(uint32_t call, uint32_t other) {
  return settle(ringlet_transfer_to(module, call, other, clock_now()));
}

int32_t module_conference(uint32_t call, uint32_t other) {
  return settle(ringlet_conference(module, call, other, clock_now()));
}

int32_t module_subscribe(const char* package, const char* uri) {
  return settle(ringlet_subscribe(module, 0, text(package), text(uri), clock_now()));
}

int32_t module_unsubscribe(uint32_t subscription) {
  return settle(ringlet_unsubscribe(module, subscription, clock_now()));
}

int32_t module_message(const char* uri, const char* words) {
  return settle(ringlet_message(module, 0, text(uri), text(words), clock_now()));
}

int32_t module_register(uint32_t account) { return settle(ringlet_register(module, account, clock_now())); }

int32_t module_unregister(uint32_t account) { return settle(ringlet_unregister(module, account, clock_now())); }

int32_t module_list(void) { return settle(ringlet_list(module, clock_now())); }

int32_t module_stop(void) { return settle(ringlet_stop(module, clock_now())); }

int32_t module_set(const char* key, const char* value) {
  return settle(ringlet_set(module, text(key), text(value), clock_now()));
}

// ---- looking ----

int32_t module_setting(const char* key, struct piece* value) {
  int32_t answer = settle(ringlet_get(module, text(key)));
  if (answer < 0) return answer;
  *value = carried_value();
  return value->bytes ? answer : RINGLET_UNKNOWN_KEY;
}
