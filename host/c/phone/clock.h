// Time: for the module milliseconds of a clock that counts the time asleep; for people the time of day.

#ifndef RINGLET_PHONE_CLOCK_H
#define RINGLET_PHONE_CLOCK_H

enum { TIME_BYTES = 32 };

// Milliseconds since the machine was started, with those in suspend.
double clock_now(void);

// The time of day, as "2030-01-02T03:04:05.678Z". `text` has TIME_BYTES.
const char* clock_show(char* text);

#endif
