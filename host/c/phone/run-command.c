#include "run-command.h"

#include "carry.h"
#include "clock.h"
#include "commands.h"
#include "loop.h"
#include "module.h"
#include "out.h"
#include "record.h"
#include "trace.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { LONGEST_LINE_BYTES = 4096 };

// How long the other side may take to agree that the calls are over, and then to read the last words.
static const double STOP_MS = 4000;
static const double LINGER_MS = 500;

static bool is_quitting;
static bool is_too_late;
static struct source input = {.fd = STDIN_FILENO};
static struct source signals;
static struct timer stop_limit;

static void stop_limit_rings(struct timer* timer) {
  (void)timer;
  is_too_late = true;
}

static void quit(void) {
  if (is_quitting) return;
  is_quitting = true;
  loop_forget(&input);
  stop_limit.ring = stop_limit_rings;
  loop_arm(&stop_limit, clock_now() + STOP_MS);
  phone_stop();
}

// ---- standard input ----

static bool is_quit(const char* line) {
  static const char spaces[] = " \t\v\f\r";
  size_t from = strspn(line, spaces);
  return strncmp(line + from, "quit", 4) == 0 && line[from + 4 + strspn(line + from + 4, spaces)] == '\0';
}

static void take_line(char* line) {
  if (is_quitting) return;
  if (is_quit(line)) {
    quit();
  } else {
    obey(line);
  }
}

// Lines as they come; of one that is too long nothing is obeyed.
static void take_input(const char* bytes, size_t size) {
  static char line[LONGEST_LINE_BYTES];
  static size_t length;
  for (; size > 0; bytes++, size--) {
    if (*bytes != '\n') {
      if (length < sizeof line) line[length++] = *bytes;
      continue;
    }
    if (length < sizeof line) {
      line[length] = '\0';
      take_line(line);
    } else {
      complain("a line is no longer than %d bytes", LONGEST_LINE_BYTES - 1);
    }
    length = 0;
  }
}

// False at the end.
static bool read_input(void) {
  char bytes[1024];
  ssize_t size = read(STDIN_FILENO, bytes, sizeof bytes);
  if (size > 0) take_input(bytes, (size_t)size);
  // What has no line end is a line too.
  if (size == 0) take_input("\n", 1);
  return size != 0;
}

static void input_ready(struct source* source, uint32_t events) {
  (void)events;
  if (!read_input()) loop_forget(source);
}

// A file can't be waited for: it is read at once.
static void listen_to_input(void) {
  input.ready = input_ready;
  if (loop_watch(&input, EPOLLIN)) return;
  while (!is_quitting && read_input()) {
  }
}

// ---- signals ----

static void signals_ready(struct source* source, uint32_t events) {
  struct signalfd_siginfo signal;
  (void)events;
  if (read(source->fd, &signal, sizeof signal) <= 0) return;
  if (signal.ssi_signo == SIGUSR2) {
    record_write();
  } else {
    quit();
  }
}

static void listen_to_signals(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  if (record_is_wanted()) sigaddset(&set, SIGUSR2);
  sigprocmask(SIG_BLOCK, &set, NULL);
  // Whoever read the events may go: that is seen when the next is written.
  signal(SIGPIPE, SIG_IGN);
  signals = (struct source){.fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC), .ready = signals_ready};
  if (signals.fd >= 0) loop_watch(&signals, EPOLLIN);
}

// ---- the phone ----

static void ring(void) { module_tick(); }

// Answers the exit code: 1 where the phone could not go on.
static int go(void) {
  char why[REASON_BYTES];
  out_flush();
  while (!(is_quitting && (is_too_late || phone_has_stopped()))) {
    if (!phone_turn(why)) {
      complain("%s", why);
      return 1;
    }
    record_write_fault();
    out_flush();
    if (out_is_lost()) quit();
  }
  return 0;
}

int run(const struct run_options* options) {
  char why[REASON_BYTES];
  int code = 1;
  carry_prepare(options->is_json, ring);
  if (options->is_traced) trace_open(options->is_json);
  if (options->record) record_to(options->record);
  if (!phone_start(&options->phone, why)) {
    complain("%s", why);
  } else {
    listen_to_signals();
    listen_to_input();
    code = go();
    record_write();
  }
  phone_release(LINGER_MS);
  return code;
}
