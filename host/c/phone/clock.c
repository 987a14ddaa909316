#include "clock.h"

#include <stdio.h>
#include <time.h>

double clock_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

const char* clock_show(char* text) {
  struct timespec now;
  struct tm parts;
  clock_gettime(CLOCK_REALTIME, &now);
  gmtime_r(&now.tv_sec, &parts);
  size_t size = strftime(text, TIME_BYTES, "%Y-%m-%dT%H:%M:%S", &parts);
  snprintf(text + size, TIME_BYTES - size, ".%03dZ", (int)(now.tv_nsec / 1000000));
  return text;
}
