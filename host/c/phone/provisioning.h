// The configuration of a phone: its files, in order, and those that boot files among them name.

#ifndef RINGLET_PHONE_PROVISIONING_H
#define RINGLET_PHONE_PROVISIONING_H

#include <stdbool.h>
#include <stddef.h>

#include "phone.h"

// Hands all files to the module, which was just made. False with words for people in `why`.
bool provision(const struct phone_options* options, char* why);

// The instance ID outlasts a new module: without one in the settings the phone draws it, once.
bool provision_instance(char* why);

// "no such thing" for a negative number of enum ringlet_status. `text` has STATUS_BYTES.
enum { STATUS_BYTES = 32 };
const char* status_words(int status, char* text);

#endif
