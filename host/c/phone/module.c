#include "module.h"

#include "carry.h"
#include "clock.h"
#include "credentials.h"
#include "module-file.h"
#include "phone.h"
#include "record.h"
#include "recorder.h"
#include "recording.h"
#include "state.h"

#include <stdlib.h>
#include <string.h>

// Of entropy: for names, and behind it for the keys of media.
enum { ENTROPY_BYTES = 32, KEY_ENTROPY_BYTES = 32 };

static struct module_options options;
static struct ringlet* module;
static struct recorder* recorder;
static bool is_lost;

void module_use(const struct module_options* with) { options = *with; }

static bool open_recorder(char* why, size_t size) {
  char words[128];
  char time[TIME_BYTES];
  if (!record_is_wanted()) return true;
  recorder = recorder_open(module, module_hash());
  snprintf(words, sizeof words, "began %s, by a clock of %.0f ms", clock_show(time), clock_now());
  recorder_note(recorder, words);
  if (!recorder) snprintf(why, size, "no memory for a recording");
  return recorder != NULL;
}

bool module_open(char* why, size_t size) {
  struct module_file file;
  module_close();
  is_lost = false;
  if (!module_file_read(options.file, &file, why, size)) return false;
  const struct ringlet_options opened = {file.bytes, (uint32_t)file.size, options.rollback};
  module = ringlet_open(&opened, why, size);
  return module != NULL && open_recorder(why, size);
}

void module_close(void) {
  recorder_close(recorder);
  recorder = NULL;
  ringlet_close(module);
  module = NULL;
}

const char* module_hash(void) { return module_file_hash(); }

struct ringlet* module_get(void) { return module; }

bool module_is_lost(void) { return is_lost; }

// ---- one mutation, then drain ----

// Before anything leaves that the file must know of.
static void keep(void) {
  char why[REASON_BYTES];
  if (!state_keep(module, why, sizeof why)) show_fault(why);
}

static void drain(void) {
  for (const struct ringlet_record* record = ringlet_poll(module); record; record = ringlet_poll(module)) {
    recorder_said(recorder, record);
    carry(module, record);
    if (record->kind == RINGLET_RECORD_WAKE) break;
  }
}

// To be called with the answer of every call that changes something.
static int32_t settle(int32_t answer) {
  bool is_fault = answer == RINGLET_TRAPPED || answer == RINGLET_RELOAD;
  if (is_fault && !is_lost) carry_fault(ringlet_fault(module));
  is_lost |= answer == RINGLET_RELOAD;
  if (is_lost) return RINGLET_WRONG_STATE;
  keep();
  drain();
  return is_fault ? RINGLET_WRONG_STATE : answer;
}

static int32_t make(enum recorded_number number, const struct call_words* words) {
  const struct recorded_call* call = &recorded_calls[number];
  if (is_lost) return RINGLET_RELOAD;
  state_note(call, words);
  recorder_calling(recorder, call, words);
  int32_t answer = call->make(module, words);
  recorder_answered(recorder, answer);
  return answer;
}

// Fresh entropy, of which no file that was written before tells.
static void mix(uint32_t size) {
  unsigned char entropy[ENTROPY_BYTES + KEY_ENTROPY_BYTES];
  if (credentials_random(NULL, entropy, size) != 0) return;
  settle(make(RECORDED_seed, &(const struct call_words){.texts = {{entropy, size}}}));
  recorder_drained(recorder);
}

static void go_on_recording(void) {
  if (!recorder_drained(recorder) || is_lost) return;
  mix(ENTROPY_BYTES);
  recorder_cut(recorder);
}

static int32_t perform(enum recorded_number number, const struct call_words* words) {
  int32_t answer = settle(make(number, words));
  go_on_recording();
  return answer;
}

#define PERFORM(name, ...) perform(RECORDED_##name, &(const struct call_words){__VA_ARGS__})

static ringlet_text text(const char* words) { return (ringlet_text){words, (uint32_t)strlen(words)}; }

static ringlet_text bytes_of(struct piece piece) { return (ringlet_text){piece.bytes, (uint32_t)piece.size}; }

// ---- the order of life ----

int32_t module_init(struct piece entropy) { return PERFORM(init, .texts = {bytes_of(entropy)}); }

int32_t module_provision(struct piece file, uint32_t layer) {
  return PERFORM(provision, .texts = {bytes_of(file)}, .numbers = {layer});
}

// Its targets are asked for before anything else: the drain waits until then, and has nothing to say.
int32_t module_boot(struct piece file, const char* model) {
  return make(RECORDED_boot, &(const struct call_words){.texts = {bytes_of(file), text(model)}});
}

const struct ringlet_record* module_boot_next(void) {
  const struct ringlet_record* record = ringlet_boot_next(module);
  if (record) recorder_said(recorder, record);
  return record;
}

int32_t module_start(void) { return PERFORM(start, .now = clock_now()); }

int32_t module_survived(bool is_media_alive) {
  mix(ENTROPY_BYTES + KEY_ENTROPY_BYTES);
  recorder_adopted(recorder);
  return PERFORM(survived, .numbers = {is_media_alive}, .now = clock_now());
}

bool module_revive(void) {
  if (!ringlet_fault(module)->is_undone) return false;
  size_t size = ringlet_state_size(module);
  void* image = malloc(size);
  is_lost = !image || ringlet_state(module, image, size) != RINGLET_OK || ringlet_restore(module, image, size) != RINGLET_OK;
  free(image);
  return !is_lost;
}

// ---- what the network brings ----

static ringlet_text address_of(const struct address* address) { return text(address->text); }

int32_t module_flow_opened(const struct flow* flow, const char* names) {
  return PERFORM(flow_opened, .numbers = {flow->handle, flow->local.port, flow->peer.port},
                 .texts = {address_of(&flow->local), address_of(&flow->peer), text(names)}, .now = clock_now());
}

int32_t module_accepted(uint32_t listener, struct flow* flow, const char* names) {
  const struct call_words words = {
      .numbers = {listener, flow->local.port, flow->peer.port},
      .texts = {address_of(&flow->local), address_of(&flow->peer), text(names)},
      .now = clock_now(),
  };
  int32_t handle = make(RECORDED_accepted, &words);
  if (handle > 0) flow->handle = (uint32_t)handle;
  handle = settle(handle);
  go_on_recording();
  return handle;
}

int32_t module_flow_closed(uint32_t flow) { return PERFORM(flow_closed, .numbers = {flow}, .now = clock_now()); }

int32_t module_receive(uint32_t flow, const struct address* from, struct piece bytes) {
  return PERFORM(receive, .numbers = {flow, from->port}, .texts = {address_of(from), bytes_of(bytes)}, .now = clock_now());
}

int32_t module_send_failed(uint32_t flow, const struct address* to) {
  return PERFORM(send_failed, .numbers = {flow, to->port}, .texts = {address_of(to)}, .now = clock_now());
}

int32_t module_resolved(uint32_t query, struct piece answer) {
  return PERFORM(resolved, .numbers = {query}, .texts = {bytes_of(answer)}, .now = clock_now());
}

int32_t module_tick(void) { return PERFORM(tick, .now = clock_now()); }

// ---- what the user wants ----

int32_t module_call(uint32_t account, const char* uri) {
  return PERFORM(call, .numbers = {account}, .texts = {text(uri)}, .now = clock_now());
}

int32_t module_answer(uint32_t call) { return PERFORM(answer, .numbers = {call}, .now = clock_now()); }

int32_t module_reject(uint32_t call, uint32_t status) {
  return PERFORM(reject, .numbers = {call, status}, .now = clock_now());
}

int32_t module_hangup(uint32_t call) { return PERFORM(hangup, .numbers = {call}, .now = clock_now()); }

int32_t module_hold(uint32_t call) { return PERFORM(hold, .numbers = {call}, .now = clock_now()); }

int32_t module_resume(uint32_t call) { return PERFORM(resume, .numbers = {call}, .now = clock_now()); }

int32_t module_transfer(uint32_t call, const char* uri) {
  return PERFORM(transfer, .numbers = {call}, .texts = {text(uri)}, .now = clock_now());
}

int32_t module_transfer_to(uint32_t call, uint32_t other) {
  return PERFORM(transfer_to, .numbers = {call, other}, .now = clock_now());
}

int32_t module_conference(uint32_t call, uint32_t other) {
  return PERFORM(conference, .numbers = {call, other}, .now = clock_now());
}

int32_t module_dtmf(uint32_t call, const char* digits) {
  return settle(ringlet_dtmf(module, call, text(digits), clock_now()));
}

int32_t module_media(uint32_t call, const char* address, uint32_t port) {
  return settle(ringlet_media(module, call, text(address), port, clock_now()));
}

int32_t module_subscribe(const char* package, const char* uri) {
  return PERFORM(subscribe, .numbers = {0}, .texts = {text(package), text(uri)}, .now = clock_now());
}

int32_t module_unsubscribe(uint32_t subscription) {
  return PERFORM(unsubscribe, .numbers = {subscription}, .now = clock_now());
}

int32_t module_message(const char* uri, const char* words) {
  return PERFORM(message, .numbers = {0}, .texts = {text(uri), text(words)}, .now = clock_now());
}

int32_t module_register(uint32_t account) { return PERFORM(register, .numbers = {account}, .now = clock_now()); }

int32_t module_unregister(uint32_t account) { return PERFORM(unregister, .numbers = {account}, .now = clock_now()); }

int32_t module_list(void) { return PERFORM(list, .now = clock_now()); }

int32_t module_stop(void) { return PERFORM(stop, .now = clock_now()); }

// A password is known before the module has it: the state is written in the middle of this call.
int32_t module_set(const char* key, const char* value) {
  char* before = state_learn(key, value);
  int32_t answer = PERFORM(set, .texts = {text(key), text(value)}, .now = clock_now());
  if (answer < 0 && answer != RINGLET_NEEDS_RESTART && before) free(state_learn(key, before));
  free(before);
  return answer;
}

// ---- looking ----

// The last Value; a segment that begins here would have made a call behind it.
static int32_t look(enum recorded_number number, const struct call_words* words, struct piece* value) {
  int32_t answer = settle(make(number, words));
  if (answer < 0) return answer;
  *value = carried_value();
  return value->bytes ? answer : RINGLET_UNKNOWN_KEY;
}

int32_t module_setting(const char* key, struct piece* value) {
  return look(RECORDED_get, &(const struct call_words){.texts = {text(key)}}, value);
}

int32_t module_export(struct piece* value) { return look(RECORDED_export, &(const struct call_words){.now = 0}, value); }

// ---- recording ----

bool module_record(FILE* file) {
  if (!recorder) return false;
  bool is_written = recorder_write(recorder, file);
  if (!is_lost) mix(ENTROPY_BYTES);
  return is_written;
}
