#include "utf8.h"

// What the second byte may be depends on the first: no character is written longer than needed, none is a surrogate,
// none lies above U+10FFFF (RFC 3629 §4).
static void limits_of(uint8_t first, uint8_t* least, uint8_t* most) {
  *least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  *most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
}

// How many bytes follow; -1 for a byte that begins nothing.
static int length_behind(uint8_t first) {
  if (first < 0x80) return 0;
  if (first < 0xc2 || first > 0xf4) return -1;
  return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
}

uint32_t utf8_next(const uint8_t** at, const uint8_t* end) {
  uint8_t first = *(*at)++;
  int behind = length_behind(first);
  if (behind < 0) return UTF8_BROKEN;
  uint32_t character = behind == 0 ? first : first & (0x3fu >> behind);
  uint8_t least, most;
  limits_of(first, &least, &most);
  for (; behind > 0; behind--, least = 0x80, most = 0xbf) {
    if (*at == end || **at < least || **at > most) return UTF8_BROKEN;
    character = character << 6 | (*(*at)++ & 0x3fu);
  }
  return character;
}

bool utf8_is_control(uint32_t character) { return character < 0x20 || (character >= 0x7f && character < 0xa0); }

bool utf8_is_space(uint32_t character) {
  if (character == ' ' || (character >= '\t' && character <= '\r')) return true;
  if (character >= 0x2000 && character <= 0x200a) return true;
  return character == 0xa0 || character == 0x1680 || character == 0x2028 || character == 0x2029 ||
         character == 0x202f || character == 0x205f || character == 0x3000 || character == 0xfeff;
}
