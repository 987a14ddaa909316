/* Runs one parser for tools/bench.mjs: LANE FILE... reads commands from stdin, one answer line for each.
 *
 *   fields I     the fields of message I as text, or "refused"
 *   time I N     nanoseconds for N times parse, read the fields, release
 *   blocks I     basic blocks executed for message I; 0 unless compiled to count them
 *   collect I    lets callgrind count the instructions for message I
 */
#include "lane.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_ZERO_STATS
#define CALLGRIND_TOGGLE_COLLECT
#define CALLGRIND_DUMP_STATS
#endif

struct message {
  char *bytes;
  size_t size;
};

static uint64_t blocks;

/* Called at each basic block of what is compiled with -fsanitize-coverage=trace-pc. */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void) { blocks++; }

static struct message read_message(const char *name) {
  FILE *file = fopen(name, "rb");
  if (!file) {
    perror(name);
    exit(1);
  }
  struct message m = {malloc(65536), 0};
  m.size = fread(m.bytes, 1, 65535, file);
  m.bytes[m.size] = 0;
  fclose(file);
  return m;
}

static void print_text(struct text t) {
  if (!t.at) fputs(" -", stdout);
  else if (t.size == TO_NUL) printf(" %s", t.at);
  else printf(" %.*s", (int)t.size, t.at);
}

static void print_party(const char *name, const struct party *party) {
  printf("|%s", name);
  print_text(party->tag);
  print_text(party->user);
  print_text(party->host);
}

static void print_fields(const struct fields *f) {
  if (f->status) printf("status %d", f->status);
  else {
    fputs("method", stdout);
    print_text(f->method);
    fputs("|uri-host", stdout);
    print_text(f->uri_host);
  }
  for (int i = 0; i < f->vias; i++) {
    fputs("|via", stdout);
    print_text(f->via[i].branch);
    print_text(f->via[i].host);
    print_text(f->via[i].port);
  }
  print_party("from", &f->from);
  print_party("to", &f->to);
  fputs("|call-id", stdout);
  print_text(f->call_id);
  printf("|cseq %ld", f->cseq);
  print_text(f->cseq_method);
  for (int i = 0; i < f->contacts; i++) {
    fputs("|contact", stdout);
    print_text(f->contact[i].user);
    print_text(f->contact[i].host);
  }
  for (int i = 0; i < f->routes; i++) {
    fputs("|route", stdout);
    print_text(f->route[i]);
  }
  for (int i = 0; i < f->record_routes; i++) {
    fputs("|record-route", stdout);
    print_text(f->record_route[i]);
  }
  printf("|session-expires %ld|content-length %ld|body %ld\n", f->session_expires, f->content_length,
         f->body_length);
}

static void answer_fields(const struct message *m) {
  if (lane_parse(m->bytes, m->size)) print_fields(lane_fields());
  else puts("refused");
  lane_release();
}

static void parse(const struct message *m, long times) {
  for (; times > 0; times--) {
    lane_parse(m->bytes, m->size);
    lane_release();
  }
}

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void answer_time(const struct message *m, long times) {
  uint64_t from = now();
  parse(m, times);
  printf("%" PRIu64 "\n", now() - from);
}

static void answer_blocks(const struct message *m) {
  blocks = 0;
  parse(m, 1);
  printf("%" PRIu64 "\n", blocks);
}

static void answer_collect(const struct message *m) {
  parse(m, 3); /* the allocator's lists are filled */
  CALLGRIND_ZERO_STATS;
  CALLGRIND_TOGGLE_COLLECT;
  parse(m, 1);
  CALLGRIND_TOGGLE_COLLECT;
  CALLGRIND_DUMP_STATS;
  puts("collected");
}

int main(int count, char **words) {
  struct message *messages = calloc((size_t)count, sizeof *messages);
  for (int i = 1; i < count; i++) messages[i - 1] = read_message(words[i]);
  lane_open();
  char line[100], command[20];
  int i;
  long times;
  while (fgets(line, sizeof line, stdin)) {
    int read = sscanf(line, "%19s %d %ld", command, &i, &times);
    if (read < 2 || i < 0 || i >= count - 1) return 1;
    if (strcmp(command, "fields") == 0) answer_fields(&messages[i]);
    else if (strcmp(command, "time") == 0 && read == 3) answer_time(&messages[i], times);
    else if (strcmp(command, "blocks") == 0) answer_blocks(&messages[i]);
    else if (strcmp(command, "collect") == 0) answer_collect(&messages[i]);
    else return 1;
    fflush(stdout);
  }
  return 0;
}
