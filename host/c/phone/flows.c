#include "flows.h"

#include "flow-events.h"
#include "listener.h"
#include "connection.h"
#include "udp.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

// In the order in which they came.
static struct flow* first;
static char from[ADDRESS_BYTES];

// ---- the list ----

void flows_add(struct flow* flow) {
  struct flow** end = &first;
  while (*end) end = &(*end)->next;
  flow->next = NULL;
  *end = flow;
}

struct flow* flows_find(uint32_t handle) {
  for (struct flow* flow = first; flow; flow = flow->next)
    if (flow->handle == handle && !flow->is_over) return flow;
  return NULL;
}

void flows_each(void (*visit)(struct flow* flow, uint32_t number), uint32_t number) {
  for (struct flow* flow = first; flow; flow = flow->next) visit(flow, number);
}

size_t flows_count(void) {
  size_t count = 0;
  for (const struct flow* flow = first; flow; flow = flow->next) count += flow->handle != 0 && !flow->is_over;
  return count;
}

bool flows_bury(void) {
  bool is_waiting = false;
  for (struct flow** at = &first; *at;) {
    struct flow* flow = *at;
    if (flow->is_gone && flow->notice == NOTHING) {
      *at = flow->next;
      free(flow->unfinished.bytes);
      flow->kind->free(flow);
    } else {
      is_waiting |= flow->is_over;
      at = &flow->next;
    }
  }
  return is_waiting;
}

// ---- what the module wants ----

void flows_leave_from(const char* address) { snprintf(from, sizeof from, "%s", address); }

static void free_plain(struct flow* flow) { free(flow); }

// The module may say something for it before it is told.
static void send_nowhere(struct flow* flow, const struct address* to, const void* bytes, size_t size) {
  (void)flow;
  (void)to;
  (void)bytes;
  (void)size;
}

// What could not even begin: it is there to be told of.
static void note_impossible(uint32_t handle, enum notice notice, const struct address* peer, const char* why) {
  static const struct flow_kind nothing = {.send = send_nowhere, .free = free_plain};
  struct flow* flow = calloc(1, sizeof *flow);
  if (!flow) return;
  flow->handle = handle;
  flow->kind = &nothing;
  flow->peer = *peer;
  flow->is_gone = true;
  flows_add(flow);
  flows_note(flow, notice, why);
}

// Ports by what was asked for: a module that is loaded anew has its sockets where they were.
enum { MOST_PORTS = 16 };

static struct {
  uint32_t transport;
  char address[ADDRESS_BYTES];
  uint16_t port;
} ports[MOST_PORTS];
static size_t port_count;

static uint16_t flow_port(uint32_t transport, const char* address) {
  for (size_t i = 0; i < port_count; i++)
    if (ports[i].transport == transport && strcmp(ports[i].address, address) == 0) return ports[i].port;
  return 0;
}

static void note_port(uint32_t transport, const char* address, uint16_t port) {
  if (port_count == MOST_PORTS || flow_port(transport, address) != 0) return;
  ports[port_count].transport = transport;
  ports[port_count].port = port;
  snprintf(ports[port_count++].address, ADDRESS_BYTES, "%s", address);
}

void flows_listen(uint32_t handle, uint32_t transport, const struct address* wanted, uint32_t dscp) {
  char why[FAILURE_BYTES] = "";
  struct address same = *wanted;
  if (same.port == 0) same.port = flow_port(transport, same.text);
  struct address* local = &same;
  struct flow* flow = transport == RINGLET_TRANSPORT_UDP ? udp_bind(local, dscp, why)
                                                         : listener_bind(transport, local, dscp, why);
  if (!flow) return note_impossible(handle, REFUSED, &(struct address){.port = 0}, why);
  note_port(transport, same.text, flow->local.port);
  flow->handle = handle;
  flows_add(flow);
  flows_note(flow, BOUND, NULL);
}

void flows_open(uint32_t handle, uint32_t transport, const struct address* to, const char* name, uint32_t dscp) {
  char why[FAILURE_BYTES] = "";
  struct flow* flow = connection_open(transport, to, from, name, dscp, why);
  if (!flow) return note_impossible(handle, LOST, to, why);
  flow->handle = handle;
  flows_add(flow);
}

static void close_flow(struct flow* flow) {
  flow->is_over = true;
  flow->notice = NOTHING;
  if (!flow->is_gone) flow->kind->close(flow);
}

void flows_close(uint32_t handle) {
  struct flow* flow = flows_find(handle);
  if (flow) close_flow(flow);
}

void flows_close_all(void) {
  for (struct flow* flow = first; flow; flow = flow->next)
    if (!flow->is_over) close_flow(flow);
}

// ---- notices ----

enum { MOST_FAILED = 16 };

static struct {
  uint32_t handle;
  struct address to;
} failed[MOST_FAILED];
static size_t failed_count;

void flows_note(struct flow* flow, enum notice notice, const char* why) {
  flow->notice = notice;
  snprintf(flow->why, sizeof flow->why, "%s", why ? why : "");
}

void flows_note_failed(uint32_t handle, const struct address* to) {
  if (failed_count == MOST_FAILED) return;
  failed[failed_count].handle = handle;
  failed[failed_count++].to = *to;
}

static bool tell_failed(void) {
  if (failed_count == 0) return false;
  uint32_t handle = failed[0].handle;
  struct address to = failed[0].to;
  memmove(failed, failed + 1, --failed_count * sizeof *failed);
  tell_send_failed(handle, &to);
  return true;
}

bool flows_tell(void) {
  struct flow* flow = first;
  while (flow && flow->notice == NOTHING) flow = flow->next;
  if (!flow) return tell_failed();
  enum notice notice = flow->notice;
  flow->notice = NOTHING;
  flow->is_over = notice != BOUND;
  if (notice == BOUND) tell_opened(flow, "");
  if (notice == REFUSED) tell_refused(flow->handle, flow->why);
  if (notice == LOST) tell_closed(flow, flow->why);
  return true;
}
