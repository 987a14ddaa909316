#include "out.h"

#include "utf8.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char held[2048];
static size_t held_size;
static bool is_lost;

// Waits where the reader is slow, even if somebody made the descriptor not wait.
static void write_all(const char* bytes, size_t size) {
  while (size > 0 && !is_lost) {
    ssize_t written = write(STDOUT_FILENO, bytes, size);
    if (written >= 0) {
      bytes += written;
      size -= (size_t)written;
    } else if (errno == EAGAIN) {
      struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};
      poll(&output, 1, -1);
    } else if (errno != EINTR) {
      is_lost = true;
    }
  }
}

void out_flush(void) {
  if (held_size > 0) write_all(held, held_size);
  held_size = 0;
}

void out_bytes(const void* bytes, size_t size) {
  if (size > sizeof held - held_size) out_flush();
  if (size > sizeof held) return write_all(bytes, size);
  if (size > 0) memcpy(held + held_size, bytes, size);
  held_size += size;
}

void out_text(const char* text) { out_bytes(text, strlen(text)); }

void out_number(int64_t number) {
  char text[24];
  out_bytes(text, (size_t)snprintf(text, sizeof text, "%lld", (long long)number));
}

void out_end(void) { out_bytes("\n", 1); }

bool out_is_lost(void) { return is_lost; }

// ---- text of others ----

// How a character is shown that can't pass as it is; 0 for one that can.
typedef size_t escape(uint32_t character, char* shown);

static size_t no_escape(uint32_t character, char* shown) {
  (void)character;
  (void)shown;
  return 0;
}

static size_t escape_json(uint32_t character, char* shown) {
  static const char plain[] = "\b\t\n\f\r\"\\";
  static const char letters[] = "btnfr\"\\";
  const char* found = character > 0 && character < 128 ? strchr(plain, (int)character) : NULL;
  if (found) return (size_t)sprintf(shown, "\\%c", letters[found - plain]);
  return character < ' ' ? (size_t)sprintf(shown, "\\u%04x", character) : 0;
}

static size_t escape_control(uint32_t character, char* shown) {
  if (character == '\t' || !utf8_is_control(character)) return 0;
  return (size_t)sprintf(shown, "\\x%02x", character);
}

static void out_escaped(const void* text, size_t size, escape* escaped) {
  const uint8_t* at = text;
  const uint8_t* end = at + size;
  while (at < end) {
    const uint8_t* from = at;
    char shown[8];
    uint32_t character = utf8_next(&at, end);
    size_t length = escaped(character, shown);
    if (length > 0) {
      out_bytes(shown, length);
    } else if (character == UTF8_BROKEN) {
      out_text("\xef\xbf\xbd");
    } else {
      out_bytes(from, (size_t)(at - from));
    }
  }
}

void out_utf8(const void* text, size_t size) { out_escaped(text, size, no_escape); }

void out_json(const void* text, size_t size) {
  out_text("\"");
  out_escaped(text, size, escape_json);
  out_text("\"");
}

void out_json_text(const char* text) { out_json(text, strlen(text)); }

void out_printable(const void* text, size_t size) { out_escaped(text, size, escape_control); }

static bool is_word(const void* text, size_t size) {
  const uint8_t* at = text;
  const uint8_t* end = at + size;
  while (at < end) {
    uint32_t character = utf8_next(&at, end);
    bool is_apart = character == '"' || character == '=' || utf8_is_space(character);
    if (is_apart || utf8_is_control(character)) return false;
  }
  return size > 0;
}

void out_word(const void* text, size_t size) {
  if (is_word(text, size)) {
    out_utf8(text, size);
  } else {
    out_json(text, size);
  }
}

// ---- standard error ----

void complain(const char* format, ...) {
  va_list values;
  va_start(values, format);
  out_flush();
  fputs("ringlet: ", stderr);
  vfprintf(stderr, format, values);
  fputc('\n', stderr);
  va_end(values);
}
