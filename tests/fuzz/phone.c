// The phone of phone.h: states that are saved and put back, and checks of every record.

#include "phone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

// A message may cost this many executed blocks, and this many for each of its bytes (docs/testing.md).
#define BLOCKS_PER_MESSAGE 25000
// Of a message that gets more than a refusal; so many may stand in one chunk of a stream.
#define LEAST_MESSAGE 32
#define BLOCKS_PER_BYTE 30
// Commands and ticks go through what was kept of earlier messages; a tick fires what is due until the output is full.
#define BLOCKS_PER_COMMAND 100000
// Configuration files: 256 KiB are allowed, and each line is looked up among the keys.
#define BLOCKS_PER_SETTING_BYTE 500

#define MOST_TEXT 128
#define MOST_MESSAGE 65535
/** Longer than any transaction lives; more ticks than a full phone needs to come to rest. */
#define MOST_TICKS 2000

#define SIP(name) Z_ringletZ_sip_##name

/** What the peer knows from the messages of the phone. */
struct Seen {
  char tag[MOST_TEXT];
  char callId[MOST_TEXT];
  char branch[MOST_TEXT];
  char cseq[MOST_TEXT];
  char rseq[MOST_TEXT];
  unsigned peerCSeq;
  unsigned peerBranch;
};

/** Everything that changes, so that it can be put back. */
struct Moment {
  double now;
  double deadline;
  uint32_t flow;
  /** The listening flow of TCP, and the connection that came in on it; 0 for none. */
  uint32_t listener;
  uint32_t stream;
  uint32_t query;
  int isStopped;
  /** Bytes that it was given so far. */
  size_t given;
  struct Seen seen;
};

struct Saved {
  Z_ringlet_instance_t globals;
  uint8_t* memory;
  uint32_t size;
  struct Moment moment;
};

static Z_ringlet_instance_t sip;
static struct Moment is;
static struct Saved lives[LIVES];

// ---- findings ----

_Noreturn void finding(const char* what, ...) {
  va_list words;
  va_start(words, what);
  fprintf(stderr, "\nFINDING: ");
  vfprintf(stderr, what, words);
  fprintf(stderr, "\n");
  va_end(words);
  abort();
}

/** Instead of a jump back: whoever looks at the stack sees where it was. */
void onTrap(wasm_rt_trap_t trap) {
  finding("trap: %s", wasm_rt_strerror(trap));
}

// ---- telling ----

int isTold;

/** Text as it is, and every other byte as \xAB. */
static void show(const char* what, const uint8_t* bytes, size_t size) {
  fprintf(stderr, "---- %s at %.0f ms\n", what, is.now);
  for (size_t i = 0; i < size && i < 4000; i++)
    fprintf(stderr, bytes[i] == '\n' || (bytes[i] >= ' ' && bytes[i] < 127) ? "%c" : "\\x%02x", bytes[i]);
  fprintf(stderr, "\n");
}

static void tell(const char* what, const uint8_t* bytes, size_t size) {
  if (isTold) show(what, bytes, size);
}

// ---- blocks ----

static uint64_t blocks;
static uint64_t limit = UINT64_MAX;
uint64_t mostBlocks;
uint64_t mostBlocksLimit = 1;
size_t mostBlocksSize;

/** Stands where the compiler calls __sanitizer_cov_trace_pc: once for each block of the module. */
void __wrap___sanitizer_cov_trace_pc(void) {
  if (++blocks == limit) finding("more than %llu executed blocks", (unsigned long long)limit - 1);
}

static void allow(uint64_t most) {
  blocks = 0;
  limit = most + 1;
}

static void allowCommand(size_t size) {
  is.given += size;
  allow(BLOCKS_PER_COMMAND + BLOCKS_PER_BYTE * is.given);
}

static uint64_t noteCost(size_t size) {
  const uint64_t cost = blocks;
  const uint64_t allowed = limit - 1;
  limit = UINT64_MAX;
  if (cost * mostBlocksLimit > mostBlocks * allowed) {
    mostBlocks = cost;
    mostBlocksLimit = allowed;
    mostBlocksSize = size;
  }
  return cost;
}

// ---- linear memory ----

static uint8_t* memoryAt(uint32_t offset, uint32_t size, const char* what) {
  if ((uint64_t)offset + size > sip.w2c_memory.size) finding("%s lies outside of memory", what);
  return sip.w2c_memory.data + offset;
}

static uint32_t wordAt(uint32_t offset) {
  uint32_t word;
  memcpy(&word, memoryAt(offset, 4, "a word of a record"), 4);
  return word;
}

/** Puts pieces into the window, one behind the other: the last byte of the last is the last of memory. */
static int hand(const void* a, size_t aSize, const void* b, size_t bSize) {
  const int32_t at = (int32_t)SIP(input)(&sip, (uint32_t)(aSize + bSize));
  if (at < 0) return 0;
  if ((uint64_t)at + aSize + bSize != sip.w2c_memory.size) finding("the window does not end where memory ends");
  if (aSize) memcpy(sip.w2c_memory.data + at, a, aSize);
  if (bSize) memcpy(sip.w2c_memory.data + at + aSize, b, bSize);
  return 1;
}

// ---- what it says: messages ----

static int startsWith(const uint8_t* bytes, size_t size, const char* text) {
  const size_t n = strlen(text);
  return size >= n && memcmp(bytes, text, n) == 0;
}

/** The value of the first header of that name, as it is written by us; size 0 for none. */
static const uint8_t* headerOf(const uint8_t* head, size_t size, const char* name, size_t* found) {
  const uint8_t* end = head + size;
  for (const uint8_t* line = head; line < end;) {
    const uint8_t* stop = memchr(line, '\r', end - line);
    if (!stop) stop = end;
    const size_t length = stop - line;
    if (startsWith(line, length, name) && length > strlen(name) && line[strlen(name)] == ':') {
      const size_t skip = strlen(name) + 2;
      *found = length > skip ? length - skip : 0;
      return line + skip;
    }
    line = stop + 2;
  }
  *found = 0;
  return head;
}

/** Copies until one of the characters of `stops`. */
static void copyUntil(char* to, const uint8_t* from, size_t size, const char* stops) {
  size_t n = 0;
  while (n < size && n < MOST_TEXT - 1 && !strchr(stops, from[n])) n++;
  memcpy(to, from, n);
  to[n] = 0;
}

static void copyParameter(char* to, const uint8_t* value, size_t size, const char* name) {
  const size_t n = strlen(name);
  for (size_t i = 0; i + n < size; i++) {
    if (memcmp(value + i, name, n) == 0) return copyUntil(to, value + i + n, size - i - n, ";, \r");
  }
}

static void noteSeen(const uint8_t* head, size_t size) {
  const int isResponse = startsWith(head, size, "SIP/2.0 ");
  size_t n;
  const uint8_t* value = headerOf(head, size, isResponse ? "To" : "From", &n);
  copyParameter(is.seen.tag, value, n, ";tag=");
  value = headerOf(head, size, "Call-ID", &n);
  copyUntil(is.seen.callId, value, n, "\r");
  value = headerOf(head, size, "RSeq", &n);
  if (n) copyUntil(is.seen.rseq, value, n, "\r");
  if (isResponse) return;
  value = headerOf(head, size, "Via", &n);
  copyParameter(is.seen.branch, value, n, ";branch=");
  value = headerOf(head, size, "CSeq", &n);
  copyUntil(is.seen.cseq, value, n, " ");
}

static _Noreturn void badMessage(const uint8_t* bytes, size_t size, const char* what) {
  if (!isTold) show("sent", bytes, size);
  finding("a message was sent with %s", what);
}

/** Where the head of a message ends, its blank line included. */
static size_t headSize(const uint8_t* bytes, size_t size) {
  for (size_t i = 0; i + 4 <= size; i++) {
    if (memcmp(bytes + i, "\r\n\r\n", 4) == 0) return i + 4;
  }
  badMessage(bytes, size, "no blank line");
}

/** Whatever the peer put in: what we send has whole lines, and a body as long as it says. */
static void checkMessage(const uint8_t* bytes, size_t size) {
  const size_t head = headSize(bytes, size);
  for (size_t i = 0; i < head; i++) {
    // A quoted pair may be any character but CR and LF (RFC 3261 §25.1); what the peer quoted comes back.
    if (bytes[i] == 0 && (i == 0 || bytes[i - 1] != '\\')) badMessage(bytes, size, "a NUL in its head");
    if (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r')) badMessage(bytes, size, "a bare LF");
    if (bytes[i] == '\r' && bytes[i + 1] != '\n') badMessage(bytes, size, "a bare CR");
  }
  size_t n;
  const uint8_t* value = headerOf(bytes, head, "Content-Length", &n);
  if (n == 0 || strtoul((const char*)value, NULL, 10) != size - head) badMessage(bytes, size, "a wrong Content-Length");
  noteSeen(bytes, head);
}

// ---- what it says: judged by itself ----

#define MOST_SENT 8

/** The first requests of a drain, until they are judged. */
static struct {
  uint8_t bytes[MOST_MESSAGE];
  size_t size;
} sent[MOST_SENT];
static int sentCount;

/** Only requests: a response repeats the Via of proxies, which nobody but them has to read. */
static void keepSent(const uint8_t* bytes, size_t size) {
  if (sentCount == MOST_SENT || startsWith(bytes, size, "SIP/2.0 ")) return;
  memcpy(sent[sentCount].bytes, bytes, size);
  sent[sentCount++].size = size;
}

/** Our requests are such that we would read them: no word of the peer that we take over may break them. */
static void judgeSent(void) {
  for (int i = 0; i < sentCount; i++) {
    if (!hand(sent[i].bytes, sent[i].size, NULL, 0)) continue;
    SIP(judge)(&sip, (uint32_t)sent[i].size);
    const uint32_t verdict = SIP(poll)(&sip);
    const int32_t status = (int32_t)wordAt(verdict + 8);
    if (status != -1 && status != 400) continue;
    show("verdict", memoryAt(wordAt(verdict + 16), wordAt(verdict + 20), "a reason"), wordAt(verdict + 20));
    badMessage(sent[i].bytes, sent[i].size, "what we would not read ourselves");
  }
}

// ---- what it says: records ----

enum Kind { SEND = 1, LISTEN, OPEN, CLOSE, RESOLVE, EVENT, WAKE, VALUE, VERDICT };

#define EVENT_PHONE_STOPPED 2
#define UDP 1

static const uint8_t* sliceAt(uint32_t at, uint32_t* size, const char* what) {
  *size = wordAt(at + 4);
  return memoryAt(wordAt(at), *size, what);
}

static void mustBe(uint32_t record, uint32_t length, uint32_t expected) {
  if (length != expected) finding("a record of kind %u has %u bytes, not %u", wordAt(record), length, expected);
}

static void checkSend(uint32_t record) {
  uint32_t size;
  sliceAt(record + 12, &size, "the address of a Send");
  if (size == 0) finding("a Send has no address");
  const uint32_t port = wordAt(record + 20);
  if (port == 0 || port > 65535) finding("a Send goes to port %u", port);
  const uint8_t* bytes = sliceAt(record + 24, &size, "the bytes of a Send");
  if (size == 0 || size > MOST_MESSAGE) finding("a Send has %u bytes", size);
  tell("sent", bytes, size);
  // It keeps the way to its server open (account.X.nat.udp_update_enable).
  if (size == 4 && memcmp(bytes, "\r\n\r\n", 4) == 0) return;
  // The answer to a double CRLF of a connection.
  if (size == 2 && memcmp(bytes, "\r\n", 2) == 0 && wordAt(record + 8) == is.stream) return;
  checkMessage(bytes, size);
  keepSent(bytes, size);
}

static void checkEvent(uint32_t record, uint32_t length) {
  uint32_t size;
  const uint8_t* name = sliceAt(record + 12, &size, "the name of an event");
  tell("event", name, size);
  const uint32_t fields = wordAt(record + 28);
  if (fields > 64) finding("an event has %u fields", fields);
  mustBe(record, length, 32 + 20 * fields);
  for (uint32_t i = 0; i < fields; i++) {
    const uint32_t field = record + 32 + 20 * i;
    sliceAt(field, &size, "the name of a field");
    const uint32_t type = wordAt(field + 8);
    if (type > 2) finding("a field has type %u", type);
    if (type >= 1) sliceAt(field + 12, &size, "the text of a field");
  }
  if (wordAt(record + 8) == EVENT_PHONE_STOPPED) is.isStopped = 1;
}

static void checkWake(uint32_t record) {
  memcpy(&is.deadline, memoryAt(record + 8, 8, "a deadline"), 8);
  if (is.deadline != -1 && !(is.deadline >= 0 && is.deadline <= 9007199254740992.0))
    finding("a Wake at %f", is.deadline);
}

static void checkVerdict(uint32_t record, size_t input) {
  uint32_t size;
  const int32_t status = (int32_t)wordAt(record + 8);
  if (status != 0 && status != -1 && (status < 400 || status > 699)) finding("a verdict of %d", status);
  if (wordAt(record + 12) > input) finding("a verdict about octet %d", (int32_t)wordAt(record + 12));
  sliceAt(record + 16, &size, "the reason of a verdict");
}

static void checkRecord(uint32_t record, size_t input) {
  const uint32_t length = wordAt(record + 4);
  uint32_t size;
  switch (wordAt(record)) {
    case SEND:
      mustBe(record, length, 32);
      return checkSend(record);
    case LISTEN:
      mustBe(record, length, 32);
      if (wordAt(record + 12) == UDP) is.flow = wordAt(record + 8);
      else is.listener = wordAt(record + 8);
      return (void)sliceAt(record + 16, &size, "the address of a Listen");
    case OPEN:
      mustBe(record, length, 40);
      sliceAt(record + 16, &size, "the address of an Open");
      return (void)sliceAt(record + 28, &size, "the name of an Open");
    case CLOSE:
      if (wordAt(record + 8) == is.stream) is.stream = 0;
      return mustBe(record, length, 12);
    case RESOLVE:
      mustBe(record, length, 24);
      is.query = wordAt(record + 8);
      return (void)sliceAt(record + 16, &size, "the name of a Resolve");
    case EVENT:
      return checkEvent(record, length);
    case WAKE:
      mustBe(record, length, 16);
      return checkWake(record);
    case VALUE:
      mustBe(record, length, 24);
      sliceAt(record + 8, &size, "a key");
      return (void)sliceAt(record + 16, &size, "a value");
    case VERDICT:
      mustBe(record, length, 24);
      return checkVerdict(record, input);
    default:
      finding("a record of kind %u", wordAt(record));
  }
}

/** Reads out everything that was said: records in order, none inside another, a Wake at the end. */
static void drain(enum Kind last, size_t input) {
  uint32_t past = 0;
  uint32_t kind = 0;
  sentCount = 0;
  for (;;) {
    const uint32_t record = SIP(poll)(&sip);
    if (record == 0) break;
    if (record % 4 != 0 || record < past) finding("the chain of records goes back to %u", record);
    if (kind == WAKE) finding("a record follows the Wake");
    kind = wordAt(record);
    past = record + wordAt(record + 4);
    checkRecord(record, input);
  }
  if (last && kind != last) finding("a call said kind %u last, not %u", kind, last);
  if (sentCount) judgeSent();
}

/** After the start nothing allocates. */
static void noGrowth(uint32_t size) {
  if (sip.w2c_memory.size != size) finding("memory grew from %u to %u bytes", size, sip.w2c_memory.size);
}

// ---- calls ----

#define PEER "192.0.2.20"
#define PEER_PORT 5060
#define PHONE "192.0.2.10"
#define PHONE_PORT 5060

uint64_t receive(const uint8_t* bytes, size_t size) {
  const uint32_t before = sip.w2c_memory.size;
  tell("received", bytes, size);
  if (!hand(PEER, strlen(PEER), bytes, size)) return 0;
  // A request that it provokes hashes the challenges that came before.
  is.given += size;
  allow(BLOCKS_PER_MESSAGE + BLOCKS_PER_BYTE * is.given);
  const uint32_t status = SIP(receive)(&sip, is.flow, strlen(PEER), PEER_PORT, (uint32_t)size, is.now);
  const uint64_t cost = noteCost(size);
  if (status == 0) drain(WAKE, size);
  noGrowth(before);
  return cost;
}

uint64_t judge(const uint8_t* bytes, size_t size) {
  const uint32_t before = sip.w2c_memory.size;
  if (!hand(bytes, size, NULL, 0)) return 0;
  allow(BLOCKS_PER_MESSAGE + BLOCKS_PER_BYTE * size);
  const uint32_t status = SIP(judge)(&sip, (uint32_t)size);
  const uint64_t cost = noteCost(size);
  if (status != 0) finding("sip_judge answers %d", (int32_t)status);
  drain(VERDICT, size);
  noGrowth(before);
  return cost;
}

static void allowSettings(size_t size) {
  allow(BLOCKS_PER_COMMAND + BLOCKS_PER_SETTING_BYTE * size);
}

void provision(const uint8_t* bytes, size_t size) {
  const uint32_t before = sip.w2c_memory.size;
  if (!hand(bytes, size, NULL, 0)) return;
  allowSettings(size);
  SIP(provision)(&sip, (uint32_t)size, 1);
  limit = UINT64_MAX;
  drain(0, size);
  noGrowth(before);
}

void boot(const uint8_t* bytes, size_t size) {
  const char model[] = "T54W";
  const uint32_t before = sip.w2c_memory.size;
  if (!hand(bytes, size, model, strlen(model))) return;
  allowSettings(size);
  if (SIP(boot)(&sip, (uint32_t)size, strlen(model)) == 0) {
    for (uint32_t record; (record = SIP(boot_next)(&sip)) != 0;) checkRecord(record, size);
  }
  limit = UINT64_MAX;
  noGrowth(before);
}

/** Key and value stand in one text, with the first '=' between them. */
void set(const uint8_t* bytes, size_t size) {
  const uint32_t before = sip.w2c_memory.size;
  const uint8_t* equals = memchr(bytes, '=', size);
  const size_t key = equals ? (size_t)(equals - bytes) : size;
  const size_t value = equals ? size - key - 1 : 0;
  if (!hand(bytes, key, bytes + key + 1, value)) return;
  allowSettings(size);
  SIP(set)(&sip, (uint32_t)key, (uint32_t)value, is.now);
  drain(0, size);
  if (!hand(bytes, key, NULL, 0)) return;
  SIP(get)(&sip, (uint32_t)key);
  drain(0, size);
  SIP(export)(&sip);
  drain(0, size);
  limit = UINT64_MAX;
  noGrowth(before);
}

void start(void) {
  allow(UINT64_MAX - 1);
  if (SIP(start)(&sip, is.now) != 0) finding("sip_start is refused");
  drain(WAKE, 0);
  if (!hand(PHONE, strlen(PHONE), NULL, 0)) finding("no window after the start");
  SIP(flow_opened)(&sip, is.flow, strlen(PHONE), PHONE_PORT, 0, 0, 0, is.now);
  drain(WAKE, 0);
}

static void acceptConnection(void) {
  const char* ends = PHONE PEER;
  hand(PHONE, strlen(PHONE), NULL, 0);
  SIP(flow_opened)(&sip, is.listener, strlen(PHONE), PHONE_PORT, 0, 0, 0, is.now);
  drain(WAKE, 0);
  hand(ends, strlen(ends), NULL, 0);
  is.stream = SIP(accepted)(&sip, is.listener, strlen(PHONE), PHONE_PORT, strlen(PEER), PEER_PORT, 0, is.now);
  drain(WAKE, 0);
}

void receiveChunk(const uint8_t* bytes, size_t size) {
  if (!is.stream || !hand(bytes, size, NULL, 0)) return;
  tell("chunk", bytes, size);
  const uint32_t before = sip.w2c_memory.size;
  is.given += size;
  // What came before and was not whole is looked at once more.
  allow((size / LEAST_MESSAGE + 1) * BLOCKS_PER_MESSAGE + BLOCKS_PER_BYTE * is.given);
  const uint32_t status = SIP(receive)(&sip, is.stream, 0, 0, (uint32_t)size, is.now);
  noteCost(size);
  if (status != 0) finding("sip_receive answers %d to a chunk", (int32_t)status);
  drain(WAKE, size);
  noGrowth(before);
}

void resolved(const uint8_t* bytes, size_t size) {
  if (!hand(bytes, size, NULL, 0)) return;
  allowCommand(size);
  SIP(resolved)(&sip, is.query, (uint32_t)size, is.now);
  limit = UINT64_MAX;
  drain(WAKE, size);
}

static void tick(void) {
  allowCommand(0);
  if (SIP(tick)(&sip, is.now) != 0) finding("sip_tick is refused");
  limit = UINT64_MAX;
  drain(WAKE, 0);
}

int tickOnce(void) {
  if (is.deadline < 0) return 0;
  if (is.deadline > is.now) is.now = is.deadline;
  tick();
  return 1;
}

void passTime(double ms) {
  is.now += ms;
  tick();
}

static uint32_t newestCall(void) {
  const int32_t call = (int32_t)SIP(find)(&sip, 0, 0);
  return call > 0 ? (uint32_t)call : 0;
}

static void dial(const void* uri, size_t size) {
  if (!hand(uri, size, NULL, 0)) return;
  SIP(call)(&sip, 0, (uint32_t)size, is.now);
  drain(0, size);
}

void answer(void) {
  allowCommand(0);
  SIP(answer)(&sip, newestCall(), is.now);
  limit = UINT64_MAX;
  drain(0, 0);
}

static unsigned numberIn(const uint8_t* bytes, size_t size) {
  unsigned number = 0;
  for (size_t i = 0; i < size && i < 7 && bytes[i] >= '0' && bytes[i] <= '9'; i++) number = number * 10 + bytes[i] - '0';
  return number;
}

static void loseDatagram(void) {
  if (!hand(PEER, strlen(PEER), NULL, 0)) return;
  SIP(send_failed)(&sip, is.flow, strlen(PEER), PEER_PORT, is.now);
}

/** The call before the newest; 0 for none. */
static uint32_t olderCall(void) {
  const uint32_t newest = newestCall();
  for (uint32_t number = 64; number > 0; number--) {
    const int32_t call = (int32_t)SIP(find)(&sip, number, 0);
    if (call > 0 && (uint32_t)call != newest) return (uint32_t)call;
  }
  return 0;
}

/** Two texts, with the first blank between them: package and URI, or URI and what it is told. */
static void subscribeOrTell(uint8_t letter, const uint8_t* bytes, size_t size) {
  const uint8_t* blank = memchr(bytes, ' ', size);
  const size_t first = blank ? (size_t)(blank - bytes) : size;
  const size_t second = blank ? size - first - 1 : 0;
  if (!hand(bytes, first, bytes + first + 1, second)) return;
  if (letter == 'p') SIP(subscribe)(&sip, 0, (uint32_t)first, (uint32_t)second, is.now);
  else SIP(message)(&sip, 0, (uint32_t)first, (uint32_t)second, is.now);
}

static void transfer(const uint8_t* bytes, size_t size) {
  if (size == 0) return (void)SIP(transfer_to)(&sip, newestCall(), olderCall(), is.now);
  if (hand(bytes, size, NULL, 0)) SIP(transfer)(&sip, newestCall(), (uint32_t)size, is.now);
}

static void sendDigits(const uint8_t* bytes, size_t size) {
  if (hand(bytes, size, NULL, 0)) SIP(dtmf)(&sip, newestCall(), (uint32_t)size, is.now);
}

static void moveMedia(const uint8_t* bytes, size_t size) {
  if (hand(bytes, size, NULL, 0)) SIP(media)(&sip, newestCall(), (uint32_t)size, 4000, is.now);
}

static void order(uint8_t letter, const uint8_t* bytes, size_t size) {
  switch (letter) {
    case 'a':
      return (void)SIP(answer)(&sip, newestCall(), is.now);
    case 'c':
      return dial(bytes, size);
    case 'b':
      return transfer(bytes, size);
    case 'd':
      return sendDigits(bytes, size);
    case 'f':
      return loseDatagram();
    case 'g':
      return (void)SIP(flow_closed)(&sip, is.flow, is.now);
    case 'h':
      return (void)SIP(hangup)(&sip, newestCall(), is.now);
    case 'j':
      return (void)SIP(conference)(&sip, newestCall(), olderCall(), is.now);
    case 'l':
      return (void)SIP(list)(&sip, is.now);
    case 'm':
    case 'p':
      return subscribeOrTell(letter, bytes, size);
    case 'n':
      return moveMedia(bytes, size);
    case 'o':
      return (void)SIP(hold)(&sip, newestCall(), is.now);
    case 'r':
      return (void)SIP(resume)(&sip, newestCall(), is.now);
    case 'u':
      return (void)SIP(unregister)(&sip, 0, is.now);
    case 'v':
      return (void)SIP(register)(&sip, 0, is.now);
    case 'x':
      return (void)SIP(reject)(&sip, newestCall(), numberIn(bytes, size), is.now);
  }
}

void command(const uint8_t* bytes, size_t size) {
  if (size == 0) return;
  tell("order", bytes, size);
  const uint8_t letter = *bytes++;
  size--;
  if (letter == 't') return (void)tickOnce();
  if (letter == 'T') return passTime(numberIn(bytes, size) * 100.0);
  if (letter == 'q') return resolved(bytes, size);
  if (letter == 's') return set(bytes, size);
  const uint32_t before = sip.w2c_memory.size;
  allowCommand(size);
  order(letter, bytes, size);
  limit = UINT64_MAX;
  drain(0, size);
  noGrowth(before);
}

void comeToRest(void) {
  allowCommand(0);
  SIP(stop)(&sip, is.now);
  limit = UINT64_MAX;
  drain(WAKE, 0);
  for (int i = 0; i < MOST_TICKS && tickOnce(); i++) continue;
  if (!is.isStopped) finding("phone.stopped never came");
  if (is.deadline >= 0) finding("a timer runs on in a phone that has stopped");
  if (newestCall()) finding("a phone that has stopped has a call");
}

// ---- lives ----

static void save(enum Life life) {
  struct Saved* saved = &lives[life];
  saved->globals = sip;
  saved->size = sip.w2c_memory.size;
  saved->memory = malloc(saved->size);
  memcpy(saved->memory, sip.w2c_memory.data, saved->size);
  saved->moment = is;
}

/** As many bytes as then. Memory never shrinks by itself; what it grew by is closed, so that its end is its end. */
static void resize(uint32_t size) {
  const uint32_t present = sip.w2c_memory.size;
  if (size < present && mprotect(sip.w2c_memory.data + size, present - size, PROT_NONE) != 0) abort();
  if (size > present && mprotect(sip.w2c_memory.data, size, PROT_READ | PROT_WRITE) != 0) abort();
}

void begin(enum Life life) {
  const struct Saved* saved = &lives[life];
  resize(saved->size);
  memcpy(sip.w2c_memory.data, saved->memory, saved->size);
  sip = saved->globals;
  is = saved->moment;
  wasm_rt_call_stack_depth = 0;
}

#define COMMON_SETTINGS \
  "#!version:1.0.0.1\n" \
  "ringlet.bind.address = " PHONE "\n" \
  "ringlet.capacity.calls = 4\n" \
  "ringlet.capacity.dialogs = 8\n" \
  "ringlet.capacity.transactions = 32\n" \
  "sip.listen_mode = 1\n" \
  "account.1.enable = 1\n" \
  "account.1.user_name = alice\n" \
  "account.1.display_name = Alice\n" \
  "account.1.auth_name = alice\n" \
  "account.1.password = secret\n" \
  "account.1.session_timer.enable = 1\n" \
  "account.1.session_timer.expires = 90\n"

static const char SETTINGS[] = COMMON_SETTINGS;

/** Of the phone that is registered. */
static const char SERVER_SETTINGS[] = COMMON_SETTINGS
    "sip.listen_mode = 0\n"
    "account.1.sip_server.1.address = " PEER "\n"
    "account.1.100rel_enable = 1\n"
    "account.1.srtp_encryption = 1\n"
    "account.1.dtmf.type = 3\n"
    "account.1.out_dialog_blf_enable = 1\n"
    "account.1.cid_source = 2\n"
    "features.csta_control.enable = 1\n"
    "features.intercom.allow = 1\n"
    "features.pickup.direct_pickup_code = *97\n";

#define SDP                                \
  "v=0\r\no=- 1 1 IN IP4 192.0.2.20\r\n"   \
  "s=-\r\nc=IN IP4 192.0.2.20\r\nt=0 0\r\n" \
  "m=audio 4000 RTP/AVP 0\r\n"
#define WITH_SDP "Content-Type: application/sdp\r\n\r\n" SDP
#define TIMED(refresher) "Session-Expires: 90;refresher=" refresher "\r\nSupported: timer\r\nAllow: INVITE, UPDATE\r\n"

/** Without Content-Length a datagram's body ends with it (RFC 3261 §18.3). */
#define INVITE                                                                                     \
  "INVITE sip:alice@192.0.2.10 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.20;branch=z9hG4bKinvite\r\n"    \
  "Max-Forwards: 70\r\nFrom: <sip:bob@192.0.2.20>;tag=peer\r\nTo: <sip:alice@192.0.2.10>\r\n"      \
  "Call-ID: call@peer\r\nCSeq: 1 INVITE\r\nContact: <sip:bob@192.0.2.20>\r\n" TIMED("uas") WITH_SDP
#define ACK                                                                                          \
  "ACK sip:alice@192.0.2.10 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.20;branch=z9hG4bKack\r\n"            \
  "Max-Forwards: 70\r\nFrom: <sip:bob@192.0.2.20>;tag=peer\r\nTo: <sip:alice@192.0.2.10>;tag=\1\r\n" \
  "Call-ID: call@peer\r\nCSeq: 1 ACK\r\n\r\n"
#define REPLY(line)                                                                                   \
  "SIP/2.0 " line "\r\nVia: SIP/2.0/UDP 192.0.2.10:5060;branch=\3\r\nFrom: <sip:alice@192.0.2.10>;"   \
  "tag=\1\r\nTo: <sip:bob@192.0.2.20>;tag=peer\r\nCall-ID: \2\r\nCSeq: \4 INVITE\r\n"                 \
  "Contact: <sip:bob@192.0.2.20>\r\n"

/** To any request that leaves; `cseq` names the method. */
#define REPLY_TO(line, from, method)                                                                  \
  "SIP/2.0 " line "\r\nVia: SIP/2.0/UDP 192.0.2.10:5060;branch=\3\r\nFrom: <sip:alice@" from ">;"     \
  "tag=\1\r\nTo: <sip:bob@192.0.2.20>;tag=peer\r\nCall-ID: \2\r\nCSeq: \4 " method "\r\n"
#define CSTA_REQUEST(method, to, cseq, more)                                                          \
  method " sip:alice@192.0.2.10 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.20;branch=z9hG4bK" cseq "\r\n"   \
  "Max-Forwards: 70\r\nFrom: <sip:bob@192.0.2.20>;tag=peer\r\nTo: <sip:alice@192.0.2.10>" to "\r\n" \
  "Call-ID: control@peer\r\nCSeq: " cseq " " method "\r\nContact: <sip:bob@192.0.2.20>\r\n" more
#define CSTA_BODY(element, inside)                                                                    \
  "Content-Type: application/csta+xml\r\nContent-Disposition: signal;handling=required\r\n\r\n"       \
  "<" element " xmlns=\"http://www.ecma-international.org/standards/ecma-323/csta/ed3\">" inside "</" element ">"

static void receiveText(const char* text) {
  static uint8_t filled[4096];
  receive(filled, fillIn((const uint8_t*)text, strlen(text), filled, sizeof filled));
}

static void commandText(const char* text) {
  command((const uint8_t*)text, strlen(text));
}

/** From one life to another; what should have been said on the way is looked at by `mustHave`. */
static void live(enum Life from, enum Life to, const char* order, const char* datagram) {
  begin(from);
  if (order) commandText(order);
  if (datagram) receiveText(datagram);
  save(to);
}

static void mustHave(int isTrue, const char* what) {
  if (isTrue) return;
  fprintf(stderr, "fuzz: the phone could not be brought to where fuzzing begins: %s\n", what);
  exit(2);
}

static void makeInitialised(void) {
  static const uint8_t seed[32] = "the same phone in each execution";
  Z_ringlet_init_module();
  Z_ringlet_instantiate(&sip);
  mustHave(hand(seed, sizeof seed, NULL, 0), "no window for the seed");
  mustHave(SIP(init)(&sip, sizeof seed) == 0, "sip_init");
  is.deadline = -1;
  save(INITIALISED);
}

/** Subscribes, and is granted it. */
static void liveSubscribed(enum Life to, const char* order) {
  begin(REGISTERED);
  commandText(order);
  mustHave(strcmp(is.seen.branch, lives[REGISTERED].moment.seen.branch) != 0, order);
  receiveText(REPLY_TO("200 OK", "192.0.2.20", "SUBSCRIBE") "Expires: 3600\r\nContact: <sip:bob@192.0.2.20>\r\n\r\n");
  save(to);
}

static void makeServedLives(void) {
  begin(INITIALISED);
  provision((const uint8_t*)SERVER_SETTINGS, strlen(SERVER_SETTINGS));
  start();
  while (!is.seen.branch[0] && tickOnce()) continue;
  mustHave(is.seen.branch[0] != 0, "no REGISTER was sent");
  save(REGISTERING);
  receiveText(REPLY_TO("200 OK", "192.0.2.20", "REGISTER") "Contact: <sip:alice@192.0.2.10>;expires=3600\r\n\r\n");
  save(REGISTERED);
  liveSubscribed(MAILBOX, "pmessage-summary sip:alice@192.0.2.20");
  liveSubscribed(LAMP, "pdialog sip:bob@192.0.2.20");
  liveSubscribed(BINDINGS, "preg sip:alice@192.0.2.20");
  begin(REGISTERED);
  commandText("csip:bob@192.0.2.20");
  const struct Seen calling = is.seen;
  receiveText(REPLY_TO("183 Ringing", "192.0.2.20", "INVITE") "Contact: <sip:bob@192.0.2.20>\r\nRequire: 100rel\r\nRSeq: 1\r\n"
              WITH_SDP);
  mustHave(strcmp(is.seen.cseq, "2") == 0, "no PRACK was sent");
  receiveText(REPLY_TO("200 OK", "192.0.2.20", "PRACK") "\r\n");
  // What is to come answers the INVITE.
  is.seen = calling;
  save(SERVED);
  live(REGISTERED, STEERED, NULL, CSTA_REQUEST("INVITE", "", "1", "") CSTA_BODY("RequestSystemStatus", ""));
  receiveText(CSTA_REQUEST("ACK", ";tag=\1", "1", "") "\r\n");
  receiveText(CSTA_REQUEST("INFO", ";tag=\1", "2", "") CSTA_BODY("MonitorStart", "<deviceObject>tel:4001;phone-context=a</deviceObject>"));
  is.seen.peerCSeq = 2;
  save(STEERED);
  receiveText(INVITE);
  mustHave(strcmp(is.seen.branch, lives[REGISTERED].moment.seen.branch) != 0, "no event was told");
}

void makeLives(void) {
  makeInitialised();
  provision((const uint8_t*)SETTINGS, strlen(SETTINGS));
  start();
  mustHave(is.flow != 0, "no socket was asked for");
  save(IDLE);
  live(IDLE, RINGING, NULL, INVITE);
  mustHave(is.seen.tag[0] != 0, "no answer to the INVITE");
  live(RINGING, UP_CALLED, "a", ACK);
  mustHave(newestCall() != 0, "the call was not answered");
  live(IDLE, CALLING, "csip:bob@192.0.2.20", NULL);
  mustHave(is.seen.branch[0] != 0, "no INVITE was sent");
  live(CALLING, EARLY, NULL, REPLY("180 Ringing") "\r\n");
  live(EARLY, UP_CALLING, NULL, REPLY("200 OK") TIMED("uac") "Require: timer\r\n" WITH_SDP);
  live(UP_CALLING, REFRESHING, "T450", NULL);
  mustHave(strcmp(is.seen.branch, lives[UP_CALLING].moment.seen.branch) != 0, "no refresh after 45 seconds");
  live(UP_CALLING, HOLDING, "o", NULL);
  mustHave(strcmp(is.seen.branch, lives[UP_CALLING].moment.seen.branch) != 0, "no re-INVITE for the hold");
  live(UP_CALLING, ENDING, "h", NULL);
  mustHave(strcmp(is.seen.branch, lives[UP_CALLING].moment.seen.branch) != 0, "no BYE");
  live(IDLE, ASKING, "csip:bob@example.com", NULL);
  mustHave(is.query != 0, "no name was asked for");
  begin(IDLE);
  acceptConnection();
  mustHave((int32_t)is.stream > 0, "the connection was refused");
  save(CONNECTED);
  makeServedLives();
}

// ---- filling in ----

static const char* filling(uint8_t letter) {
  static char number[16];
  switch (letter) {
    case 1:
      return is.seen.tag;
    case 2:
      return is.seen.callId;
    case 3:
      return is.seen.branch;
    case 4:
      return is.seen.cseq;
    case 5:
      snprintf(number, sizeof number, "%u", 2 + is.seen.peerCSeq++);
      return number;
    case 6:
      snprintf(number, sizeof number, "%u", ++is.seen.peerBranch);
      return number;
    case 7:
      return is.seen.rseq;
    default:
      return NULL;
  }
}

size_t fillIn(const uint8_t* bytes, size_t size, uint8_t* to, size_t most) {
  size_t n = 0;
  for (size_t i = 0; i < size && n < most; i++) {
    const char* text = filling(bytes[i]);
    if (!text) to[n++] = bytes[i];
    else
      for (; *text && n < most; text++) to[n++] = (uint8_t)*text;
  }
  return n;
}
