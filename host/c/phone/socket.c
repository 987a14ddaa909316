#include "socket.h"

#include "failure.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <stdio.h>
#include <unistd.h>

static void set(int fd, int level, int option, int value) { setsockopt(fd, level, option, &value, sizeof value); }

int socket_bind(int type, const struct address* local, char* why, const char* what) {
  struct endpoint endpoint;
  if (!address_to_endpoint(local, &endpoint)) {
    snprintf(why, FAILURE_BYTES, "\"%s\" is no address", local->text);
    return -1;
  }
  int fd = socket(endpoint.system.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd >= 0) {
    if (endpoint.system.ss_family == AF_INET6) set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    // A listener's port is not held by connections that ended a moment ago.
    if (type == SOCK_STREAM) set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (bind(fd, (struct sockaddr*)&endpoint.system, endpoint.size) == 0) return fd;
  }
  int error = errno;
  if (fd >= 0) close(fd);
  failure_of_socket(why, what, error, local);
  return -1;
}

// The upper six bits of what was the type of service.
void socket_mark(int fd, uint32_t dscp) {
  set(fd, IPPROTO_IP, IP_TOS, (int)(dscp & 63) << 2);
  set(fd, IPPROTO_IPV6, IPV6_TCLASS, (int)(dscp & 63) << 2);
}
