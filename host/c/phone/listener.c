#include "listener.h"

#include "connection.h"
#include "flow-events.h"
#include "flows.h"
#include "socket.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { BACKLOG = 64 };

struct listener {
  struct flow flow;
  uint32_t transport;
  uint32_t dscp;
};

// Nothing can be sent here.
static void listener_send(struct flow* flow, const struct address* to, const void* bytes, size_t size) {
  (void)flow;
  (void)to;
  (void)bytes;
  (void)size;
}

// Takes no more connections; those that it has taken stay, but for who has not introduced himself.
static void listener_close(struct flow* flow) {
  loop_forget(&flow->source);
  close(flow->source.fd);
  flow->is_gone = true;
  connections_drop_unknown(flow->handle);
}

static void listener_free(struct flow* flow) { free(OWNER_OF(flow, struct listener, flow)); }

static const struct flow_kind kind = {.send = listener_send, .close = listener_close, .free = listener_free};

static void listener_ready(struct source* source, uint32_t events) {
  (void)events;
  struct listener* listener = OWNER_OF(source, struct listener, flow.source);
  int fd = accept4(source->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return;
  socket_mark(fd, listener->dscp);
  connection_accept(listener->flow.handle, listener->transport, fd);
}

static int bound(const struct address* local, char* why) {
  int fd = socket_bind(SOCK_STREAM, local, why, "listen");
  if (fd < 0) return -1;
  if (listen(fd, BACKLOG) == 0) return fd;
  failure_of_socket(why, "listen", errno, local);
  close(fd);
  return -1;
}

struct flow* listener_bind(uint32_t transport, const struct address* local, uint32_t dscp, char* why) {
  int fd = bound(local, why);
  struct listener* listener = fd >= 0 ? calloc(1, sizeof *listener) : NULL;
  if (!listener) {
    if (fd >= 0) close(fd);
    return NULL;
  }
  listener->transport = transport;
  listener->dscp = dscp;
  listener->flow.kind = &kind;
  listener->flow.source = (struct source){.fd = fd, .ready = listener_ready};
  address_of_socket(fd, &listener->flow.local);
  socket_mark(fd, dscp);
  loop_watch(&listener->flow.source, EPOLLIN);
  return &listener->flow;
}
