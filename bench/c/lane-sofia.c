/* sofia-sip: the message as nta receives it, eagerly parsed into one home. */
#include "lane.h"

#include <sofia-sip/msg.h>
#include <sofia-sip/msg_mclass.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>

static struct fields f;
static msg_t *message;

void lane_open(void) {}

static void read_start(const sip_t *sip) {
  f.status = sip->sip_status ? sip->sip_status->st_status : 0;
  if (!sip->sip_request) return;
  f.method = string(sip->sip_request->rq_method_name);
  f.uri_host = string(sip->sip_request->rq_url->url_host);
}

static struct party party(const sip_addr_t *a) {
  return (struct party){string(a->a_tag), string(a->a_url->url_user), string(a->a_url->url_host)};
}

static void read_lists(const sip_t *sip) {
  f.vias = f.contacts = f.routes = f.record_routes = 0;
  for (const sip_via_t *v = sip->sip_via; v && f.vias < MOST; v = v->v_next) {
    f.via[f.vias++] = (struct via){string(v->v_branch), string(v->v_host), string(v->v_port)};
  }
  for (const sip_contact_t *m = sip->sip_contact; m && f.contacts < MOST; m = m->m_next) {
    f.contact[f.contacts++] = (struct contact){string(m->m_url->url_user), string(m->m_url->url_host)};
  }
  for (const sip_route_t *r = sip->sip_route; r && f.routes < MOST; r = r->r_next) {
    f.route[f.routes++] = string(r->r_url->url_host);
  }
  for (const sip_record_route_t *r = sip->sip_record_route; r && f.record_routes < MOST; r = r->r_next) {
    f.record_route[f.record_routes++] = string(r->r_url->url_host);
  }
}

bool lane_parse(const char *bytes, size_t size) {
  message = msg_make(sip_default_mclass(), 0, bytes, (ssize_t)size);
  const sip_t *sip = message ? sip_object(message) : NULL;
  if (!sip || sip->sip_error || msg_has_error(message) || !sip->sip_from || !sip->sip_to || !sip->sip_call_id ||
      !sip->sip_cseq)
    return false;
  read_start(sip);
  f.from = party(sip->sip_from);
  f.to = party(sip->sip_to);
  f.call_id = string(sip->sip_call_id->i_id);
  f.cseq = (long)sip->sip_cseq->cs_seq;
  f.cseq_method = string(sip->sip_cseq->cs_method_name);
  read_lists(sip);
  f.session_expires = sip->sip_session_expires ? (long)sip->sip_session_expires->x_delta : -1;
  f.content_length = sip->sip_content_length ? (long)sip->sip_content_length->l_length : -1;
  f.body_length = sip->sip_payload ? (long)sip->sip_payload->pl_len : 0;
  return true;
}

const struct fields *lane_fields(void) { return &f; }

void lane_release(void) {
  if (message) msg_destroy(message);
  message = NULL;
}
