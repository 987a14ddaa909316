/* libre: sip_msg_decode keeps the headers and decodes a few of them; the others are decoded when asked for. */
#include "lane.h"

#define HAVE_STDBOOL_H 1 /* or it makes a bool of its own */
#include <re/re.h>
#include <stdlib.h>

static struct fields f;
static struct mbuf *buffer;
static struct sip_msg *message;

void lane_open(void) {
  libre_init();
  buffer = mbuf_alloc(65536);
}

static struct text text(const struct pl *s) { return slice(s->p, s->l); }

static struct party party(const struct sip_taddr *a) {
  return (struct party){text(&a->tag), text(&a->uri.user), text(&a->uri.host)};
}

/* True ends the walk, and the message is refused. */
static bool read_via(const struct sip_hdr *header, const struct sip_msg *m, void *arg) {
  struct sip_via via;
  struct pl host = pl_null, port = pl_null;
  (void)m;
  (void)arg;
  if (sip_via_decode(&via, &header->val) || uri_decode_hostport(&via.sentby, &host, &port)) return true;
  if (f.vias < MOST) f.via[f.vias++] = (struct via){text(&via.branch), text(&host), text(&port)};
  return false;
}

static bool read_contact(const struct sip_hdr *header, const struct sip_msg *m, void *arg) {
  struct sip_addr a;
  (void)m;
  (void)arg;
  if (sip_addr_decode(&a, &header->val)) return true;
  if (f.contacts < MOST) f.contact[f.contacts++] = (struct contact){text(&a.uri.user), text(&a.uri.host)};
  return false;
}

static bool read_route(const struct sip_hdr *header, const struct sip_msg *m, void *arg) {
  struct sip_addr a;
  (void)m;
  (void)arg;
  if (sip_addr_decode(&a, &header->val)) return true;
  if (header->id == SIP_HDR_ROUTE && f.routes < MOST) f.route[f.routes++] = text(&a.uri.host);
  if (header->id == SIP_HDR_RECORD_ROUTE && f.record_routes < MOST) {
    f.record_route[f.record_routes++] = text(&a.uri.host);
  }
  return false;
}

static bool read_lists(void) {
  f.vias = f.contacts = f.routes = f.record_routes = 0;
  return !sip_msg_hdr_apply(message, true, SIP_HDR_VIA, read_via, NULL) &&
         !sip_msg_hdr_apply(message, true, SIP_HDR_CONTACT, read_contact, NULL) &&
         !sip_msg_hdr_apply(message, true, SIP_HDR_ROUTE, read_route, NULL) &&
         !sip_msg_hdr_apply(message, true, SIP_HDR_RECORD_ROUTE, read_route, NULL);
}

bool lane_parse(const char *bytes, size_t size) {
  mbuf_rewind(buffer);
  mbuf_write_mem(buffer, (const uint8_t *)bytes, size);
  mbuf_set_pos(buffer, 0);
  if (sip_msg_decode(&message, buffer)) return false;
  f.status = message->scode;
  f.method = text(&message->met);
  f.uri_host = text(&message->uri.host);
  f.from = party(&message->from);
  f.to = party(&message->to);
  f.call_id = text(&message->callid);
  f.cseq = (long)message->cseq.num;
  f.cseq_method = text(&message->cseq.met);
  if (!read_lists()) return false;
  const struct sip_hdr *interval = sip_msg_hdr(message, SIP_HDR_SESSION_EXPIRES);
  f.session_expires = interval ? strtol(interval->val.p, NULL, 10) : -1;
  f.content_length = pl_isset(&message->clen) ? (long)pl_u32(&message->clen) : -1;
  f.body_length = (long)mbuf_get_left(message->mb);
  return true;
}

const struct fields *lane_fields(void) { return &f; }

void lane_release(void) { message = mem_deref(message); }
