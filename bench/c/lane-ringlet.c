/* Ringlet through wasm2c: bench/ringlet/fields.ts, the message room compiled alone. */
#include "lane.h"

#include <stdio.h>
#include <string.h>

#include "ringlet.h"
#include "wasm-rt.h"

/* The row of u64 of fields.ts. A slice is (size << 32) | address. */
struct row {
  uint64_t method, status, uri_host;
  uint64_t from_tag, from_user, from_host, to_tag, to_user, to_host;
  uint64_t call_id, cseq, cseq_method, session_expires, content_length, body_length;
  uint64_t vias, contacts, routes, record_routes;
  struct {
    uint64_t branch, host, port;
  } via[MOST];
  struct {
    uint64_t user, host;
  } contact[MOST];
  uint64_t route[MOST], record_route[MOST];
};

static Z_ringlet_instance_t instance;
static wasm_rt_memory_t *memory;
static u32 row;

void lane_open(void) {
  wasm_rt_init();
  Z_ringlet_init_module();
  Z_ringlet_instantiate(&instance);
  memory = Z_ringletZ_memory(&instance);
  row = Z_ringletZ_open(&instance);
}

bool lane_parse(const char *bytes, size_t size) {
  u32 at = Z_ringletZ_input(&instance, (u32)size);
  memcpy(memory->data + at, bytes, size);
  return Z_ringletZ_parse(&instance, at, (u32)size);
}

void lane_release(void) {}

static struct text text(uint64_t s) {
  return slice((uint32_t)s ? (const char *)memory->data + (uint32_t)s : NULL, (size_t)(s >> 32));
}

static struct text number(uint64_t value, char *place) {
  sprintf(place, "%u", (unsigned)value);
  return string(value ? place : NULL);
}

static struct party party(uint64_t tag, uint64_t user, uint64_t host) {
  return (struct party){text(tag), text(user), text(host)};
}

const struct fields *lane_fields(void) {
  static struct fields f;
  static char ports[MOST][12];
  struct row r;
  memcpy(&r, memory->data + row, sizeof r);
  f.method = text(r.method);
  f.status = (int)r.status;
  f.uri_host = text(r.uri_host);
  f.from = party(r.from_tag, r.from_user, r.from_host);
  f.to = party(r.to_tag, r.to_user, r.to_host);
  f.call_id = text(r.call_id);
  f.cseq = (long)r.cseq;
  f.cseq_method = text(r.cseq_method);
  f.session_expires = (long)r.session_expires;
  f.content_length = (long)r.content_length;
  f.body_length = (long)r.body_length;
  f.vias = (int)r.vias;
  f.contacts = (int)r.contacts;
  f.routes = (int)r.routes;
  f.record_routes = (int)r.record_routes;
  for (int i = 0; i < f.vias; i++) {
    f.via[i] = (struct via){text(r.via[i].branch), text(r.via[i].host), number(r.via[i].port, ports[i])};
  }
  for (int i = 0; i < f.contacts; i++) {
    f.contact[i] = (struct contact){text(r.contact[i].user), text(r.contact[i].host)};
  }
  for (int i = 0; i < f.routes; i++) f.route[i] = text(r.route[i]);
  for (int i = 0; i < f.record_routes; i++) f.record_route[i] = text(r.record_route[i]);
  return &f;
}
