/* libosip2: its parser splits every header that it knows; Session-Expires it keeps as text. */
#include "lane.h"

#include <osipparser2/osip_parser.h>
#include <stdlib.h>

static struct fields f;
static osip_message_t *message;

void lane_open(void) { parser_init(); }

static struct text host_of(const osip_uri_t *uri) { return string(uri ? uri->host : NULL); }

static struct party party(osip_from_t *address) {
  osip_generic_param_t *tag = NULL;
  osip_from_get_tag(address, &tag);
  return (struct party){string(tag ? tag->gvalue : NULL), string(address->url->username),
                        host_of(address->url)};
}

static void read_vias(void) {
  osip_via_t *via;
  for (f.vias = 0; f.vias < MOST && (via = osip_list_get(&message->vias, f.vias)); f.vias++) {
    osip_generic_param_t *branch = NULL;
    osip_via_param_get_byname(via, "branch", &branch);
    f.via[f.vias] =
        (struct via){string(branch ? branch->gvalue : NULL), string(via->host), string(via->port)};
  }
}

static void read_lists(void) {
  osip_contact_t *contact;
  osip_route_t *route;
  f.contacts = f.routes = f.record_routes = 0;
  for (; f.contacts < MOST && (contact = osip_list_get(&message->contacts, f.contacts)); f.contacts++) {
    f.contact[f.contacts] = (struct contact){string(contact->url->username), host_of(contact->url)};
  }
  for (; f.routes < MOST && (route = osip_list_get(&message->routes, f.routes)); f.routes++) {
    f.route[f.routes] = host_of(route->url);
  }
  for (; f.record_routes < MOST && (route = osip_list_get(&message->record_routes, f.record_routes));
       f.record_routes++) {
    f.record_route[f.record_routes] = host_of(route->url);
  }
}

static void read_lengths(void) {
  osip_header_t *interval = NULL;
  osip_body_t *body = NULL;
  osip_message_header_get_byname(message, "session-expires", 0, &interval);
  f.session_expires = interval ? strtol(interval->hvalue, NULL, 10) : -1;
  f.content_length = message->content_length ? strtol(message->content_length->value, NULL, 10) : -1;
  osip_message_get_body(message, 0, &body);
  f.body_length = body ? (long)body->length : 0;
}

bool lane_parse(const char *bytes, size_t size) {
  if (osip_message_init(&message) != 0 || osip_message_parse(message, bytes, size) != 0) return false;
  if (!message->from || !message->to || !message->call_id || !message->cseq) return false;
  f.status = message->status_code;
  f.method = string(message->sip_method);
  f.uri_host = host_of(message->req_uri);
  f.from = party(message->from);
  f.to = party(message->to);
  f.cseq = strtol(message->cseq->number, NULL, 10);
  f.cseq_method = string(message->cseq->method);
  read_vias();
  read_lists();
  read_lengths();
  return true;
}

/* Call-ID comes in two parts, which stand beside each other only in the message. */
const struct fields *lane_fields(void) {
  static char whole[256];
  const osip_call_id_t *id = message->call_id;
  snprintf(whole, sizeof whole, "%s%s%s", id->number, id->host ? "@" : "", id->host ? id->host : "");
  f.call_id = string(whole);
  return &f;
}

void lane_release(void) {
  osip_message_free(message);
  message = NULL;
}
