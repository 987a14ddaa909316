/* A phone on a desk without a network: what it says is noted, and peers answer what it sends. */
#ifndef DESK_H
#define DESK_H

#include "check.h"

#define DESK_ADDRESS "192.0.2.10"
#define DESK_PEER "192.0.2.20"
#define DESK_PORT 5060
#define DESK_ROOM (256 * 1024)
#define DESK_MESSAGE 2048
#define DESK_REQUESTS 4

struct desk {
  struct ringlet *phone;
  double now;
  double deadline;
  uint32_t flow;
  /** How often an INVITE or UPDATE was sent, and these events were seen. */
  unsigned refreshes, ended, established;
  /** Everything that was said, with its time, in words. */
  char said[DESK_ROOM];
  size_t size;
  /** The requests that were sent and that no peer has answered yet. */
  char requests[DESK_REQUESTS][DESK_MESSAGE];
  unsigned waiting;
  /** The tag in the To of the latest response. */
  char tag[64];
};

/** A phone that was started at 1,000 ms, with a socket, or exit. */
void desk_open(struct desk *desk, enum ringlet_rollback rollback);
void desk_close(struct desk *desk);

/** A new engine's phone up to, but without, ringlet_start. */
struct ringlet *desk_provisioned(enum ringlet_rollback rollback);

/** Takes everything that the phone says. */
void desk_drain(struct desk *desk);

/** A datagram from the peer, and what follows from it. */
int32_t desk_receive(struct desk *desk, const char *words);

/** A call of the peer that the phone takes: number `which` of them. Answers its handle. */
int32_t desk_call_up(struct desk *desk, int which);

/** Lets time pass up to `until`: timers run when they are due, peers answer requests at once. */
void desk_run(struct desk *desk, double until);

#endif
