// What the module says, carried out: one record at a time, in the middle of a drain.

#ifndef RINGLET_PHONE_CARRY_H
#define RINGLET_PHONE_CARRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "print.h"
#include "ringlet.h"

// How events are shown; `ring` is what happens at the module's deadline.
void carry_prepare(bool is_json, void (*ring)(void));

void carry(struct ringlet* module, const struct ringlet_record* record);

// The module trapped: an event.
void carry_fault(const struct ringlet_fault* fault);

// An event that only the host can know of.
void show_event(const struct shown_event* event);
void show_fault(const char* what);

// The name of the file of a layer, for people: the module knows only numbers.
void carry_name_layer(uint32_t layer, const char* file);

// ---- what was said ----

// The last Value; good until the next call into the module.
struct piece carried_value(void);

// How many `call.state` since the last time that this was asked.
uint32_t carried_states(void);

// Whether `phone.stopped` was said.
bool carried_stop(void);

// Nothing is waited for any more.
void carry_no_deadline(void);

#endif
