/*
 * Keys of media in linear memory (docs/abi.md, "Keys of media"): who stores a copy of it overwrites them there.
 */
#ifndef RINGLET_MEDIA_KEYS_H
#define RINGLET_MEDIA_KEYS_H

#include <stddef.h>
#include <stdint.h>

/** Where a key begins, from `at` on, and its length in `length`; `size` when there is none any more. */
size_t media_keys_next(const uint8_t *memory, size_t size, size_t at, size_t *length);

/** Overwrites all of them with `*`. */
void media_keys_hide_in(uint8_t *memory, size_t size);

#endif
