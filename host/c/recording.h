/*
 * The lines of a recording (docs/recording.md): written from records, read into the words of a call. Shared by whoever
 * records and whoever replays.
 */
#ifndef RINGLET_RECORDING_H
#define RINGLET_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ringlet.h"

#define RECORDING_FORMAT "ringlet-recording 1"
#define RECORDING_PAGE 4096u
#define RECORDING_MOST_TEXTS 3
#define RECORDING_MOST_NUMBERS 4

/** Text that is written from left to right: what finds no room is left out, and `is_full` says so. */
struct lines {
  char *bytes;
  size_t size;
  size_t room;
  /** `bytes` is of malloc and may be made larger. */
  bool grows;
  bool is_full;
};

/** The arguments of a call: numbers, pieces of input, and the time, each in its order. */
struct call_words {
  uint32_t numbers[RECORDING_MOST_NUMBERS];
  ringlet_text texts[RECORDING_MOST_TEXTS];
  double now;
};

/** One call of the ABI that changes something. */
struct recorded_call {
  const char *name;
  /** Its parameters in order: n a number, p a piece of input, t the time. */
  const char *kinds;
  int32_t (*make)(struct ringlet *phone, const struct call_words *words);
};

/** Every call that changes something, with the kinds of its parameters. */
#define RECORDED_CALLS(X) \
  X(init, "p")            \
  X(seed, "p")            \
  X(provision, "pn")      \
  X(boot, "pp")           \
  X(start, "t")           \
  X(flow_opened, "npnpnpt") \
  X(accepted, "npnpnpt")  \
  X(flow_closed, "nt")    \
  X(receive, "npnpt")     \
  X(send_failed, "npnt")  \
  X(resolved, "npt")      \
  X(tick, "t")            \
  X(end_due, "t")         \
  X(survived, "nt")       \
  X(call, "npt")          \
  X(answer, "nt")         \
  X(reject, "nnt")        \
  X(hangup, "nt")         \
  X(hold, "nt")           \
  X(resume, "nt")         \
  X(transfer, "npt")      \
  X(transfer_to, "nnt")   \
  X(conference, "nnt")    \
  X(dtmf, "npt") \
  X(media, "npnt") \
  X(subscribe, "nppt")    \
  X(unsubscribe, "nt")    \
  X(message, "nppt")      \
  X(register, "nt")       \
  X(unregister, "nt")     \
  X(list, "t")            \
  X(stop, "t")            \
  X(set, "ppt")           \
  X(get, "p")             \
  X(export, "")           \
  X(judge, "p")

enum recorded_number {
#define X(name, kinds) RECORDED_##name,
  RECORDED_CALLS(X)
#undef X
  RECORDED_COUNT
};

/** By their numbers. */
extern const struct recorded_call recorded_calls[RECORDED_COUNT];

/** The call of that name, `size` bytes of it; NULL when there is none. */
const struct recorded_call *recording_call(const char *name, size_t size);

void lines_bytes(struct lines *to, const char *bytes, size_t size);
void lines_text(struct lines *to, const char *text);
/** printf, for less than 64 bytes. */
void lines_format(struct lines *to, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 2, 3)))
#endif
    ;
/** In quotes, with escapes. */
void lines_quoted(struct lines *to, const void *bytes, size_t size);
/** @ and the shortest decimal that gives the same double. */
void lines_time(struct lines *to, double time);

/** in NAME ..., with its LF. */
void lines_call(struct lines *to, const struct recorded_call *call, const struct call_words *words);
/** = RESULT, with its LF. */
void lines_result(struct lines *to, int32_t result);
/**
 * out KIND ..., without its LF, of a record other than Send; of a Send all but its bytes and the blank before them. False for
 * a kind that is not known: then nothing is written.
 */
bool lines_record(struct lines *to, struct ringlet *phone, const struct ringlet_record *record);

/**
 * Reads the words of `line` behind `from` as `kinds` wants them; texts are written to `room`, which has as many bytes as the line.
 * NULL when it is done, else why it can't be.
 */
const char *recording_read_words(const char *line, size_t size, size_t from, const char *kinds, char *room,
                       struct call_words *words);

/** A text in quotes at `*at`, which is moved behind it: its bytes go to `to`. -1 when it is damaged. */
long recording_read_quoted(const char *line, size_t size, size_t *at, char *to);

#endif
