/* How long a request from the network takes, with everything that is said about it, and what rollback adds: `make speed`. */
#define _POSIX_C_SOURCE 200809L
#include <time.h>

#include "desk.h"

#define ROUNDS 60
#define REQUESTS 1000

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/** An OPTIONS that nobody has sent before, answered and drained. */
static void ask(struct desk *desk, unsigned number) {
  char words[DESK_MESSAGE];
  const int size = snprintf(words, sizeof words,
                            "OPTIONS sip:alice@" DESK_ADDRESS " SIP/2.0\r\n"
                            "Via: SIP/2.0/UDP " DESK_PEER ":5060;branch=z9hG4bK%u\r\n"
                            "Max-Forwards: 70\r\n"
                            "From: <sip:bob@" DESK_PEER ">;tag=%u\r\n"
                            "To: <sip:alice@" DESK_ADDRESS ">\r\n"
                            "Call-ID: speed%u\r\n"
                            "CSeq: 1 OPTIONS\r\n"
                            "Content-Length: 0\r\n\r\n",
                            number, number, number);
  const ringlet_text bytes = {words, (uint32_t)size};
  const ringlet_text peer = {DESK_PEER, sizeof DESK_PEER - 1};
  ringlet_receive(desk->phone, desk->flow, peer, DESK_PORT, bytes, desk->now);
  while (ringlet_poll(desk->phone)) continue;
}

/** Microseconds for one, the best of all rounds: a machine has other work too. */
static double best(enum ringlet_rollback rollback) {
  static struct desk desk;
  desk_open(&desk, rollback);
  double least = 1;
  unsigned number = 0;
  for (int round = 0; round < ROUNDS; round++) {
    const double start = seconds();
    for (int i = 0; i < REQUESTS; i++) ask(&desk, number++);
    const double each = (seconds() - start) / REQUESTS;
    if (each < least) least = each;
  }
  desk_close(&desk);
  return least * 1e6;
}

int main(void) {
  const double off = best(RINGLET_ROLLBACK_OFF);
  const double on = best(RINGLET_ROLLBACK_ON);
  printf("%.1f us  OPTIONS received, answered and drained, rollback off\n", off);
  printf("%.1f us  the same with rollback: %.1f us more\n", on, on - off);
  return 0;
}
