/*
 * The undo log: what a call into the module overwrites, kept line by line before the first write to each line.
 *
 * A line is 256 bytes. One byte for each line (`marks`) says whether its old content is kept already; the module's
 * stores look at it (wasm2c-stores.h). What costs time is therefore what a call changes, not how large memory is.
 *
 * A store of up to 8 bytes may cross into the next line. So the 7 bytes behind a line are kept with it, and lines are
 * put back in reverse: whichever of the two was kept first, and so has the older bytes, is written last.
 */
#ifndef RINGLET_UNDO_H
#define RINGLET_UNDO_H

#include <stdbool.h>
#include <stdint.h>

#define UNDO_SHIFT 8
#define UNDO_LINE (1u << UNDO_SHIFT)
#define UNDO_KEPT (UNDO_LINE + 8)
/** Of the machine. Memory that was never written is zero and not resident, and is to stay so. */
#define UNDO_PAGE 4096u

struct undo {
  uint8_t *marks; /* 0: to be kept before it is written; 1: kept, or nothing is kept at all */
  uint32_t lines;
  bool is_on;
  uint32_t count;   /* of the lines that are kept */
  uint32_t *places; /* their numbers; room for all lines, which is not touched before it is used */
  uint8_t *kept;    /* UNDO_KEPT bytes each */
};

/** Marks and room for memory of `size` bytes; also when it has grown. False when there is no memory. */
bool undo_resize(struct undo *undo, uint32_t size);

/** What was kept is forgotten; from now on changes are kept, or not. False when there is no memory. */
bool undo_begin(struct undo *undo, bool is_on);

/** Keeps a line, which must not be kept yet. */
void undo_keep(struct undo *undo, const uint8_t *memory, uint32_t size, uint32_t line);

/** Keeps what is to be kept of these bytes. */
void undo_keep_range(struct undo *undo, const uint8_t *memory, uint32_t size, uint32_t offset, uint32_t count);

/** Everything as it was at undo_begin. */
void undo_all(struct undo *undo, uint8_t *memory, uint32_t size);

/** Forgets what was kept, and gives back the memory that it took. False when there is none for the next. */
bool undo_renew(struct undo *undo);

void undo_free(struct undo *undo);

/** Whether these bytes, which lie in one page, are zeros. */
bool undo_is_zero(const uint8_t *bytes, uint32_t count);

#endif
