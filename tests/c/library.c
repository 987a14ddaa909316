/* The library with the shipped module: its life, its records, its state, and what it allocates. */
#include <stdlib.h>

#include "desk.h"


/* ---- the linker puts these before the real ones ---- */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static unsigned allocations;

void *__wrap_malloc(size_t size) {
  allocations++;
  return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
  allocations++;
  return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size) {
  allocations++;
  return __real_realloc(old, size);
}

/* ---- tests ---- */

static void tells_what_it_is(void) {
  CHECK(strlen(ringlet_module_hash()) == 64);
  CHECK(strspn(ringlet_module_hash(), "0123456789abcdef") == 64);
  CHECK(strcmp(ringlet_engine(), "wasm2c") == 0);
}

static void refuses_a_file(void) {
  char bytes[8] = "\0asm", reason[60] = "";
  const struct ringlet_options options = {.module = bytes, .module_size = sizeof bytes};
  CHECK(ringlet_open(&options, reason, sizeof reason) == NULL);
  CHECK(strlen(reason) > 0);
  CHECK(ringlet_open(&options, reason, 8) == NULL && strlen(reason) == 7);
  CHECK(ringlet_open(&options, NULL, 0) == NULL);
  ringlet_close(NULL);
}

static void takes_a_call_and_refreshes_it(void) {
  static struct desk desk;
  desk_open(&desk, RINGLET_ROLLBACK_ON);
  const unsigned before = allocations;
  const int32_t call = desk_call_up(&desk, 1);
  CHECK(desk.established == 1);
  desk_run(&desk, 1000 + 100000);
  CHECK(desk.refreshes == 2);
  CHECK(ringlet_hangup(desk.phone, (uint32_t)call, desk.now) == 0);
  desk_drain(&desk);
  desk_run(&desk, desk.now + 64000);
  CHECK(desk.ended == 1);
  CHECK(ringlet_find(desk.phone, 0, 0) == RINGLET_NO_SUCH_THING);
  CHECK(ringlet_counter(desk.phone, RINGLET_COUNTER_RECEIVED) >= 4);
  // Nothing is allocated after the start.
  CHECK(allocations == before);
  CHECK(ringlet_fault(desk.phone)->call == NULL && ringlet_fault(desk.phone)->count == 0);
  desk_close(&desk);
}

static void answers_statuses(void) {
  struct ringlet *phone = desk_provisioned(RINGLET_ROLLBACK_ON);
  CHECK(ringlet_init(phone, text("thirty-two bytes that are secret")) == RINGLET_WRONG_STATE);
  CHECK(ringlet_start(phone, -1) == RINGLET_BAD_ARGUMENT);
  CHECK(ringlet_start(phone, 0) == 0);
  CHECK(ringlet_start(phone, 0) == RINGLET_WRONG_STATE);
  static char much[1 << 20];
  const ringlet_text large = {much, sizeof much};
  CHECK(ringlet_judge(phone, large) == RINGLET_TOO_LARGE);
  const ringlet_text huge = {much, UINT32_MAX};
  CHECK(ringlet_set(phone, huge, huge, 0) == RINGLET_TOO_LARGE);
  CHECK(ringlet_answer(phone, 77, 0) == RINGLET_NO_SUCH_THING);
  CHECK(ringlet_get(phone, text("no.such.key")) == RINGLET_UNKNOWN_KEY);
  ringlet_close(phone);
}

static const struct ringlet_record *first_of(struct ringlet *phone, uint32_t kind) {
  const struct ringlet_record *record;
  while ((record = ringlet_poll(phone)) != NULL && record->kind != kind) continue;
  return record;
}

static int is_text(struct ringlet *phone, struct ringlet_slice slice, const char *words) {
  return slice.size == strlen(words) && memcmp(ringlet_bytes(phone, slice), words, slice.size) == 0;
}

static void reads_values_and_verdicts(void) {
  struct ringlet *phone = desk_provisioned(RINGLET_ROLLBACK_ON);
  CHECK(ringlet_get(phone, text("account.1.user_name")) == 0);
  const struct ringlet_record *value = first_of(phone, RINGLET_RECORD_VALUE);
  CHECK(value && is_text(phone, value->of.value.key, "account.1.user_name"));
  CHECK(value && is_text(phone, value->of.value.value, "alice"));
  CHECK(ringlet_judge(phone, text("no message")) == 0);
  const struct ringlet_record *verdict_record = first_of(phone, RINGLET_RECORD_VERDICT);
  CHECK(verdict_record && verdict_record->of.verdict.status == -1);
  CHECK(ringlet_boot(phone, text("#!version:1.0.0.1\ninclude:config \"a.cfg\"\ninclude:config \"b.cfg\"\n"), text("T1")) == 0);
  const struct ringlet_record *file = ringlet_boot_next(phone);
  CHECK(file && is_text(phone, file->of.value.value, "a.cfg"));
  file = ringlet_boot_next(phone);
  CHECK(file && is_text(phone, file->of.value.value, "b.cfg"));
  CHECK(ringlet_boot_next(phone) == NULL);
  const struct ringlet_slice outside = {UINT32_MAX - 4, 8};
  CHECK(ringlet_bytes(phone, outside) == NULL);
  ringlet_close(phone);
}

static void masks_secrets(void) {
  struct ringlet *phone = desk_provisioned(RINGLET_ROLLBACK_ON);
  const char *message = "INVITE sip:a@b SIP/2.0\r\nAuthorization: Digest secret\r\n\r\n";
  const uint8_t *masked = NULL;
  CHECK(ringlet_mask(phone, text(message), &masked) == (int32_t)strlen(message));
  char shown[100] = "";
  memcpy(shown, masked, strlen(message));
  CHECK(strstr(shown, "INVITE sip:a@b") != NULL && strstr(shown, "secret") == NULL);
  ringlet_close(phone);
}

/** A phone, and another one that goes on from its state, say the same. */
static void goes_on_from_a_state(void) {
  static struct desk first, second;
  desk_open(&first, RINGLET_ROLLBACK_ON);
  desk_call_up(&first, 1);
  const size_t size = ringlet_state_size(first.phone);
  uint8_t *image = malloc(size);
  CHECK(ringlet_state(first.phone, image, size - 1) == RINGLET_TOO_LARGE);
  CHECK(ringlet_state(first.phone, image, size) == 0);
  second = first;
  second.phone = ringlet_open(NULL, NULL, 0);
  CHECK(ringlet_restore(second.phone, image, 100) == RINGLET_BAD_ARGUMENT);
  CHECK(ringlet_restore(second.phone, image, size) == 0);
  CHECK(ringlet_state_size(second.phone) == size);
  CHECK(ringlet_globals(second.phone) == ringlet_globals(first.phone));
  for (uint32_t i = 0; i < ringlet_globals(first.phone); i++)
    CHECK(ringlet_global(second.phone, i) == ringlet_global(first.phone, i));
  desk_run(&first, first.now + 100000);
  desk_run(&second, second.now + 100000);
  CHECK(first.refreshes == 2);
  CHECK(first.size == second.size && memcmp(first.said, second.said, first.size) == 0);
  free(image);
  desk_close(&first);
  desk_close(&second);
}

/** A datagram lies flush against the end of memory, where nothing is readable behind it. */
static void hands_over_at_the_end(void) {
  static struct desk desk;
  desk_open(&desk, RINGLET_ROLLBACK_ON);
  CHECK(desk_receive(&desk, "the end of memory") == 0);
  uint32_t size;
  const uint8_t *memory = ringlet_memory(desk.phone, &size);
  CHECK(size % 65536 == 0 && memcmp(memory + size - 17, "the end of memory", 17) == 0);
  desk_close(&desk);
}

int main(void) {
  tells_what_it_is();
  refuses_a_file();
  takes_a_call_and_refreshes_it();
  answers_statuses();
  reads_values_and_verdicts();
  masks_secrets();
  goes_on_from_a_state();
  hands_over_at_the_end();
  return verdict();
}
