#include "state.h"

#include "clock.h"
#include "failure.h"
#include "file.h"
#include "module.h"
#include "passwords.h"
#include "secrets.h"
#include "state-file.h"

#include <errno.h>
#include <mbedtls/sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ACCOUNTS = 16, MOST_STATE_BYTES = 256 << 20 };

static const char* file;
static bool is_kept;
static bool is_settled;
static int32_t changes;
static mbedtls_sha256_context settings;
static bool has_settings;
static char settings_hash[HASH_BYTES];

void state_use(const char* name) { file = name; }

bool state_is_used(void) { return file != NULL; }

// ---- what the settings are: docs/state.md, "Settings" ----

static void sum(const void* bytes, size_t size) { mbedtls_sha256_update_ret(&settings, bytes, size); }

static void sum_text(const char* text) { sum(text, strlen(text)); }

static void begin_settings(void) {
  if (has_settings) return;
  has_settings = true;
  mbedtls_sha256_init(&settings);
  mbedtls_sha256_starts_ret(&settings, 0);
}

static bool is_setting(const struct recorded_call* call) {
  return call == &recorded_calls[RECORDED_provision] || call == &recorded_calls[RECORDED_boot] ||
         call == &recorded_calls[RECORDED_set];
}

void state_note(const struct recorded_call* call, const struct call_words* words) {
  char number[16];
  if (!file || is_settled || !is_setting(call)) return;
  begin_settings();
  sum_text(call->name);
  sum_text("\n");
  unsigned texts = 0;
  for (const char* kind = call->kinds; *kind; kind++) {
    if (*kind != 'p') continue;
    const ringlet_text text = words->texts[texts++];
    snprintf(number, sizeof number, "%u\n", text.size);
    sum_text(number);
    sum(text.bytes, text.size);
  }
  if (call != &recorded_calls[RECORDED_provision]) return;
  snprintf(number, sizeof number, "%u\n", words->numbers[0]);
  sum_text(number);
}

static void settle_settings(void) {
  unsigned char hash[32];
  begin_settings();
  mbedtls_sha256_finish_ret(&settings, hash);
  mbedtls_sha256_free(&settings);
  for (size_t i = 0; i < sizeof hash; i++) sprintf(settings_hash + 2 * i, "%02x", hash[i]);
}

// ---- passwords ----

// Before the start the module tells them. Nobody who looks on is told.
static void learn_account(struct ringlet* module, int account) {
  char key[SECRET_KEY_BYTES];
  snprintf(key, sizeof key, "account.%d.password", account);
  if (ringlet_get(module, (ringlet_text){key, (uint32_t)strlen(key)}) < 0) return;
  for (const struct ringlet_record* record = ringlet_poll(module); record; record = ringlet_poll(module)) {
    if (record->kind != RINGLET_RECORD_VALUE) continue;
    const struct ringlet_slice value = record->of.value.value;
    secrets_learn(piece_of(key), (struct piece){ringlet_bytes(module, value), value.size});
  }
}

void state_settle(struct ringlet* module) {
  // Another instance of the same phone has the same settings.
  if (!file || is_settled) return;
  is_settled = true;
  settle_settings();
  for (int account = 1; account <= ACCOUNTS; account++) learn_account(module, account);
}

char* state_learn(const char* key, const char* value) {
  size_t size;
  if (!file || !passwords_is_key(key, strlen(key))) return NULL;
  const char* known = secrets_find(key, &size);
  char* before = known ? strndup(known, size) : strdup("");
  secrets_learn(piece_of(key), piece_of(value));
  return before;
}

// ---- this life and the last one ----

static void read_boot(char boot[BOOT_BYTES]) {
  struct file id;
  char why[FAILURE_BYTES];
  snprintf(boot, BOOT_BYTES, "-");
  if (!file_read(&id, "", "/proc/sys/kernel/random/boot_id", BOOT_BYTES, why, sizeof why)) return;
  const char* text = (const char*)id.bytes;
  size_t size = strcspn(text, " \t\r\n");
  if (size > 0) snprintf(boot, BOOT_BYTES, "%.*s", (int)size, text);
  file_free(&id);
}

// Milliseconds since it was saved; never negative.
static double elapsed(const struct state_terms* terms) {
  char boot[BOOT_BYTES];
  read_boot(boot);
  bool is_same_boot = strcmp(boot, terms->boot) == 0 && strcmp(boot, "-") != 0;
  double passed = is_same_boot ? clock_since_boot() - terms->clock : clock_of_wall() - terms->wall;
  return passed > 0 ? passed : 0;
}

// ---- reading ----

static bool put_secrets_back(struct saved_state* saved, char* why, size_t size) {
  // The last that was hidden comes back first: it may lie in what were the stars of another.
  for (size_t i = saved->places.count; i-- > 0;) {
    const struct secret_place* place = &saved->places.at[i];
    size_t length;
    const char* secret = secrets_find(place->key, &length);
    if (!secret || length != place->length) {
      snprintf(why, size, "%s is another one now", place->key);
      return false;
    }
    memcpy(saved->image + saved->globals_size + place->offset, secret, length);
  }
  return true;
}

static bool take(struct saved_state* saved, const struct file* whole, struct ringlet* module, char* why, size_t size) {
  const char* reason = state_file_read(whole->bytes, whole->size, saved);
  if (!reason && strcmp(saved->terms.module, module_hash()) != 0) reason = "it is of another version of the module";
  if (!reason && strcmp(saved->terms.settings, settings_hash) != 0) reason = "the settings have changed since";
  if (!reason && !put_secrets_back(saved, why, size)) return false;
  if (!reason && ringlet_restore(module, saved->image, saved->image_size) != RINGLET_OK) reason = "it does not fit";
  if (reason) snprintf(why, size, "%s", reason);
  return reason == NULL;
}

enum restored state_restore(struct ringlet* module, char* why, size_t size) {
  struct file whole;
  struct saved_state saved;
  if (!file || access(file, F_OK) != 0) return STATE_ABSENT;
  if (!file_read(&whole, "", file, MOST_STATE_BYTES, why, size)) return STATE_REFUSED;
  bool is_taken = take(&saved, &whole, module, why, size);
  if (is_taken) clock_go_on_from(saved.terms.now + elapsed(&saved.terms));
  state_file_free(&saved);
  file_free(&whole);
  return is_taken ? STATE_RESTORED : STATE_REFUSED;
}

// ---- writing ----

void state_begin(void) { is_kept = file != NULL; }

bool state_keep(struct ringlet* module, char* why, size_t size) {
  if (!is_kept) return true;
  int32_t present = ringlet_counter(module, RINGLET_COUNTER_CHANGES);
  if (present == changes) return true;
  changes = present;
  struct state_terms terms = {.wall = clock_of_wall(), .clock = clock_since_boot(), .now = clock_now()};
  memcpy(terms.settings, settings_hash, HASH_BYTES);
  snprintf(terms.module, HASH_BYTES, "%s", module_hash());
  read_boot(terms.boot);
  return state_file_write(file, &terms, module, why, size);
}

void state_remove(void) {
  if (file && is_kept) unlink(file);
  is_kept = false;
}
