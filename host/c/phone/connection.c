#include "connection.h"

#include "clock.h"
#include "flow-events.h"
#include "flows.h"
#include "ringlet_abi.h"
#include "socket.h"
#include "tls.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
  // A phone is not worth more; the module has a limit of its own, below.
  MOST_CONNECTIONS = 256,
  // What the module takes at once.
  LONGEST_CHUNK_BYTES = 65535,
  // A peer that leaves more than this unread is given up.
  MOST_UNREAD_BYTES = 1 << 20,
  // An empty queue keeps no more than this.
  KEPT_BYTES = 4096,
};

// After a close: so long may the other side take to read what was sent.
static const double LINGER_MS = 2000;
// A peer that has not introduced itself after so long is given up.
static const double HANDSHAKE_MS = 5000;

enum stage { CONNECTING, SHAKING, THERE, ENDING };

struct connection {
  struct flow flow;
  struct timer limit;
  enum stage stage;
  // Where it came in; 0 for one that we made.
  uint32_t listener;
  // NULL over TCP.
  struct tls* tls;
  // Nothing leaves yet.
  bool is_held;
  // The peer will send no more.
  bool has_ended;
  // What is still to be written: `unread` bytes, of which the first lies at `start`.
  uint8_t* queue;
  size_t start, unread, room;
};

static size_t count;

// ---- its end ----

static void destroy(struct connection* connection) {
  struct flow* flow = &connection->flow;
  if (flow->is_gone) return;
  flow->is_gone = true;
  loop_forget(&flow->source);
  loop_disarm(&connection->limit);
  tls_free(connection->tls);
  connection->tls = NULL;
  close(flow->source.fd);
}

static void lose(struct connection* connection, const char* why) {
  struct flow* flow = &connection->flow;
  bool is_known = flow->handle != 0 && !flow->is_over && connection->stage != ENDING;
  if (is_known) flows_note(flow, LOST, connection->is_held ? why : NULL);
}

// What breaks after the beginning is nothing that anybody could mend: no reason is told.
static void break_off(struct connection* connection, const char* why) {
  lose(connection, why);
  destroy(connection);
}

static void watch(struct connection* connection) {
  if (connection->flow.is_gone) return;
  bool is_writing = connection->unread > 0 && !connection->is_held;
  bool is_out = connection->stage == CONNECTING || is_writing || tls_wants_write(connection->tls);
  uint32_t wanted = (connection->has_ended ? 0 : EPOLLIN) | (is_out ? EPOLLOUT : 0);
  if (!loop_watch(&connection->flow.source, wanted)) break_off(connection, "it can't be watched");
}

static void limit(struct connection* connection, double ms) { loop_arm(&connection->limit, clock_now() + ms); }

static void limit_rings(struct timer* timer) {
  struct connection* connection = OWNER_OF(timer, struct connection, limit);
  break_off(connection, "it takes too long");
}

// ---- bytes ----

static ssize_t stream_write(struct connection* connection, const void* bytes, size_t size) {
  if (connection->tls) return tls_write(connection->tls, bytes, size);
  ssize_t written = send(connection->flow.source.fd, bytes, size, MSG_NOSIGNAL);
  return written >= 0 ? written : errno == EAGAIN || errno == EINTR ? TLS_WAITS : TLS_BROKEN;
}

static ssize_t stream_read(struct connection* connection, void* bytes, size_t size) {
  if (connection->tls) return tls_read(connection->tls, bytes, size);
  ssize_t read = recv(connection->flow.source.fd, bytes, size, 0);
  return read >= 0 ? read : errno == EAGAIN || errno == EINTR ? TLS_WAITS : TLS_BROKEN;
}

// Everything has been written that will ever be.
static void finish(struct connection* connection) {
  if (connection->has_ended) return destroy(connection);
  tls_end(connection->tls);
  shutdown(connection->flow.source.fd, SHUT_WR);
}

static void flush(struct connection* connection) {
  while (connection->unread > 0) {
    ssize_t written = stream_write(connection, connection->queue + connection->start, connection->unread);
    if (written == TLS_WAITS) return watch(connection);
    if (written < 0) return break_off(connection, NULL);
    connection->start += (size_t)written;
    connection->unread -= (size_t)written;
  }
  connection->start = 0;
  if (connection->room > KEPT_BYTES) {
    free(connection->queue);
    connection->queue = NULL;
    connection->room = 0;
  }
  if (connection->stage == ENDING) finish(connection);
  watch(connection);
}

static bool append(struct connection* connection, const void* bytes, size_t size) {
  size_t needed = connection->unread + size;
  if (connection->start > 0) memmove(connection->queue, connection->queue + connection->start, connection->unread);
  connection->start = 0;
  if (needed > connection->room) {
    size_t room = needed < KEPT_BYTES ? KEPT_BYTES : needed;
    uint8_t* queue = realloc(connection->queue, room);
    if (!queue) return false;
    connection->queue = queue;
    connection->room = room;
  }
  memcpy(connection->queue + connection->unread, bytes, size);
  connection->unread = needed;
  return true;
}

// Given up while something is said on it: told later, and with the reason.
static void give_up(struct connection* connection, const char* why) {
  flows_note(&connection->flow, LOST, why);
  destroy(connection);
}

// The address is where the connection leads anyway.
static void connection_send(struct flow* flow, const struct address* to, const void* bytes, size_t size) {
  (void)to;
  struct connection* connection = OWNER_OF(flow, struct connection, flow);
  if (flow->is_gone || connection->stage == ENDING || size == 0) return;
  if (connection->unread + size > MOST_UNREAD_BYTES) return give_up(connection, "the peer does not read");
  if (!append(connection, bytes, size)) return give_up(connection, "no memory is left for it");
  if (!connection->is_held) flush(connection);
}

// Ends it when all that was sent has left; what is still held back is not sent.
static void connection_close(struct flow* flow) {
  struct connection* connection = OWNER_OF(flow, struct connection, flow);
  if (connection->is_held) return destroy(connection);
  if (connection->stage == ENDING) return;
  connection->stage = ENDING;
  limit(connection, LINGER_MS);
  flush(connection);
}

static void connection_free(struct flow* flow) {
  struct connection* connection = OWNER_OF(flow, struct connection, flow);
  free(connection->queue);
  free(connection);
  count--;
}

static const struct flow_kind kind = {
    .is_connection = true, .send = connection_send, .close = connection_close, .free = connection_free};

// ---- it is there ----

static void release(struct connection* connection) {
  if (connection->flow.is_over || connection->flow.is_gone) return;
  connection->is_held = false;
  flush(connection);
}

static void be_taken(struct connection* connection, const char* names) {
  connection->is_held = false;
  tell_accepted(connection->listener, &connection->flow, names);
  if (connection->flow.handle == 0) destroy(connection);
}

static void arrive(struct connection* connection) {
  struct flow* flow = &connection->flow;
  connection->stage = THERE;
  loop_disarm(&connection->limit);
  address_of_socket(flow->source.fd, &flow->local);
  const char* names = tls_names(connection->tls);
  watch(connection);
  if (connection->listener != 0) return be_taken(connection, names);
  if (tell_opened(flow, names) < 0) {
    flows_close(flow->handle);
  } else {
    release(connection);
  }
}

static void shake(struct connection* connection) {
  int answer = tls_shake(connection->tls);
  if (answer == 0) return arrive(connection);
  if (answer == TLS_WAITS) return watch(connection);
  char words[FAILURE_BYTES];
  break_off(connection, tls_words(connection->tls, words));
}

static void begin(struct connection* connection) {
  connection->stage = connection->tls ? SHAKING : THERE;
  if (!connection->tls) return arrive(connection);
  shake(connection);
}

static void connected(struct connection* connection) {
  int error = 0;
  socklen_t size = sizeof error;
  struct flow* flow = &connection->flow;
  getsockopt(flow->source.fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error == 0) return begin(connection);
  char why[FAILURE_BYTES];
  failure_of_socket(why, "connect", error, &flow->peer);
  break_off(connection, why);
}

// ---- what comes in ----

// Half of a connection is of no use to a phone: what is under way is still sent, then it is over.
static void peer_ends(struct connection* connection) {
  connection->has_ended = true;
  lose(connection, "the peer hung up");
  if (connection->is_held) return destroy(connection);
  if (connection->stage != ENDING) limit(connection, LINGER_MS);
  connection->stage = ENDING;
  flush(connection);
}

static void receive(struct connection* connection) {
  static uint8_t bytes[LONGEST_CHUNK_BYTES];
  static const struct address nobody;
  ssize_t size = stream_read(connection, bytes, sizeof bytes);
  if (size == TLS_WAITS) return watch(connection);
  if (size < 0) return break_off(connection, NULL);
  if (size == 0) return peer_ends(connection);
  if (connection->stage == THERE) tell_received(&connection->flow, &nobody, bytes, (size_t)size);
}

static void connection_ready(struct source* source, uint32_t events) {
  struct connection* connection = OWNER_OF(source, struct connection, flow.source);
  if (connection->stage == CONNECTING) return connected(connection);
  if (connection->stage == SHAKING) return shake(connection);
  if (events & EPOLLOUT && !connection->is_held) flush(connection);
  if (connection->flow.is_gone) return;
  if (connection->has_ended) {
    if (events & (EPOLLHUP | EPOLLERR)) destroy(connection);
  } else if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
    receive(connection);
  }
}

// ---- making them ----

static struct connection* make(int fd) {
  if (count == MOST_CONNECTIONS) return NULL;
  struct connection* connection = calloc(1, sizeof *connection);
  if (!connection) return NULL;
  count++;
  connection->flow.kind = &kind;
  connection->flow.source = (struct source){.fd = fd, .ready = connection_ready};
  connection->limit.ring = limit_rings;
  connection->is_held = true;
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return connection;
}

// A socket on its way, or below 0.
static int way_to(const struct address* to, const char* from, uint32_t dscp, char* why) {
  struct endpoint endpoint;
  int family = address_family(to->text);
  if (family == 0 || !address_to_endpoint(to, &endpoint)) {
    snprintf(why, FAILURE_BYTES, "\"%s\" is no address", to->text);
    return -1;
  }
  struct address local = {.port = 0};
  bool is_chosen = address_family(from) == family;
  address_set(&local, is_chosen ? from : family == 6 ? "::" : "0.0.0.0", is_chosen ? strlen(from) : family == 6 ? 2 : 7, 0);
  int fd = socket_bind(SOCK_STREAM, &local, why, "bind");
  if (fd < 0) return -1;
  socket_mark(fd, dscp);
  if (connect(fd, (struct sockaddr*)&endpoint.system, endpoint.size) == 0 || errno == EINPROGRESS) return fd;
  failure_of_socket(why, "connect", errno, to);
  close(fd);
  return -1;
}

static struct flow* set_out(int fd, const struct address* to, const char* name, bool is_tls, char* why) {
  struct connection* connection = make(fd);
  struct tls* tls = connection && is_tls ? tls_begin(fd, true, name) : NULL;
  if (!connection || (is_tls && !tls)) {
    snprintf(why, FAILURE_BYTES, "there is no room for another connection");
    if (connection) connection_free(&connection->flow);
    close(fd);
    return NULL;
  }
  connection->tls = tls;
  connection->stage = CONNECTING;
  connection->flow.peer = *to;
  watch(connection);
  return &connection->flow;
}

struct flow* connection_open(uint32_t transport, const struct address* to, const char* from, const char* name,
                             uint32_t dscp, char* why) {
  bool is_tls = transport == RINGLET_TRANSPORT_TLS;
  if (!is_tls && transport != RINGLET_TRANSPORT_TCP) {
    snprintf(why, FAILURE_BYTES, "transport %u makes no connections", (unsigned)transport);
    return NULL;
  }
  int fd = way_to(to, from, dscp, why);
  return fd >= 0 ? set_out(fd, to, name, is_tls, why) : NULL;
}

void connection_accept(uint32_t listener, uint32_t transport, int fd) {
  struct connection* connection = make(fd);
  if (!connection) {
    close(fd);
    return;
  }
  connection->listener = listener;
  address_of_peer(fd, &connection->flow.peer);
  flows_add(&connection->flow);
  bool is_tls = transport == RINGLET_TRANSPORT_TLS;
  if (is_tls) connection->tls = tls_begin(fd, false, "");
  // One that has no address any more has gone before it was looked at.
  if (!*connection->flow.peer.text || (is_tls && !connection->tls)) return destroy(connection);
  if (is_tls) limit(connection, HANDSHAKE_MS);
  begin(connection);
}

static void drop_unknown(struct flow* flow, uint32_t listener) {
  struct connection* connection = OWNER_OF(flow, struct connection, flow);
  if (flow->kind == &kind && flow->handle == 0 && connection->listener == listener) destroy(connection);
}

void connections_drop_unknown(uint32_t listener) { flows_each(drop_unknown, listener); }
