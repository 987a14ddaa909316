#include "phone.h"

#include "carry.h"
#include "clock.h"
#include "credentials.h"
#include "file.h"
#include "flow-events.h"
#include "flows.h"
#include "loop.h"
#include "module.h"
#include "names.h"
#include "out.h"
#include "provisioning.h"
#include "record.h"
#include "reload.h"
#include "secrets.h"
#include "state.h"

#include <stdio.h>
#include <string.h>

// Of entropy: for names and for the keys of media.
enum { ENTROPY_BYTES = 64, SETTING_BYTES = 1024 };

static const struct phone_options* options;
// Why sockets could not be bound. Not every machine has IPv6: one socket is enough.
static char refusals[REASON_BYTES];
static bool is_released;

// ---- start ----

static const char* setting(const char* key, char* text) {
  struct piece value;
  bool is_known = module_setting(key, &value) >= 0;
  snprintf(text, SETTING_BYTES, "%.*s", is_known ? (int)value.size : 0, is_known ? (const char*)value.bytes : "");
  return text;
}

static bool read_credentials(char* why) {
  char certificate[SETTING_BYTES], key[SETTING_BYTES], trusted[SETTING_BYTES], folder[FILE_PATH_BYTES];
  struct credential_files files = {
      .certificate = setting("ringlet.tls.certificate", certificate),
      .key = setting("ringlet.tls.key", key),
      .trusted = setting("ringlet.tls.trusted", trusted),
  };
  // Paths in the files mean the same wherever the phone is started from.
  return credentials_read(&files, file_folder(options->configs[0], folder), why, REASON_BYTES);
}

static bool must(int32_t answer, const char* what, char* why) {
  char words[STATUS_BYTES];
  if (answer >= 0) return true;
  snprintf(why, REASON_BYTES, "%s: %s", what, status_words(answer, words));
  return false;
}

// Everything that was noted is told; what that says is noted again.
static void catch_up(void) {
  while (!module_is_lost() && (flows_tell() || names_go_on())) {
  }
}

static bool has_sockets(char* why) {
  bool is_fatal = *refusals && (flows_count() == 0 || strstr(refusals, "EADDRINUSE"));
  if (is_fatal) snprintf(why, REASON_BYTES, "%s", refusals);
  return !is_fatal;
}

// Sockets are bound before what is due goes on.
static bool go_on(char* why) {
  if (!must(module_survived(options->media_survived), "resume", why)) return false;
  catch_up();
  module_list();
  return true;
}

static bool start(char* why) {
  if (!must(module_start(), "start", why)) return false;
  catch_up();
  return true;
}

// True: the module goes on from the last life.
static bool restore(void) {
  char reason[REASON_BYTES / 2];
  char words[REASON_BYTES];
  enum restored restored = state_restore(module_get(), reason, sizeof reason);
  if (restored != STATE_REFUSED) return restored == STATE_RESTORED;
  snprintf(words, sizeof words, "%s: %s; the phone starts afresh", options->state, reason);
  complain("%s", words);
  show_fault(words);
  return false;
}

// Until the sockets are there the file stays as it is: they may belong to another phone.
static bool open_sockets(bool is_first, char* why) {
  char from[SETTING_BYTES];
  flows_leave_from(setting("ringlet.bind.address", from));
  *refusals = '\0';
  bool is_open = is_first && restore() ? go_on(why) : start(why);
  if (!is_open || !has_sockets(why)) return false;
  state_begin();
  return true;
}

static bool begin(bool is_first, char* why) {
  unsigned char entropy[ENTROPY_BYTES];
  bool is_open = module_open(why, REASON_BYTES);
  if (!is_open) return false;
  if (credentials_random(NULL, entropy, sizeof entropy) != 0) return must(RINGLET_WRONG_STATE, "start", why);
  if (!must(module_init((struct piece){entropy, sizeof entropy}), "start", why) || !provision(options, why)) return false;
  state_settle(module_get());
  if (!provision_instance(why)) return false;
  if (!is_first) reload_provision();
  return read_credentials(why) && open_sockets(is_first, why);
}

bool phone_start(const struct phone_options* with, char* why) {
  options = with;
  if (!loop_open()) {
    snprintf(why, REASON_BYTES, "the system has no descriptor left");
    return false;
  }
  if (options->state) state_use(options->state);
  module_use(&(struct module_options){options->module, options->rollback});
  return begin(true, why);
}

// ---- a module that is lost ----

// One that does not help is not followed by the next at once.
static const double RELOAD_PAUSE_MS = 1000;
static double reloaded_at;
static struct timer pause_end;

static bool begin_again(char* why) {
  reloaded_at = clock_now();
  carry_no_deadline();
  record_write_fault();
  show_fault("the module is loaded anew");
  reload_take_leave();
  carry_no_deadline();
  names_forget();
  flows_close_all();
  if (!begin(false, why)) return false;
  reload_settle();
  return true;
}

// With rollback off nothing of the module can be relied on any more.
static bool replace_module(char* why) {
  const struct ringlet_fault* fault = ringlet_fault(module_get());
  if (!fault->is_undone) {
    snprintf(why, REASON_BYTES, "%s: %s", fault->call, fault->words);
    return false;
  }
  double next = reloaded_at + RELOAD_PAUSE_MS;
  if (reloaded_at == 0 || clock_now() >= next) return begin_again(why);
  carry_no_deadline();
  pause_end.ring = loop_disarm;
  loop_arm(&pause_end, next);
  return true;
}

bool phone_turn(char* why) {
  catch_up();
  if (module_is_lost() && !replace_module(why)) return false;
  flows_bury();
  loop_turn(true);
  return true;
}

// ---- end ----

// In the middle of its end a phone is nothing to go on with.
void phone_stop(void) {
  state_remove();
  module_stop();
}

bool phone_has_stopped(void) {
  catch_up();
  return carried_stop();
}

void phone_release(double ms) {
  double deadline = clock_now() + ms;
  is_released = true;
  carry_no_deadline();
  flows_close_all();
  names_release();
  static struct timer limit;
  while (flows_bury() && clock_now() < deadline) {
    limit.ring = loop_disarm;
    loop_arm(&limit, deadline);
    loop_turn(true);
  }
  credentials_forget();
  secrets_forget();
  module_close();
}

// ---- what flows and names tell ----

int32_t tell_opened(struct flow* flow, const char* names) {
  return is_released ? RINGLET_WRONG_STATE : module_flow_opened(flow, names);
}

void tell_accepted(uint32_t listener, struct flow* flow, const char* names) {
  if (!is_released) module_accepted(listener, flow, names);
}

void tell_received(struct flow* flow, const struct address* from, const void* bytes, size_t size) {
  if (is_released) return;
  struct traced traced = {"received", flow->kind->is_connection ? &flow->peer : from, &flow->local};
  if (flow->kind->is_connection) {
    trace_stream(module_get(), &traced, &flow->unfinished, bytes, size);
  } else {
    trace_message(module_get(), &traced, bytes, size);
  }
  module_receive(flow->handle, from, (struct piece){bytes, size});
}

void tell_send_failed(uint32_t flow, const struct address* to) {
  if (!is_released) module_send_failed(flow, to);
}

void tell_refused(uint32_t flow, const char* why) {
  if (is_released) return;
  size_t size = strlen(refusals);
  snprintf(refusals + size, sizeof refusals - size, "%s%s", size > 0 ? "; " : "", why);
  module_flow_closed(flow);
}

static void show_loss(const struct flow* flow, const char* why) {
  char what[FAILURE_BYTES + ADDRESS_BYTES + 32];
  if (*flow->peer.text) {
    snprintf(what, sizeof what, "socket to %s port %u: %s", flow->peer.text, flow->peer.port, why);
  } else {
    snprintf(what, sizeof what, "socket: %s", why);
  }
  show_fault(what);
}

void tell_closed(struct flow* flow, const char* why) {
  if (is_released) return;
  if (*why) show_loss(flow, why);
  trace_end(module_get(), &(struct traced){"received", &flow->peer, &flow->local}, &flow->unfinished);
  module_flow_closed(flow->handle);
}

void tell_resolved(uint32_t query, const char* answer, size_t size) {
  if (!is_released) module_resolved(query, (struct piece){answer, size});
}
