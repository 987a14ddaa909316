#include "state-file.h"

#include "../media-keys.h"
#include "failure.h"
#include "file.h"


#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <mbedtls/sha256.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VERSION "ringlet-state 1"

enum {
  PAGE_BYTES = 4096,
  KEY_BYTES = 40,
  RUN_BYTES = 4 + PAGE_BYTES,
  GLOBAL_BYTES = 8,
  MEMORY_UNIT = 65536,
  // What the host gave last: nobody reads it between two calls.
  WINDOW_BYTES = 66 * 1024,
  SUM_BYTES = 32,
  // Only whoever runs the phone may read it.
  MODE = 0600,
};

static const char damaged[] = "it is damaged";

static void show_sum(const unsigned char sum[SUM_BYTES], char text[HASH_BYTES]) {
  for (int i = 0; i < SUM_BYTES; i++) sprintf(text + 2 * i, "%02x", sum[i]);
}

// ---- pages as they are written ----

struct pages {
  const uint8_t* memory;
  uint32_t size;
  struct secret_places places;
  uint8_t shown[PAGE_BYTES];
};

static bool is_zero(const uint8_t* bytes) {
  static const uint8_t zeros[PAGE_BYTES];
  return memcmp(bytes, zeros, PAGE_BYTES) == 0;
}

static void hide(struct pages* pages, uint32_t offset, const struct secret_place* place) {
  uint32_t from = place->offset > offset ? place->offset : offset;
  uint32_t end = place->offset + place->length;
  if (end > offset + PAGE_BYTES) end = offset + PAGE_BYTES;
  if (from < end) memset(pages->shown + (from - offset), '*', end - from);
}

// Keys of media, none of them longer than that many bytes, that stand in the page or begin before it.
static void hide_keys(struct pages* pages, uint32_t offset) {
  size_t length = 0;
  size_t end = offset + PAGE_BYTES;
  for (size_t at = offset > KEY_BYTES ? offset - KEY_BYTES : 0;; at += length) {
    at = media_keys_next(pages->memory, end, at, &length);
    if (at == end) return;
    size_t from = at > offset ? at : offset;
    if (from < at + length) memset(pages->shown + (from - offset), '*', at + length - from);
  }
}

// NULL for a page of zeros.
static const uint8_t* page_at(struct pages* pages, uint32_t offset) {
  uint32_t used = pages->size - WINDOW_BYTES;
  if (offset >= used || is_zero(pages->memory + offset)) return NULL;
  memcpy(pages->shown, pages->memory + offset, PAGE_BYTES);
  if (used - offset < PAGE_BYTES) memset(pages->shown + (used - offset), 0, PAGE_BYTES - (used - offset));
  for (size_t i = 0; i < pages->places.count; i++) hide(pages, offset, &pages->places.at[i]);
  hide_keys(pages, offset);
  return is_zero(pages->shown) ? NULL : pages->shown;
}

static uint32_t count_pages(struct pages* pages) {
  uint32_t count = 0;
  for (uint32_t at = 0; at < pages->size; at += PAGE_BYTES) count += page_at(pages, at) != NULL;
  return count;
}

// ---- writing ----

// What leaves in large parts, and is summed up.
struct sink {
  int fd;
  int error;
  mbedtls_sha256_context sum;
  size_t size;
  uint8_t bytes[32768];
};

static void flush(struct sink* sink) {
  for (size_t at = 0; at < sink->size && sink->error == 0;) {
    ssize_t done = write(sink->fd, sink->bytes + at, sink->size - at);
    if (done >= 0) at += (size_t)done;
    else if (errno != EINTR) sink->error = errno;
  }
  sink->size = 0;
}

static void put(struct sink* sink, const void* bytes, size_t size) {
  if (sink->size + size > sizeof sink->bytes) flush(sink);
  memcpy(sink->bytes + sink->size, bytes, size);
  sink->size += size;
}

static void put_summed(struct sink* sink, const void* bytes, size_t size) {
  mbedtls_sha256_update_ret(&sink->sum, bytes, size);
  put(sink, bytes, size);
}

__attribute__((format(printf, 2, 3))) static void put_line(struct sink* sink, const char* format, ...) {
  char line[512];
  va_list values;
  va_start(values, format);
  int size = vsnprintf(line, sizeof line, format, values);
  va_end(values);
  if (size > 0 && (size_t)size < sizeof line) put_summed(sink, line, (size_t)size);
}

// Answers where the line of the sum is, which is known at the end.
static off_t put_head(struct sink* sink, const struct state_terms* terms, struct pages* pages, uint32_t globals) {
  put_line(sink, VERSION "\nmodule %s\nsettings %s\n", terms->module, terms->settings);
  put_line(sink, "wall %.3f\nboot %s\nclock %.3f\nnow %.6f\n", terms->wall, terms->boot, terms->clock, terms->now);
  put_line(sink, "memory %u\nglobals %u\nsecrets %zu\n", pages->size, globals, pages->places.count);
  for (size_t i = 0; i < pages->places.count; i++) {
    const struct secret_place* place = &pages->places.at[i];
    put_line(sink, "%u %u %s\n", place->offset, place->length, place->key);
  }
  put_line(sink, "size %zu\n", (size_t)globals * GLOBAL_BYTES + (size_t)count_pages(pages) * RUN_BYTES);
  flush(sink);
  off_t at = lseek(sink->fd, 0, SEEK_CUR);
  char sum[HASH_BYTES + 16];
  snprintf(sum, sizeof sum, "sha256 %064d\n\n", 0);
  put(sink, sum, strlen(sum));
  return at;
}

static void little_endian(uint8_t* to, uint64_t value, int size) {
  for (int i = 0; i < size; i++) to[i] = (uint8_t)(value >> 8 * i);
}

static void put_body(struct sink* sink, struct pages* pages, struct ringlet* module) {
  uint8_t number[GLOBAL_BYTES];
  for (uint32_t i = 0; i < ringlet_globals(module); i++) {
    little_endian(number, (uint64_t)ringlet_global(module, i), GLOBAL_BYTES);
    put_summed(sink, number, GLOBAL_BYTES);
  }
  for (uint32_t at = 0; at < pages->size; at += PAGE_BYTES) {
    const uint8_t* page = page_at(pages, at);
    if (!page) continue;
    little_endian(number, at / PAGE_BYTES, 4);
    put_summed(sink, number, 4);
    put_summed(sink, page, PAGE_BYTES);
  }
  flush(sink);
}

static void put_sum(struct sink* sink, off_t at) {
  unsigned char sum[SUM_BYTES];
  char text[HASH_BYTES];
  mbedtls_sha256_finish_ret(&sink->sum, sum);
  show_sum(sum, text);
  if (sink->error == 0 && pwrite(sink->fd, text, HASH_BYTES - 1, at + (off_t)strlen("sha256 ")) != HASH_BYTES - 1)
    sink->error = errno;
}

static int write_all(int fd, const struct state_terms* terms, struct ringlet* module) {
  static struct sink sink;
  static struct pages pages;
  sink.fd = fd;
  sink.error = 0;
  sink.size = 0;
  pages.memory = ringlet_memory(module, &pages.size);
  if (!secrets_places(&pages.places, pages.memory, pages.size - WINDOW_BYTES)) return ENOMEM;
  mbedtls_sha256_init(&sink.sum);
  mbedtls_sha256_starts_ret(&sink.sum, 0);
  off_t at = put_head(&sink, terms, &pages, ringlet_globals(module));
  put_body(&sink, &pages, module);
  put_sum(&sink, at);
  mbedtls_sha256_free(&sink.sum);
  if (sink.error == 0 && fsync(fd) != 0) sink.error = errno;
  return sink.error;
}

bool state_file_write(const char* file, const struct state_terms* terms, struct ringlet* module, char* why, size_t size) {
  char path[FILE_PATH_BYTES];
  bool is_short = snprintf(path, sizeof path, "%s.tmp", file) < FILE_PATH_BYTES;
  int fd = is_short ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, MODE) : -1;
  int error = fd < 0 ? is_short ? errno : ENAMETOOLONG : fchmod(fd, MODE) != 0 ? errno : write_all(fd, terms, module);
  if (fd >= 0 && close(fd) != 0 && error == 0) error = errno;
  if (error == 0 && rename(path, file) != 0) error = errno;
  if (error != 0) failure_of_file(why, size, error, path);
  return error == 0;
}

// ---- reading ----

// The lines before the body, one after the other.
struct head {
  const uint8_t* whole;
  size_t size;
  size_t at;
};

// A copy of the next line, without its LF; false when there is none, or it is too long.
static bool next_line(struct head* head, char* line, size_t room) {
  const uint8_t* from = head->whole + head->at;
  const uint8_t* end = head->at < head->size ? memchr(from, '\n', head->size - head->at) : NULL;
  if (!end || (size_t)(end - from) >= room || memchr(from, 0, (size_t)(end - from))) return false;
  memcpy(line, from, (size_t)(end - from));
  line[end - from] = '\0';
  head->at += (size_t)(end - from) + 1;
  return true;
}

// The word of the line `name word`.
static bool word(struct head* head, const char* name, char* text, size_t room) {
  char line[256];
  size_t size = strlen(name);
  if (!next_line(head, line, sizeof line) || strncmp(line, name, size) != 0 || line[size] != ' ') return false;
  return (size_t)snprintf(text, room, "%s", line + size + 1) < room;
}

static bool number(struct head* head, const char* name, double* value) {
  char text[64];
  char* end;
  if (!word(head, name, text, sizeof text) || *text == '\0') return false;
  *value = strtod(text, &end);
  return *end == '\0' && isfinite(*value) && *value >= 0;
}

static bool count(struct head* head, const char* name, size_t* value) {
  double read;
  if (!number(head, name, &read) || read > INT32_MAX || read != floor(read)) return false;
  *value = (size_t)read;
  return true;
}

static bool read_place(struct head* head, struct secret_place* place, size_t memory) {
  char line[128];
  unsigned long offset, length;
  if (!next_line(head, line, sizeof line)) return false;
  if (sscanf(line, "%lu %lu %63s", &offset, &length, place->key) != 3) return false;
  if (length == 0 || offset > memory || length > memory - offset) return false;
  place->offset = (uint32_t)offset;
  place->length = (uint32_t)length;
  return true;
}

static bool read_places(struct head* head, struct secret_places* places, size_t memory) {
  size_t wanted;
  // Each has a line of its own.
  if (!count(head, "secrets", &wanted) || wanted > head->size) return false;
  places->at = calloc(wanted + 1, sizeof *places->at);
  for (; places->at && places->count < wanted; places->count++)
    if (!read_place(head, &places->at[places->count], memory)) return false;
  return places->at != NULL;
}

static bool is_sum_right(const struct head* head, size_t summed, const char* wanted) {
  unsigned char sum[SUM_BYTES];
  char text[HASH_BYTES];
  mbedtls_sha256_context context;
  mbedtls_sha256_init(&context);
  mbedtls_sha256_starts_ret(&context, 0);
  mbedtls_sha256_update_ret(&context, head->whole, summed);
  mbedtls_sha256_update_ret(&context, head->whole + head->at, head->size - head->at);
  mbedtls_sha256_finish_ret(&context, sum);
  mbedtls_sha256_free(&context);
  show_sum(sum, text);
  return strcmp(text, wanted) == 0;
}

static bool read_runs(struct saved_state* saved, const uint8_t* runs, size_t size, size_t memory) {
  if (size % RUN_BYTES != 0) return false;
  for (const uint8_t* at = runs; at < runs + size; at += RUN_BYTES) {
    size_t page = (size_t)at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24;
    if (page >= memory / PAGE_BYTES) return false;
    memcpy(saved->image + saved->globals_size + page * PAGE_BYTES, at + 4, PAGE_BYTES);
  }
  return true;
}

static bool read_body(struct saved_state* saved, const uint8_t* body, size_t size, size_t memory) {
  if (size < saved->globals_size || memory % MEMORY_UNIT != 0) return false;
  saved->image_size = saved->globals_size + memory;
  saved->image = calloc(1, saved->image_size);
  if (!saved->image) return false;
  // A global is the same there and here: 8 bytes, little endian, as the machine has them.
  memcpy(saved->image, body, saved->globals_size);
  return read_runs(saved, body + saved->globals_size, size - saved->globals_size, memory);
}

const char* state_file_read(const uint8_t* whole, size_t size, struct saved_state* saved) {
  struct head head = {whole, size, 0};
  struct state_terms* terms = &saved->terms;
  char line[HASH_BYTES + 1];
  size_t memory, globals, body;
  *saved = (struct saved_state){.image = NULL};
  if (!memchr(whole, '\n', size)) return damaged;
  if (!next_line(&head, line, sizeof line) || strcmp(line, VERSION) != 0)
    return "it is of another version, or no state file";
  bool is_read = word(&head, "module", terms->module, HASH_BYTES) && word(&head, "settings", terms->settings, HASH_BYTES) &&
                 number(&head, "wall", &terms->wall) && word(&head, "boot", terms->boot, BOOT_BYTES) &&
                 number(&head, "clock", &terms->clock) && number(&head, "now", &terms->now) &&
                 count(&head, "memory", &memory) && count(&head, "globals", &globals) &&
                 read_places(&head, &saved->places, memory) && count(&head, "size", &body);
  if (!is_read) return damaged;
  size_t summed = head.at;
  char sum[HASH_BYTES];
  if (!word(&head, "sha256", sum, HASH_BYTES) || !next_line(&head, line, sizeof line) || *line) return damaged;
  if (size - head.at != body || !is_sum_right(&head, summed, sum)) return damaged;
  saved->globals_size = globals * GLOBAL_BYTES;
  return read_body(saved, whole + head.at, body, memory) ? NULL : damaged;
}

void state_file_free(struct saved_state* saved) {
  free(saved->places.at);
  free(saved->image);
}
