// UDP sockets.

#ifndef RINGLET_PHONE_UDP_H
#define RINGLET_PHONE_UDP_H

#include "flow.h"

// Binds; port 0 is any free port. `dscp` marks its packets (RFC 2474). NULL when it can't, with the reason in `why`,
// which has FAILURE_BYTES.
struct flow* udp_bind(const struct address* local, uint32_t dscp, char* why);

// The local address from which packets to `peer` leave, without that anything is sent; false when there is none.
bool udp_local_toward(const char* peer, struct address* local);

#endif
