// One phone: the shipped module as C (wasm2c), with everything it says looked at.
//
// What must never happen ends the program: `finding` prints what it was and aborts, which is what
// libFuzzer takes for a crash.

#ifndef PHONE_H
#define PHONE_H

#include <stddef.h>
#include <stdint.h>
#include "ringlet.h"

/** Where the fuzzer's inputs begin; each is built from another one, in phone.c. */
enum Life {
  /** After sip_init: takes configuration files. */
  INITIALISED,
  /** Started, one socket, nothing going on. */
  IDLE,
  /** The peer calls, and nobody has answered yet. */
  RINGING,
  /** The peer called, with a session timer that we refresh. */
  UP_CALLED,
  /** An INVITE left, nothing came back. */
  CALLING,
  /** A 180 with a tag came back. */
  EARLY,
  /** We called, with a session timer that we refresh. */
  UP_CALLING,
  /** Our UPDATE of the refresh waits for its answer. */
  REFRESHING,
  /** Our re-INVITE of the hold waits for its answer. */
  HOLDING,
  /** Our BYE waits for its answer. */
  ENDING,
  /** A call waits for the name of its peer to be looked up. */
  ASKING,
  /** A connection came in. */
  CONNECTED,
  /** Another phone, whose account has the peer as its server: its REGISTER waits for the answer. */
  REGISTERING,
  /** It is registered: the peer may command it. */
  REGISTERED,
  /** It has subscribed at the peer to its messages, to somebody's calls, to its own registration. */
  MAILBOX,
  LAMP,
  BINDINGS,
  /** It has a call through the server, which rings reliably there. */
  SERVED,
  /** The peer steers it by uaCSTA, and watches it. */
  STEERED,
  LIVES,
};

/** Makes every life once. */
void makeLives(void);

/** Puts the phone back to where that life began: linear memory, globals, clock, all. */
void begin(enum Life life);

// ---- what the fuzzer does; each call is followed by a drain that is checked ----

/** What sip_receive and sip_judge get; answers the blocks that were executed. */
uint64_t receive(const uint8_t* bytes, size_t size);
/** Bytes of the connection, cut anywhere. */
void receiveChunk(const uint8_t* bytes, size_t size);
uint64_t judge(const uint8_t* bytes, size_t size);

void provision(const uint8_t* bytes, size_t size);
void boot(const uint8_t* bytes, size_t size);
void set(const uint8_t* bytes, size_t size);
void start(void);

/** The answer to the question that was asked last. */
void resolved(const uint8_t* bytes, size_t size);
/** Goes to the next deadline and ticks there; false when there is none. */
int tickOnce(void);
void passTime(double ms);
/** One letter says what the user, the network or the clock does; the rest belongs to it. */
void command(const uint8_t* bytes, size_t size);
/** Takes the call that rings. */
void answer(void);
/** Hangs up everything; whatever came before, the phone must come to rest. */
void comeToRest(void);

/**
 * Writes the input with what only the phone knows in place of seven control characters: 01 our tag, 02 the
 * Call-ID, 03 the branch of the last request that we sent, 04 its CSeq number, 05 a new CSeq number of
 * the peer, 06 a number for a new branch, 07 our newest RSeq. Answers the size, at most `most`.
 */
size_t fillIn(const uint8_t* bytes, size_t size, uint8_t* to, size_t most);

// ---- what it cost ----

/** Executed basic blocks of the message that came nearest to its limit, that limit, and its size. */
extern uint64_t mostBlocks;
extern uint64_t mostBlocksLimit;
extern size_t mostBlocksSize;

/** Whether everything that passes is printed. */
extern int isTold;

_Noreturn void finding(const char* what, ...);

#endif
