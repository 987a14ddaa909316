/* A phone on a desk without a network. See desk.h. */
#include "desk.h"

#include <stdarg.h>
#include <stdlib.h>

static const char SETTINGS[] =
    "#!version:1.0.0.1\n"
    "ringlet.bind.address = " DESK_ADDRESS "\n"
    "account.1.enable = 1\n"
    "account.1.user_name = alice\n"
    "account.1.session_timer.enable = 1\n"
    "account.1.session_timer.expires = 90\n";

#define SDP                              \
  "v=0\r\no=- 1 1 IN IP4 192.0.2.20\r\n" \
  "s=-\r\nc=IN IP4 192.0.2.20\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"

static void say(struct desk *desk, const char *format, ...) {
  va_list words;
  va_start(words, format);
  const size_t left = sizeof desk->said - desk->size;
  const int size = vsnprintf(desk->said + desk->size, left, format, words);
  va_end(words);
  if (CHECK(size >= 0 && (size_t)size < left)) desk->size += (size_t)size;
}

/** The line of a message that begins with `name`, with its end; empty if there is none. */
static void line_of(const char *message, const char *name, char *line, size_t room) {
  const char *at = message;
  line[0] = '\0';
  while ((at = strstr(at, "\r\n")) != NULL && strncmp(at += 2, name, strlen(name)) != 0) continue;
  if (at) snprintf(line, room, "%.*s\r\n", (int)strcspn(at, "\r"), at);
}

struct ringlet *desk_provisioned(enum ringlet_rollback rollback) {
  const struct ringlet_options options = {.rollback = rollback};
  char reason[80] = "";
  struct ringlet *phone = ringlet_open(&options, reason, sizeof reason);
  if (!CHECK(phone != NULL)) exit(fprintf(stderr, "%s\n", reason) > 0);
  CHECK(ringlet_init(phone, text("thirty-two bytes that are secret")) == 0);
  CHECK(ringlet_provision(phone, text(SETTINGS), 0) == 0);
  return phone;
}

void desk_open(struct desk *desk, enum ringlet_rollback rollback) {
  memset(desk, 0, sizeof *desk);
  desk->phone = desk_provisioned(rollback);
  desk->now = 1000;
  CHECK(ringlet_start(desk->phone, desk->now) == 0);
  desk_drain(desk);
  CHECK(desk->flow != 0);
  CHECK(ringlet_flow_opened(desk->phone, desk->flow, text(DESK_ADDRESS), DESK_PORT, text(""), 0, text(""), desk->now) ==
        0);
  desk_drain(desk);
}

void desk_close(struct desk *desk) {
  ringlet_close(desk->phone);
}

static void note_send(struct desk *desk, const struct ringlet_record *record) {
  const struct ringlet_slice bytes = record->of.send.bytes;
  char message[DESK_MESSAGE], line[512];
  if (!CHECK(bytes.size < sizeof message)) return;
  memcpy(message, ringlet_bytes(desk->phone, bytes), bytes.size);
  message[bytes.size] = '\0';
  say(desk, "%.1f send %s\n", desk->now, message);
  if (strncmp(message, "SIP/2.0", 7) != 0) {
    if (CHECK(desk->waiting < DESK_REQUESTS)) memcpy(desk->requests[desk->waiting++], message, bytes.size + 1);
    desk->refreshes += strncmp(message, "UPDATE", 6) == 0 || strncmp(message, "INVITE", 6) == 0;
    return;
  }
  line_of(message, "To:", line, sizeof line);
  const char *tag = strstr(line, ";tag=");
  if (tag) snprintf(desk->tag, sizeof desk->tag, "%.*s", (int)strcspn(tag + 5, ";\r"), tag + 5);
}

static void note_event(struct desk *desk, const struct ringlet_record *record) {
  const struct ringlet_slice name = record->of.event.name;
  const char *words = (const char *)ringlet_bytes(desk->phone, name);
  const struct ringlet_field *field = ringlet_fields(record);
  desk->ended += record->of.event.event == RINGLET_EVENT_CALL_ENDED;
  desk->established += record->of.event.event == RINGLET_EVENT_CALL_ESTABLISHED;
  say(desk, "%.1f %.*s", desk->now, (int)name.size, words);
  for (uint32_t i = 0; i < record->of.event.count; i++, field++) {
    say(desk, " %.*s=", (int)field->name.size, (const char *)ringlet_bytes(desk->phone, field->name));
    if (field->type == RINGLET_FIELD_NUMBER) say(desk, "%lld", (long long)ringlet_number(field));
    else say(desk, "%.*s", (int)field->value.text.size, (const char *)ringlet_bytes(desk->phone, field->value.text));
  }
  say(desk, "\n");
}

void desk_drain(struct desk *desk) {
  const struct ringlet_record *record;
  while ((record = ringlet_poll(desk->phone)) != NULL) {
    if (record->kind == RINGLET_RECORD_SEND) note_send(desk, record);
    if (record->kind == RINGLET_RECORD_EVENT) note_event(desk, record);
    if (record->kind == RINGLET_RECORD_LISTEN && record->of.listen.transport == RINGLET_TRANSPORT_UDP)
      desk->flow = record->of.listen.flow;
    if (record->kind == RINGLET_RECORD_WAKE) desk->deadline = ringlet_deadline(record);
  }
}

int32_t desk_receive(struct desk *desk, const char *words) {
  const int32_t status =
      ringlet_receive(desk->phone, desk->flow, text(DESK_PEER), DESK_PORT, text(words), desk->now);
  desk_drain(desk);
  return status;
}

/** The lines that requests of the peer in phone call `which` share. */
static void request(char *to, size_t room, int which, const char *method, const char *tag, const char *rest) {
  snprintf(to, room,
           "%s sip:alice@192.0.2.10 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.20;branch=z9hG4bK%s%d\r\nMax-Forwards: 70\r\n"
           "From: <sip:bob@192.0.2.20>;tag=peer%d\r\nTo: <sip:alice@192.0.2.10>%s%s\r\nCall-ID: call%d@peer\r\n"
           "CSeq: 1 %s\r\nContact: <sip:bob@192.0.2.20>\r\n%s",
           method, method, which, which, tag[0] ? ";tag=" : "", tag, which, method, rest);
}

int32_t desk_call_up(struct desk *desk, int which) {
  char words[2048];
  request(words, sizeof words, which, "INVITE", "",
          "Session-Expires: 90;refresher=uas\r\nSupported: timer\r\nAllow: INVITE, ACK, BYE, UPDATE\r\n"
          "Content-Type: application/sdp\r\n\r\n" SDP);
  CHECK(desk_receive(desk, words) == 0);
  const int32_t call = ringlet_find(desk->phone, 0, 1);
  CHECK(call > 0);
  CHECK(ringlet_answer(desk->phone, (uint32_t)call, desk->now) == 0);
  desk_drain(desk);
  request(words, sizeof words, which, "ACK", desk->tag, "\r\n");
  CHECK(desk_receive(desk, words) == 0);
  return call;
}

/** 200 to the latest of the requests that wait. */
static void answer_request(struct desk *desk) {
  static const char *const copied[] = {"Via:", "From:", "To:", "Call-ID:", "CSeq:"};
  char words[DESK_MESSAGE + 200] = "SIP/2.0 200 OK\r\n", line[512];
  for (unsigned i = 0; i < sizeof copied / sizeof copied[0]; i++) {
    line_of(desk->requests[desk->waiting - 1], copied[i], line, sizeof line);
    strcat(words, line);
  }
  strcat(words, "Contact: <sip:bob@192.0.2.20>\r\nSupported: timer\r\nSession-Expires: 90;refresher=uac\r\n"
                "Require: timer\r\nContent-Length: 0\r\n\r\n");
  desk->waiting--;
  CHECK(desk_receive(desk, words) == 0);
}

void desk_run(struct desk *desk, double until) {
  for (;;) {
    while (desk->waiting > 0) answer_request(desk);
    if (desk->deadline < 0 || desk->deadline > until) break;
    if (desk->deadline > desk->now) desk->now = desk->deadline;
    const int32_t status = ringlet_tick(desk->phone, desk->now);
    say(desk, "%.1f tick %d\n", desk->now, (int)status);
    desk_drain(desk);
    if (status == RINGLET_RELOAD) return;
  }
  desk->now = until;
}
