// What flows tell; each of these is one call into the module, and its drain. phone.c says what comes of it. None of them is
// told while records are carried out.

#ifndef RINGLET_PHONE_FLOW_EVENTS_H
#define RINGLET_PHONE_FLOW_EVENTS_H

#include "flow.h"

// A socket is bound, or a connection is there. `names`: what the peer's certificate says (certificate.h), empty without
// TLS. Negative: nobody wants it.
int32_t tell_opened(struct flow* flow, const char* names);

// A connection came in: `flow`, which has its handle before anything that the module says about it is carried out, and keeps
// none if nobody wants it.
void tell_accepted(uint32_t listener, struct flow* flow, const char* names);

void tell_received(struct flow* flow, const struct address* from, const void* bytes, size_t size);

// The network refused to carry a datagram to this address.
void tell_send_failed(uint32_t flow, const struct address* to);

// It could not be bound.
void tell_refused(uint32_t flow, const char* why);

// It could not be opened, broke, or was ended by the peer: then `why` is empty.
void tell_closed(struct flow* flow, const char* why);

#endif
