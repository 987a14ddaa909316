// Time: for the module milliseconds of a clock that counts the time asleep; for people the time of day.

#ifndef RINGLET_PHONE_CLOCK_H
#define RINGLET_PHONE_CLOCK_H

enum { TIME_BYTES = 32 };

// Milliseconds since some fixed moment, with those in suspend.
double clock_now(void);

// It is `now` now, on the clock of an earlier life. Before any deadline is set.
void clock_go_on_from(double now);

// Milliseconds since the machine was started, the same for every program; and of Unix time.
double clock_since_boot(void);
double clock_of_wall(void);

// The time of day, as "2030-01-02T03:04:05.678Z". `text` has TIME_BYTES.
const char* clock_show(char* text);

#endif
