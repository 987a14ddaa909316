/* One parser under measurement: what it must do, and the fields that all of them are compared by. */
#ifndef LANE_H
#define LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MOST = 8 };

/* Some text of the message; none if `at` is NULL. */
struct text {
  const char *at;
  size_t size; /* TO_NUL: up to its NUL. Nobody is charged for measuring what it did not measure itself. */
};
#define TO_NUL ((size_t)-1)

struct party {
  struct text tag, user, host;
};

struct via {
  struct text branch, host, port;
};

struct contact {
  struct text user, host;
};

/* Numbers are -1 for none. */
struct fields {
  struct text method; /* of a request */
  int status;         /* of a response */
  struct text uri_host;
  struct party from, to;
  struct text call_id;
  long cseq;
  struct text cseq_method;
  long session_expires, content_length, body_length;
  int vias, contacts, routes, record_routes;
  struct via via[MOST];
  struct contact contact[MOST];
  struct text route[MOST];
  struct text record_route[MOST];
};

/* Once. */
void lane_open(void);
/* Reads a message into the parser's own form and then the fields; false if it is refused. */
bool lane_parse(const char *bytes, size_t size);
/* What was read; not timed. */
const struct fields *lane_fields(void);
/* Gives back what lane_parse took; timed. */
void lane_release(void);

static inline struct text slice(const char *at, size_t size) { return (struct text){at, size}; }
static inline struct text string(const char *at) { return (struct text){at, TO_NUL}; }

#endif
