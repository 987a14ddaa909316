#include "clock.h"

#include <stdio.h>
#include <time.h>

// What a clock that was gone on from is ahead of the machine's.
static double ahead;

static double read_clock(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

double clock_since_boot(void) { return read_clock(CLOCK_BOOTTIME); }

double clock_of_wall(void) { return read_clock(CLOCK_REALTIME); }

double clock_now(void) { return clock_since_boot() + ahead; }

void clock_go_on_from(double now) { ahead += now - clock_now(); }

const char* clock_show(char* text) {
  struct timespec now;
  struct tm parts;
  clock_gettime(CLOCK_REALTIME, &now);
  gmtime_r(&now.tv_sec, &parts);
  size_t size = strftime(text, TIME_BYTES, "%Y-%m-%dT%H:%M:%S", &parts);
  snprintf(text + size, TIME_BYTES - size, ".%03dZ", (int)(now.tv_nsec / 1000000));
  return text;
}
