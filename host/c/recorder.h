/*
 * A recording as it is made: what went into a phone and what it said, as lines of text (docs/recording.md).
 *
 * It keeps two segments, each in a buffer of its own that is made once. The first begins with the life of the phone, every
 * later one with a snapshot; when a new one begins the one before the last is forgotten. Whoever records makes every call
 * between recorder_calling and recorder_drained. With NULL as the recorder nothing is recorded.
 */
#ifndef RINGLET_RECORDER_H
#define RINGLET_RECORDER_H

#include <stdbool.h>
#include <stdio.h>

#include "recording.h"
#include "ringlet.h"

struct recorder;

/** Begins now, with a phone that nothing has been called of and its module's hash. NULL when there is no memory. */
struct recorder *recorder_open(struct ringlet *phone, const char *hash);
void recorder_close(struct recorder *recorder);

/** Words for people, at the head of every file. */
void recorder_note(struct recorder *recorder, const char *words);

/** Before the call: its texts are copied without their secrets. */
void recorder_calling(struct recorder *recorder, const struct recorded_call *call, const struct call_words *words);
void recorder_answered(struct recorder *recorder, int32_t result);

/** A record was polled: before anything is done with it. */
void recorder_said(struct recorder *recorder, const struct ringlet_record *record);

/**
 * Everything is polled. True: this segment is full. Then entropy is to be mixed in (a call of ringlet_seed, recorded too), so
 * that a file tells nothing about names drawn behind it, and recorder_cut is to follow.
 */
bool recorder_drained(struct recorder *recorder);

/** The next segment begins here, with a snapshot. */
void recorder_cut(struct recorder *recorder);

/** A whole state was put into the phone: what was recorded before does not lead there. Behind fresh entropy. */
void recorder_adopted(struct recorder *recorder);

/** Writes the file as it is now; the recording goes on. Fresh entropy is to be mixed in behind it. False: it could not be written. */
bool recorder_write(struct recorder *recorder, FILE *file);

#endif
