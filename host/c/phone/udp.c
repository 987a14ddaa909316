#include "udp.h"

#include "flow-events.h"
#include "flows.h"
#include "socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

// A burst of calls must not be lost while the program does something else; the system may grant less.
static const int RECEIVE_BUFFER_BYTES = 1 << 21;

enum {
  LONGEST_DATAGRAM_BYTES = 65535,
  // Then the others have their turn.
  MOST_AT_ONCE = 32,
};

static void udp_send(struct flow* flow, const struct address* to, const void* bytes, size_t size) {
  struct endpoint endpoint;
  bool is_sent = address_to_endpoint(to, &endpoint) &&
                 sendto(flow->source.fd, bytes, size, MSG_NOSIGNAL, (struct sockaddr*)&endpoint.system, endpoint.size) >= 0;
  // A full buffer is a datagram lost on its way; that is known of datagrams.
  if (!is_sent && errno != EAGAIN) flows_note_failed(flow->handle, to);
}

static void udp_close(struct flow* flow) {
  loop_forget(&flow->source);
  close(flow->source.fd);
  flow->is_gone = true;
}

static void udp_free(struct flow* flow) { free(flow); }

static const struct flow_kind udp = {.send = udp_send, .close = udp_close, .free = udp_free};

static void receive(struct flow* flow) {
  static uint8_t bytes[LONGEST_DATAGRAM_BYTES];
  for (int i = 0; i < MOST_AT_ONCE && !flow->is_over; i++) {
    struct endpoint endpoint = {.size = sizeof endpoint.system};
    ssize_t size =
        recvfrom(flow->source.fd, bytes, sizeof bytes, 0, (struct sockaddr*)&endpoint.system, &endpoint.size);
    // Errors are of datagrams that we sent: the socket is as good as before.
    if (size < 0) return;
    struct address from;
    address_from_endpoint(&from, &endpoint);
    tell_received(flow, &from, bytes, (size_t)size);
  }
}

static void udp_ready(struct source* source, uint32_t events) {
  (void)events;
  receive(OWNER_OF(source, struct flow, source));
}

struct flow* udp_bind(const struct address* local, uint32_t dscp, char* why) {
  int fd = socket_bind(SOCK_DGRAM, local, why, "bind");
  if (fd < 0) return NULL;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &RECEIVE_BUFFER_BYTES, sizeof RECEIVE_BUFFER_BYTES);
  socket_mark(fd, dscp);
  struct flow* flow = calloc(1, sizeof *flow);
  if (!flow) {
    close(fd);
    return NULL;
  }
  flow->kind = &udp;
  flow->source = (struct source){.fd = fd, .ready = udp_ready};
  address_of_socket(fd, &flow->local);
  loop_watch(&flow->source, EPOLLIN);
  return flow;
}

bool udp_local_toward(const char* peer, struct address* local) {
  // The port does not matter: connecting a datagram socket only picks a route.
  struct address to = {.port = 9};
  struct endpoint endpoint;
  address_set(&to, peer, strlen(peer), 9);
  if (!*to.text || !address_to_endpoint(&to, &endpoint)) return false;
  int fd = socket(endpoint.system.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  bool is_found = connect(fd, (struct sockaddr*)&endpoint.system, endpoint.size) == 0;
  if (is_found) address_of_socket(fd, local);
  close(fd);
  return is_found;
}
