// Counts the executed basic blocks of messages: how much work they are, exactly and repeatably.
//
// stdin: messages, each behind its size in four bytes, little endian. stdout: one line for each, the
// blocks of sip_judge and those of sip_receive on an idle phone.

#include "phone.h"

#include <stdio.h>
#include <stdlib.h>

static int readAll(void* to, size_t size) {
  return fread(to, 1, size, stdin) == size;
}

int main(void) {
  static uint8_t bytes[65536];
  uint32_t size;
  makeLives();
  while (readAll(&size, sizeof size)) {
    if (size >= sizeof bytes || !readAll(bytes, size)) return 1;
    begin(IDLE);
    const uint64_t judged = judge(bytes, size);
    begin(IDLE);
    const uint64_t received = receive(bytes, size);
    printf("%llu %llu\n", (unsigned long long)judged, (unsigned long long)received);
    fflush(stdout);
  }
  return 0;
}
