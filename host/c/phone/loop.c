#include "loop.h"

#include "clock.h"

#include <math.h>
#include <sys/epoll.h>
#include <unistd.h>

// epoll's clock stands still while the machine is suspended, so no single wait is longer.
static const double LONGEST_WAIT_MS = 10000;

static int epoll = -1;
static struct timer* timers;

bool loop_open(void) {
  if (epoll < 0) epoll = epoll_create1(EPOLL_CLOEXEC);
  return epoll >= 0;
}

bool loop_watch(struct source* source, uint32_t wanted) {
  if (source->is_watched && source->wanted == wanted) return true;
  struct epoll_event event = {.events = wanted, .data.ptr = source};
  if (epoll_ctl(epoll, source->is_watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, source->fd, &event) < 0) return false;
  source->wanted = wanted;
  source->is_watched = true;
  return true;
}

void loop_forget(struct source* source) {
  if (source->is_watched) epoll_ctl(epoll, EPOLL_CTL_DEL, source->fd, NULL);
  source->is_watched = false;
}

// ---- timers: few, so a list will do ----

void loop_arm(struct timer* timer, double deadline) {
  timer->deadline = deadline;
  if (timer->is_armed) return;
  timer->is_armed = true;
  timer->next = timers;
  timers = timer;
}

void loop_disarm(struct timer* timer) {
  for (struct timer** at = &timers; *at; at = &(*at)->next) {
    if (*at != timer) continue;
    *at = timer->next;
    break;
  }
  timer->is_armed = false;
}

static struct timer* first_timer(void) {
  struct timer* first = timers;
  for (struct timer* timer = timers; timer; timer = timer->next)
    if (timer->deadline < first->deadline) first = timer;
  return first;
}

// One that rings may arm and disarm others, so each time it is looked anew; but only for what was due at the beginning.
static void ring_timers(void) {
  double now = clock_now();
  for (struct timer* timer = first_timer(); timer && timer->deadline <= now; timer = first_timer()) {
    loop_disarm(timer);
    timer->ring(timer);
  }
}

// Rounds up: a timer that rings too early would ring again and again.
static int wait_ms(void) {
  const struct timer* timer = first_timer();
  double left = timer ? ceil(timer->deadline - clock_now()) : LONGEST_WAIT_MS;
  if (left > LONGEST_WAIT_MS) left = LONGEST_WAIT_MS;
  return left > 0 ? (int)left : 0;
}

void loop_turn(bool can_wait) {
  // One at a time: whoever is let know may close any other.
  struct epoll_event event;
  if (epoll_wait(epoll, &event, 1, can_wait ? wait_ms() : 0) == 1) {
    struct source* source = event.data.ptr;
    source->ready(source, event.events);
  }
  ring_timers();
}
