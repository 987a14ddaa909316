// What sockets of all kinds are made with.

#ifndef RINGLET_PHONE_SOCKET_H
#define RINGLET_PHONE_SOCKET_H

#include <stdint.h>

#include "address.h"

// A socket that never waits, bound to `local` and watching nothing; an empty address is every IPv4 address. Below 0 when it
// can't, with the reason in `why` (FAILURE_BYTES); `what` is its first words. `type` is SOCK_DGRAM or SOCK_STREAM.
int socket_bind(int type, const struct address* local, char* why, const char* what);

// The differentiated services of every packet that leaves it (RFC 2474 §3): 0 to 63.
void socket_mark(int fd, uint32_t dscp);

#endif
