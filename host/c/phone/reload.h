// A module that is lost, and the one that takes its place: with the settings, the ports and the instance ID of the first. Calls end;
// registrations are renewed at once, over those that there are.

#ifndef RINGLET_PHONE_RELOAD_H
#define RINGLET_PHONE_RELOAD_H

#include <stdbool.h>

// The old one ends its calls and says what was set at run time, as far as it still can.
void reload_take_leave(void);

// The new one, which has the files, is given the rest; and does not wait before it registers, nor unregister.
void reload_provision(void);

// Its sockets are there: waits and removals are again as the settings have them.
void reload_settle(void);

#endif
