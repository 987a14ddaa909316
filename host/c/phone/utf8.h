// Characters of UTF-8 text (RFC 3629) that may be broken anywhere.

#ifndef RINGLET_PHONE_UTF8_H
#define RINGLET_PHONE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

// U+FFFD, for what is no character.
#define UTF8_BROKEN 0xfffdu

// The character at `*at`, which moves behind it. Of a broken one as much is passed over as could still have become one,
// so that whoever replaces it replaces as often as others do.
uint32_t utf8_next(const uint8_t** at, const uint8_t* end);

bool utf8_is_control(uint32_t character);
bool utf8_is_space(uint32_t character);

#endif
