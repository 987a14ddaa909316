// One connection, over TCP or TLS: bytes out in order, bytes in as they come, and one word when it is over.
//
//     Connecting -> Shaking (TLS) -> There -> Ending
//
// What is sent before it is there is held back: the module may send on a connection that is still opening, and may not want
// it any more once it has seen whose certificate the other side shows.

#ifndef RINGLET_PHONE_CONNECTION_H
#define RINGLET_PHONE_CONNECTION_H

#include "flow.h"

// On its way to `to`, an address and never a name; `from` is the local address, empty for any; `name`: whom we expect
// there, for TLS. NULL when it can't begin, with the reason in `why` (FAILURE_BYTES). Says `opened` or `closed`, later.
struct flow* connection_open(uint32_t transport, const struct address* to, const char* from, const char* name,
                             uint32_t dscp, char* why);

// A socket that came in at `listener`. It is told of once it has introduced itself, and owned here.
void connection_accept(uint32_t listener, uint32_t transport, int fd);

// Ends those that came in at `listener` and have not introduced themselves yet.
void connections_drop_unknown(uint32_t listener);

#endif
