// A flow: a bound socket of UDP, a socket that listens for connections, or a connection; under the handle that the
// module gave it.

#ifndef RINGLET_PHONE_FLOW_H
#define RINGLET_PHONE_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "failure.h"
#include "loop.h"
#include "trace.h"

// What is still to be told of a flow, once the present drain is over.
enum notice { NOTHING, BOUND, REFUSED, LOST };

struct flow {
  // 0 before the module has given one.
  uint32_t handle;
  const struct flow_kind* kind;
  struct source source;
  struct address local;
  // Of a connection: where it leads.
  struct address peer;
  struct unfinished unfinished;
  enum notice notice;
  // The reason of a notice; empty where there is nothing to complain about.
  char why[FAILURE_BYTES];
  // The module has closed it, or was told that it is over.
  bool is_over;
  // Freed at the end of this turn: nobody waits on its socket any more.
  bool is_gone;
  struct flow* next;
};

// What the kinds of flows differ in.
struct flow_kind {
  bool is_connection;
  void (*send)(struct flow* flow, const struct address* to, const void* bytes, size_t size);
  // Says goodbye and is gone at once, or later.
  void (*close)(struct flow* flow);
  // Gone at once.
  void (*free)(struct flow* flow);
};

#endif
