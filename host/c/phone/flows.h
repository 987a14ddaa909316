// Every socket of the phone.
//
// The module says what is to be done with them in the middle of a drain, when it can't be told anything; what comes of it is
// noted, and told by flows_tell.

#ifndef RINGLET_PHONE_FLOWS_H
#define RINGLET_PHONE_FLOWS_H

#include "flow.h"

// The local address of connections that we make; empty for what the system chooses. Kept as a copy.
void flows_leave_from(const char* address);

// Binds, and notes what came of it; to port 0 where the same was bound before. `transport` is one of enum ringlet_transport.
void flows_listen(uint32_t handle, uint32_t transport, const struct address* wanted, uint32_t dscp);

// Begins to connect; over TLS to whoever has this name.
void flows_open(uint32_t handle, uint32_t transport, const struct address* to, const char* name, uint32_t dscp);

// NULL for one that is over.
struct flow* flows_find(uint32_t handle);

// After what was sent has left; nothing more is told of it.
void flows_close(uint32_t handle);
void flows_close_all(void);

// How many the module knows.
size_t flows_count(void);

// Tells what was noted first; false when there was nothing. To be called until it says so, but in no drain.
bool flows_tell(void);

// Frees what is gone; to be called where nobody holds a flow. True while some say goodbye.
bool flows_bury(void);

// ---- for the kinds of flows ----

// Adds one to the list; its place in memory is its kind's business.
void flows_add(struct flow* flow);

void flows_each(void (*visit)(struct flow* flow, uint32_t number), uint32_t number);

// To be told later. NULL: nothing to complain about.
void flows_note(struct flow* flow, enum notice notice, const char* why);

// The network refused a datagram. Of very many at once only some are told: what is missing is asked for again anyway.
void flows_note_failed(uint32_t handle, const struct address* to);

#endif
