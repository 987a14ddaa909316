// What an answer of the name service (RFC 1035 §4) says of a name, as lines for the module.
//
//     A, AAAA   ADDRESS TTL
//     SRV       PRIORITY WEIGHT PORT TARGET TTL
//     NAPTR     ORDER PREFERENCE FLAGS SERVICE REPLACEMENT TTL        (an empty field is "-")

#ifndef RINGLET_PHONE_DNS_ANSWER_H
#define RINGLET_PHONE_DNS_ANSWER_H

#include <stddef.h>
#include <stdint.h>

enum dns_type { DNS_A = 1, DNS_CNAME = 5, DNS_AAAA = 28, DNS_SRV = 33, DNS_NAPTR = 35 };

enum {
  // A name as text, with its NUL.
  DNS_NAME_BYTES = 256,
  // More records than this are no answer but an attack.
  DNS_MOST_LINES = 64,
};

// The records of this type that the name, or what it is an alias of, has; valid no longer than those. Writes at most `room` bytes
// and answers how many; what has no room, or would be read as another record, is left out. 0 for an answer that is cut or
// broken.
size_t dns_answer_lines(const uint8_t* answer, size_t size, const char* name, enum dns_type type, char* lines, size_t room);

#endif
