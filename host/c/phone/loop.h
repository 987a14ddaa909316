// The one wait of the program: for sockets and for deadlines. Nothing here knows what they are for.

#ifndef RINGLET_PHONE_LOOP_H
#define RINGLET_PHONE_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The structure that holds this member.
#define OWNER_OF(member_address, type, member) ((type*)(void*)((char*)(member_address)-offsetof(type, member)))

// What epoll watches: a member of whatever owns the descriptor.
struct source {
  int fd;
  uint32_t wanted;
  bool is_watched;
  void (*ready)(struct source* source, uint32_t events);
};

// One deadline, in milliseconds of clock_now: a member of its owner.
struct timer {
  double deadline;
  bool is_armed;
  void (*ring)(struct timer* timer);
  struct timer* next;
};

// False when the system has no descriptor left for it.
bool loop_open(void);

// Watches for EPOLLIN, EPOLLOUT or both; replaces what was watched for. False when that can't be watched.
bool loop_watch(struct source* source, uint32_t wanted);

// Closing the descriptor is the owner's business.
void loop_forget(struct source* source);

// Replaces the timer's deadline.
void loop_arm(struct timer* timer, double deadline);
void loop_disarm(struct timer* timer);

// Waits for one thing and lets its owner know: at most one source, and every timer that is due. `can_wait` is
// false when there is other work.
void loop_turn(bool can_wait);

#endif
