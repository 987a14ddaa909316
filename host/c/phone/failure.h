// What the system could not do, in words for people.

#ifndef RINGLET_PHONE_FAILURE_H
#define RINGLET_PHONE_FAILURE_H

#include <stddef.h>

#include "address.h"

enum { FAILURE_BYTES = 256 };

// "ENOENT", or words where the number has no name here.
const char* failure_name(int error);

// "ENOENT: no such file or directory, open 'FILE'". `text` has `size` bytes, and is cut.
void failure_of_file(char* text, size_t size, int error, const char* file);

// "connect ECONNREFUSED 192.0.2.1:5060"; without the port where that is 0. `text` has FAILURE_BYTES.
void failure_of_socket(char* text, const char* what, int error, const struct address* address);

#endif
