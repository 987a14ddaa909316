/*
 * Passwords of accounts, found in what is provisioned and set, and overwritten with `*` wherever they stand.
 *
 * The module does not tell them, and a snapshot of its memory holds them: who stores one overwrites them there.
 */
#ifndef RINGLET_PASSWORDS_H
#define RINGLET_PASSWORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Those that were seen; begins as zeros. */
struct passwords {
  char **known; /* each with a NUL behind its `sizes` bytes */
  size_t *sizes;
  size_t count;
};

/** Whether the setting of that name is a password. */
bool passwords_is_key(const char *key, size_t size);

/** Overwrites the values of lines `key = value` whose key is of a password; blanks around a value are not part of it. */
void passwords_hide_in_file(struct passwords *passwords, char *text, size_t size);

/** Overwrites the value of this setting if it is one. False: it is none, and nothing has changed. */
bool passwords_hide_value(struct passwords *passwords, const void *key, size_t key_size, char *value, size_t size);

/** Overwrites every password that is known. */
void passwords_hide_in(const struct passwords *passwords, uint8_t *memory, size_t size);

void passwords_free(struct passwords *passwords);

#endif
