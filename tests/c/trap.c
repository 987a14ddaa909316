/* The library with planted traps (tools/trap.mjs): what is dropped, what goes on, what is ended. */
#include <stdlib.h>

#include "desk.h"

#define POISONED 1000
#define MINUTE 60000.0

static uint64_t fnv(uint64_t hash, const char *words) {
  for (; *words; words++) hash = (hash ^ (uint8_t)*words) * UINT64_C(1099511628211);
  return hash;
}

static uint8_t *image_of(struct desk *desk) {
  const size_t size = ringlet_state_size(desk->phone);
  uint8_t *image = malloc(size);
  CHECK(ringlet_state(desk->phone, image, size) == 0);
  return image;
}

/** Nothing of a poisoned datagram stays, and nothing is said about it. */
static void poison(struct desk *desk, int which) {
  char words[40];
  snprintf(words, sizeof words, "TRAP r %d", which);
  const ringlet_text bytes = text(words);
  uint8_t *before = which % 100 == 0 ? image_of(desk) : NULL;
  CHECK(ringlet_receive(desk->phone, desk->flow, text(DESK_PEER), DESK_PORT, bytes, desk->now) == RINGLET_TRAPPED);
  const struct ringlet_fault *fault = ringlet_fault(desk->phone);
  CHECK(strcmp(fault->call, "sip_receive") == 0 && fault->words[0] != '\0');
  CHECK(fault->hash == fnv(fnv(fnv(UINT64_C(14695981039346656037), "sip_receive"), DESK_PEER), words));
  CHECK(fault->count == (uint32_t)which + 1);
  if (before) {
    uint8_t *after = image_of(desk);
    CHECK(memcmp(before, after, ringlet_state_size(desk->phone)) == 0);
    free(after);
    free(before);
  }
  CHECK(ringlet_poll(desk->phone) == NULL);
}

/** Two phone calls of a phone that is poisoned a thousand times are word for word those of one that is not. */
static void calls_survive(void) {
  static struct desk poisoned, spared;
  desk_open(&poisoned, RINGLET_ROLLBACK_ON);
  desk_open(&spared, RINGLET_ROLLBACK_ON);
  for (int which = 1; which <= 2; which++) {
    desk_call_up(&poisoned, which);
    desk_call_up(&spared, which);
  }
  CHECK(poisoned.established == 2);
  for (int i = 0; i < POISONED; i++) {
    poison(&poisoned, i);
    desk_run(&poisoned, poisoned.now + 5 * MINUTE / POISONED);
    desk_run(&spared, spared.now + 5 * MINUTE / POISONED);
  }
  // Every 45 seconds, for each of them.
  CHECK(poisoned.refreshes == 12);
  CHECK(poisoned.ended == 0);
  CHECK(poisoned.size == spared.size && memcmp(poisoned.said, spared.said, spared.size) == 0);
  desk_close(&poisoned);
  desk_close(&spared);
}

static void command_answers(void) {
  static struct desk desk;
  desk_open(&desk, RINGLET_ROLLBACK_ON);
  desk_receive(&desk, "TRAP c");
  CHECK(ringlet_call(desk.phone, 0, text("sip:bob@192.0.2.20"), desk.now) == RINGLET_TRAPPED);
  CHECK(strcmp(ringlet_fault(desk.phone)->call, "sip_call") == 0);
  desk_receive(&desk, "TRAP o");
  CHECK(ringlet_call(desk.phone, 0, text("sip:bob@192.0.2.20"), desk.now) > 0);
  desk_close(&desk);
}

/** What owns the timer is ended; the other phone call goes on. */
static void tick_ends_one(void) {
  static struct desk desk;
  desk_open(&desk, RINGLET_ROLLBACK_ON);
  desk_call_up(&desk, 1);
  desk_call_up(&desk, 2);
  desk_run(&desk, desk.now + 40000);
  desk_receive(&desk, "TRAP t");
  desk_run(&desk, desk.now + MINUTE);
  CHECK(strcmp(ringlet_fault(desk.phone)->call, "sip_tick") == 0 && ringlet_fault(desk.phone)->count == 1);
  CHECK(desk.ended == 1);
  CHECK(ringlet_find(desk.phone, 0, 0) > 0);
  desk_close(&desk);
}

static void second_trap_wants_a_reload(void) {
  static struct desk desk;
  desk_open(&desk, RINGLET_ROLLBACK_ON);
  desk_call_up(&desk, 1);
  uint8_t *image = image_of(&desk);
  desk_receive(&desk, "TRAP T");
  desk_run(&desk, desk.now + MINUTE);
  CHECK(ringlet_tick(desk.phone, desk.now) == RINGLET_RELOAD);
  CHECK(ringlet_list(desk.phone, desk.now) == RINGLET_RELOAD);
  CHECK(ringlet_poll(desk.phone) == NULL);
  CHECK(ringlet_restore(desk.phone, image, ringlet_state_size(desk.phone)) == 0);
  CHECK(ringlet_tick(desk.phone, desk.now) == 0);
  free(image);
  desk_close(&desk);
}

static void without_rollback_a_trap_is_the_end(void) {
  static struct desk desk;
  desk_open(&desk, RINGLET_ROLLBACK_OFF);
  CHECK(desk_receive(&desk, "TRAP r") == RINGLET_RELOAD);
  CHECK(desk_receive(&desk, "harmless") == RINGLET_RELOAD);
  CHECK(ringlet_fault(desk.phone)->count == 1);
  desk_close(&desk);
}

int main(void) {
  calls_survive();
  command_answers();
  tick_ends_one();
  second_trap_wants_a_reload();
  without_rollback_a_trap_is_the_end();
  return verdict();
}
