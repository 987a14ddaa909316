// The fuzzer's entry: the first byte of an input says where the phone is and what the rest is.
//
//   j            a datagram that is judged
//   i r u c e w v h b n   datagrams that reach a phone: idle, ringing, called and up, calling, early, calling
//                and up, refreshing, holding, ending, asking for a name. 1E separates them; a piece that
//                begins with 1D is an order (phone.c, `order`) instead
//   g p a l y f z   the same for a phone with a server: registering, registered, subscribed to its messages, to a lamp,
//                to its registration, ringing reliably there, steered by uaCSTA
//   x            chunks of a connection, in the same way
//   d            SDP: the offer of an INVITE that is then answered
//   o            SDP: the answer in the 200 to our INVITE
//   m            SDP: the offer of a re-INVITE
//   s            a configuration file, and then the start
//   t            a boot file
//   k            key=value for sip_set
//   q            the answer of the name service
//
// In capitals: the same, and then the phone is stopped and must come to rest.

#include "phone.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BYTES 65535

static uint8_t filled[MOST_BYTES];

static void tellCost(void) {
  fprintf(stderr, "most blocks: %llu of %llu allowed, for %zu bytes\n", (unsigned long long)mostBlocks,
          (unsigned long long)mostBlocksLimit, mostBlocksSize);
}

int LLVMFuzzerInitialize(int* count, char*** words) {
  (void)count;
  (void)words;
  isTold = getenv("RINGLET_TELL") != NULL;
  makeLives();
  atexit(tellCost);
  return 0;
}

// ---- datagrams ----

static void takePiece(enum Life life, const uint8_t* bytes, size_t size) {
  if (size > 0 && *bytes == 0x1d) return command(bytes + 1, size - 1);
  if (life == CONNECTED) return receiveChunk(bytes, size);
  receive(filled, fillIn(bytes, size, filled, sizeof filled));
}

static void takePieces(enum Life life, const uint8_t* bytes, size_t size) {
  begin(life);
  for (int pieces = 0; pieces < 64; pieces++) {
    const uint8_t* end = memchr(bytes, 0x1e, size);
    takePiece(life, bytes, end ? (size_t)(end - bytes) : size);
    if (!end) return;
    size -= end + 1 - bytes;
    bytes = end + 1;
  }
}

// ---- SDP ----

/** A message with the input as its body; the body ends where memory ends. */
static void receiveBody(const char* head, const uint8_t* bytes, size_t size) {
  const size_t n = fillIn((const uint8_t*)head, strlen(head), filled, sizeof filled);
  if (size > sizeof filled - n) size = sizeof filled - n;
  memcpy(filled + n, bytes, size);
  receive(filled, n + size);
}

#define REQUEST_HEAD(cseq, to)                                                                    \
  "INVITE sip:alice@192.0.2.10 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.20;branch=z9hG4bKsdp\r\n"      \
  "Max-Forwards: 70\r\nFrom: <sip:bob@192.0.2.20>;tag=peer\r\nTo: <sip:alice@192.0.2.10>" to      \
  "\r\nCall-ID: call@peer\r\nCSeq: " cseq                                                         \
  " INVITE\r\nContact: <sip:bob@192.0.2.20>\r\nContent-Type: application/sdp\r\n\r\n"

static void takeOffer(const uint8_t* bytes, size_t size) {
  begin(IDLE);
  receiveBody(REQUEST_HEAD("1", ""), bytes, size);
  answer();
}

static void takeNewOffer(const uint8_t* bytes, size_t size) {
  begin(UP_CALLED);
  receiveBody(REQUEST_HEAD("9", ";tag=\1"), bytes, size);
}

static void takeAnswer(const uint8_t* bytes, size_t size) {
  begin(CALLING);
  receiveBody(
      "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.10:5060;branch=\3\r\nFrom: <sip:alice@192.0.2.10>;tag=\1\r\n"
      "To: <sip:bob@192.0.2.20>;tag=peer\r\nCall-ID: \2\r\nCSeq: \4 INVITE\r\n"
      "Contact: <sip:bob@192.0.2.20>\r\nContent-Type: application/sdp\r\n\r\n",
      bytes, size);
}

// ---- settings ----

/** A file may ask for gigabytes of tables and is then right to get them; such a phone is not started. */
static int asksForMemory(const uint8_t* bytes, size_t size) {
  static const char word[] = "capacity";
  size_t matched = 0;
  for (size_t i = 0; i < size; i++) {
    const int letter = tolower(bytes[i]);
    matched = letter == word[matched] ? matched + 1 : letter == word[0];
    if (word[matched] == 0) return 1;
  }
  return 0;
}

static void takeFile(const uint8_t* bytes, size_t size) {
  begin(INITIALISED);
  provision(bytes, size);
  if (asksForMemory(bytes, size)) return;
  start();
  command((const uint8_t*)"csip:bob@192.0.2.20", 19);
}

static void takeBoot(const uint8_t* bytes, size_t size) {
  begin(INITIALISED);
  boot(bytes, size);
}

static void takeSetting(const uint8_t* bytes, size_t size) {
  begin(IDLE);
  set(bytes, size);
  command((const uint8_t*)"csip:bob@192.0.2.20", 19);
}

static void takeNames(const uint8_t* bytes, size_t size) {
  begin(ASKING);
  resolved(bytes, size);
}

// ---- which ----

/** False where the phone was not started. */
static int take(char mode, const uint8_t* bytes, size_t size) {
  switch (mode) {
    case 'j':
      begin(IDLE);
      return judge(bytes, size), 0;
    case 's':
      return takeFile(bytes, size), 0;
    case 't':
      return takeBoot(bytes, size), 0;
    case 'k':
      return takeSetting(bytes, size), 1;
    case 'q':
      return takeNames(bytes, size), 1;
    case 'd':
      return takeOffer(bytes, size), 1;
    case 'o':
      return takeAnswer(bytes, size), 1;
    case 'm':
      return takeNewOffer(bytes, size), 1;
    case 'r':
      return takePieces(RINGING, bytes, size), 1;
    case 'u':
      return takePieces(UP_CALLED, bytes, size), 1;
    case 'c':
      return takePieces(CALLING, bytes, size), 1;
    case 'e':
      return takePieces(EARLY, bytes, size), 1;
    case 'w':
      return takePieces(UP_CALLING, bytes, size), 1;
    case 'v':
      return takePieces(REFRESHING, bytes, size), 1;
    case 'h':
      return takePieces(HOLDING, bytes, size), 1;
    case 'b':
      return takePieces(ENDING, bytes, size), 1;
    case 'n':
      return takePieces(ASKING, bytes, size), 1;
    case 'x':
      return takePieces(CONNECTED, bytes, size), 1;
    case 'g':
      return takePieces(REGISTERING, bytes, size), 1;
    case 'p':
      return takePieces(REGISTERED, bytes, size), 1;
    case 'a':
      return takePieces(MAILBOX, bytes, size), 1;
    case 'l':
      return takePieces(LAMP, bytes, size), 1;
    case 'y':
      return takePieces(BINDINGS, bytes, size), 1;
    case 'f':
      return takePieces(SERVED, bytes, size), 1;
    case 'z':
      return takePieces(STEERED, bytes, size), 1;
    default:
      return takePieces(IDLE, bytes, size), 1;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size == 0 || size > MOST_BYTES) return 0;
  const int mode = *bytes;
  if (take((char)tolower(mode), bytes + 1, size - 1) && isupper(mode)) comeToRest();
  return 0;
}
