// Sockets that listen for connections, over TCP or TLS.

#ifndef RINGLET_PHONE_LISTENER_H
#define RINGLET_PHONE_LISTENER_H

#include "flow.h"

// As udp_bind. Connections that come in have the same mark.
struct flow* listener_bind(uint32_t transport, const struct address* local, uint32_t dscp, char* why);

#endif
