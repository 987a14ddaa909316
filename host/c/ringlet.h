/*
 * Ringlet in C: the SIP user agent of a desk phone, as a library for firmware.
 *
 * The library does no I/O, reads no clock, makes no thread and calls nothing of yours. You hand it bytes and time, one
 * call at a time, and after each call you take from it what it wants done:
 *
 *     for (;;) {
 *       wait for a packet, for the deadline of the last Wake, or for an order of the user
 *       make one call                                   ringlet_receive, ringlet_tick, ringlet_call ...
 *       while ((record = ringlet_poll(phone)) != NULL)  send, open, resolve, show
 *     }
 *
 * docs/abi.md tells what each call does and what each record means; docs/embedding.md leads from here to a phone.
 *
 * Units. `now` is in milliseconds of one monotonic clock that counts suspend, never negative. Sizes are in bytes.
 * Ports are in the machine's byte order. Text is UTF-8 without a NUL at its end.
 *
 * Ownership. What you hand over (`ringlet_text`) is copied before the call returns. What you are given (records,
 * slices, `ringlet_bytes`) lies in the module's memory and stays valid until the next call with the same phone that
 * is not `ringlet_poll`; to free it is nobody's task.
 *
 * Results. A handle > 0 where one is made, else 0 for done, else a negative number: the `Status` of the ABI
 * (`RINGLET_NO_SUCH_THING` ...), or one of the two below, which only this library says.
 *
 * Memory. Everything is allocated by ringlet_open and by the calls up to ringlet_start; from then on nothing is.
 *
 * Threads. One. All phones of a process belong to the same thread.
 */
#ifndef RINGLET_H
#define RINGLET_H

#include <stddef.h>
#include <stdint.h>

#include "ringlet_abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RINGLET_VERSION "0.1.0"

/**
 * The module trapped in this call: the state from before it is back, and this input is dropped. ringlet_fault tells
 * which it was. Every other call, phone call and registration goes on. After ringlet_tick there is something to
 * drain: the object whose deadline was due has been ended.
 */
#define RINGLET_TRAPPED (-100)

/**
 * The module trapped and can't be brought back: rollback was off, or a tick trapped twice in a row. This and every
 * further call that changes something answers this, until ringlet_restore puts a whole state in. Make a new phone from the same
 * provisioning; a registrar keeps the old registration until the new one replaces it.
 */
#define RINGLET_RELOAD (-101)

/** One phone. Its inside belongs to the library. */
struct ringlet;

/** Bytes of yours: an address, a datagram, a file. `bytes` may be NULL when `size` is 0. */
typedef struct ringlet_text {
  const void *bytes;
  uint32_t size;
} ringlet_text;

/** Bytes in the module's memory: see ringlet_bytes. */
struct ringlet_slice {
  uint32_t offset;
  uint32_t size;
};

/** A field of an event. A dot in its name nests it in JSON. */
struct ringlet_field {
  struct ringlet_slice name;
  uint32_t type; /* enum ringlet_field_type: Number -> ringlet_number, Text and Secret -> text */
  union {
    struct ringlet_slice text;
    uint32_t number[2]; /* lower word first: ringlet_number puts them together */
  } value;
};

/**
 * What the module says. Look at `kind` first and skip a kind that you do not know. Read no member behind `length`
 * bytes: a record of a newer module may be longer than it is here, never shorter.
 */
struct ringlet_record {
  uint32_t kind;   /* enum ringlet_record_kind */
  uint32_t length; /* of the whole record */
  union {
    struct {
      uint32_t flow;
      struct ringlet_slice address;
      uint32_t port;
      struct ringlet_slice bytes;
    } send;
    struct {
      uint32_t flow;
      uint32_t transport; /* enum ringlet_transport */
      struct ringlet_slice address;
      uint32_t port; /* 0: any */
      uint32_t dscp;
    } listen;
    struct {
      uint32_t flow;
      uint32_t transport;
      struct ringlet_slice address;
      uint32_t port;
      struct ringlet_slice server_name;
      uint32_t dscp;
    } open;
    struct {
      uint32_t flow;
    } close;
    struct {
      uint32_t query;
      uint32_t question; /* enum ringlet_question */
      struct ringlet_slice name;
    } resolve;
    struct {
      uint32_t event; /* enum ringlet_event_kind */
      struct ringlet_slice name;
      uint32_t call;   /* handle of the phone call, or 0 */
      uint32_t number; /* its number for people, or 0 */
      uint32_t count;  /* of the fields: ringlet_fields */
    } event;
    struct {
      uint32_t deadline[2]; /* a double: ringlet_deadline reads it */
    } wake;
    struct {
      struct ringlet_slice key;
      struct ringlet_slice value;
    } value;
    struct {
      int32_t status; /* 0 to accept, -1 to drop, or a SIP status */
      uint32_t octet;
      struct ringlet_slice reason;
    } verdict;
  } of;
};

/** Whether the library saves what a call changes, so that a trap costs one input and not the phone. */
enum ringlet_rollback {
  RINGLET_ROLLBACK_AUTO = 0, /* on up to 1 MiB of state, and the 64 KiB window for input */
  RINGLET_ROLLBACK_ON = 1,   /* always on */
  RINGLET_ROLLBACK_OFF = 2   /* never: a trap answers RINGLET_RELOAD */
};

/** How a phone is opened. All zeros is right for the engine wasm2c. */
struct ringlet_options {
  /**
   * For WAMR: the module file, .wasm or .aot, at an address that is a multiple of 8. WAMR writes into these bytes, and
   * they must stay until ringlet_close. NULL for wasm2c, where the module is compiled in.
   */
  void *module;
  uint32_t module_size;
  enum ringlet_rollback rollback;
};

/* ---- life ---- */

/**
 * Makes a phone out of a module. NULL when there is no memory, or when the module is not one that this library can run: then
 * `reason` (may be NULL) holds words for people, cut to `size` bytes with a NUL at their end. `options` may be NULL.
 */
struct ringlet *ringlet_open(const struct ringlet_options *options, char *reason, size_t size);

/** Frees everything. What the phone said is gone with it. `phone` may be NULL. */
void ringlet_close(struct ringlet *phone);

/** The SHA-256 of the module as 64 hexadecimal digits and a NUL; empty for an engine that loads its module at run time. */
const char *ringlet_module_hash(void);

/** The name of the engine that the library was built with: "wasm2c" or "wamr". */
const char *ringlet_engine(void);

/* ---- the order of life: init, provision ..., start ---- */

/** `entropy`: 32 to 1,024 secret bytes from the machine's random source. Once. Keys of media want 64: no recording shows the rest. */
int32_t ringlet_init(struct ringlet *phone, ringlet_text entropy);

/** Mixes more entropy in, at any time. */
int32_t ringlet_seed(struct ringlet *phone, ringlet_text entropy);

/** The text of one configuration file, before the start; layer 0 to 15, a higher one wins; 16: what ringlet_export gave. */
int32_t ringlet_provision(struct ringlet *phone, ringlet_text file, uint32_t layer);

/** The text of a boot file and the phone's model: the files that it names follow from ringlet_boot_next. */
int32_t ringlet_boot(struct ringlet *phone, ringlet_text file, ringlet_text model);

/** A Value record with the next file to read and to provision, NULL after the last. Ask for all before any other call. */
const struct ringlet_record *ringlet_boot_next(struct ringlet *phone);

/** Makes all tables and asks for sockets. Once. Nothing is allocated after it. */
int32_t ringlet_start(struct ringlet *phone, double now);

/* ---- what arrives ---- */

/**
 * A socket of a Listen is bound, or a connection of an Open is there. `peer` and `names` are empty for a socket;
 * `names` is what the peer's certificate says, in lines, and empty without TLS (docs/abi.md).
 */
int32_t ringlet_flow_opened(struct ringlet *phone, uint32_t flow, ringlet_text local, uint32_t local_port,
                            ringlet_text peer, uint32_t peer_port, ringlet_text names, double now);

/** A connection came in on a listening flow: the handle of its flow, or Full: then close it. */
int32_t ringlet_accepted(struct ringlet *phone, uint32_t listener, ringlet_text local, uint32_t local_port,
                         ringlet_text peer, uint32_t peer_port, ringlet_text names, double now);

/** The flow could not be opened, or is gone. */
int32_t ringlet_flow_closed(struct ringlet *phone, uint32_t flow, double now);

/** A datagram and where it came from; or the next part of a connection's stream, at most 65,535 bytes, from "" and port 0. */
int32_t ringlet_receive(struct ringlet *phone, uint32_t flow, ringlet_text peer, uint32_t peer_port, ringlet_text bytes,
                        double now);

/** A packet to this address could not leave, or came back as unreachable. */
int32_t ringlet_send_failed(struct ringlet *phone, uint32_t flow, ringlet_text peer, uint32_t peer_port, double now);

/** The answer to a Resolve, in lines (docs/abi.md); empty when nothing was found. */
int32_t ringlet_resolved(struct ringlet *phone, uint32_t query, ringlet_text answer, double now);

/** Time has passed. Too early or once too often is harmless. */
int32_t ringlet_tick(struct ringlet *phone, double now);

/* ---- what the user orders ---- */

/** Calls a URI or a number from an account, 0 for the lowest enabled one. Answers the handle of the phone call. */
int32_t ringlet_call(struct ringlet *phone, uint32_t account, ringlet_text target, double now);

/** Takes a ringing phone call. */
int32_t ringlet_answer(struct ringlet *phone, uint32_t call, double now);

/** Refuses it with 300 to 699; 0 for what the settings say. */
int32_t ringlet_reject(struct ringlet *phone, uint32_t call, uint32_t status, double now);

/** Ends it, whatever its state. */
int32_t ringlet_hangup(struct ringlet *phone, uint32_t call, double now);

int32_t ringlet_hold(struct ringlet *phone, uint32_t call, double now);
int32_t ringlet_resume(struct ringlet *phone, uint32_t call, double now);

/** Sends the other side of a call to a URI or a number. `call.transfer` and `call.transferred` follow, or `call.notice`. */
int32_t ringlet_transfer(struct ringlet *phone, uint32_t call, ringlet_text target, double now);

/** The same, to the other side of `other`, a call of ours, in whose place it calls there. */
int32_t ringlet_transfer_to(struct ringlet *phone, uint32_t call, uint32_t other, double now);

/** Sends digits of DTMF; `call.digits` says when the phone is to send them itself. */
int32_t ringlet_dtmf(struct ringlet *phone, uint32_t call, ringlet_text digits, double now);

/** Takes the media of a call at that address from now on. */
int32_t ringlet_media(struct ringlet *phone, uint32_t call, ringlet_text address, uint32_t port, double now);

/** Joins two calls; `call.conference` says when they are to be mixed. */
int32_t ringlet_conference(struct ringlet *phone, uint32_t call, uint32_t other, double now);

/** Subscribes to an event package at a URI or number of the account's server. Answers the handle of the subscription. */
int32_t ringlet_subscribe(struct ringlet *phone, uint32_t account, ringlet_text package, ringlet_text uri, double now);
int32_t ringlet_unsubscribe(struct ringlet *phone, uint32_t subscription, double now);

/** Sends a text to a URI or number. Answers its handle; `message.answered` follows. */
int32_t ringlet_message(struct ringlet *phone, uint32_t account, ringlet_text target, ringlet_text text, double now);

/** Registers an account, or renews its registration; 0: the lowest enabled one. */
int32_t ringlet_register(struct ringlet *phone, uint32_t account, double now);
int32_t ringlet_unregister(struct ringlet *phone, uint32_t account, double now);

/** One `call.state` event for each phone call. */
int32_t ringlet_list(struct ringlet *phone, double now);

/** Hangs up everything and unregisters; the event `phone.stopped` follows. */
int32_t ringlet_stop(struct ringlet *phone, double now);

/** The handle of the phone call of that number; 0: the newest, with `which` 1 the newest that rings here. */
int32_t ringlet_find(struct ringlet *phone, uint32_t number, uint32_t which);

/**
 * After ringlet_restore put the state of an earlier life into this phone: its sockets are asked for again, its connections count as lost,
 * and what is overdue is due at once. Phone calls are ended, unless `is_media_alive` is 1.
 */
int32_t ringlet_survived(struct ringlet *phone, uint32_t is_media_alive, double now);

/** Ends what owns the deadline that is due, without running its timer. ringlet_tick does this itself after a trap. */
int32_t ringlet_end_due(struct ringlet *phone, double now);

/** How often something happened since the start: enum ringlet_counter. */
int32_t ringlet_counter(struct ringlet *phone, uint32_t which);

/* ---- settings and looking ---- */

/** Sets one setting above all files. */
int32_t ringlet_set(struct ringlet *phone, ringlet_text key, ringlet_text value, double now);

/** The value in force is the Value record that follows. */
int32_t ringlet_get(struct ringlet *phone, ringlet_text key);

/** The Value record that follows is what was set at run time, as the text of a file to keep. */
int32_t ringlet_export(struct ringlet *phone);

/** The Verdict record that follows says what an idle phone does with this datagram. */
int32_t ringlet_judge(struct ringlet *phone, ringlet_text datagram);

/**
 * Overwrites the secrets of bytes that passed a socket, for traces: `*masked` is the same number of bytes, in the
 * module's memory. Answers the size of the first message, 0 while it is not whole. Allowed between a call and its drain.
 */
int32_t ringlet_mask(struct ringlet *phone, ringlet_text bytes, const uint8_t **masked);

/* ---- what it says ---- */

/** The next record, NULL after the last. After a Wake nothing follows and the drain may stop. */
const struct ringlet_record *ringlet_poll(struct ringlet *phone);

/** The bytes of a slice: `slice.size` of them. NULL when the slice does not lie in memory. */
const uint8_t *ringlet_bytes(struct ringlet *phone, struct ringlet_slice slice);

/** When ringlet_tick is due, of a Wake record: milliseconds of your clock, -1 for never. */
double ringlet_deadline(const struct ringlet_record *wake);

/** The fields of an Event record, `of.event.count` of them. */
const struct ringlet_field *ringlet_fields(const struct ringlet_record *event);

/** The value of a field of type Number. */
int64_t ringlet_number(const struct ringlet_field *field);

/* ---- faults ---- */

/** The input that trapped last. */
struct ringlet_fault {
  /** The name of the export, such as "sip_receive"; NULL when nothing has ever trapped. */
  const char *call;
  /** What the engine says about the trap: words for people. */
  const char *words;
  /** FNV-1a, 64 bits, over the name of the export and then the bytes of its texts, in their order. */
  uint64_t hash;
  /** How many calls have trapped since ringlet_open. */
  uint32_t count;
  /** 1: memory and globals are as they were before the call; 0: rollback was off. */
  uint32_t is_undone;
};

/** Valid until the next call. */
const struct ringlet_fault *ringlet_fault(struct ringlet *phone);

/* ---- state: all there is, as bytes ---- */

/*
 * The state is the module's mutable globals and its linear memory. As one image:
 *
 *     globals    8 bytes each, signed 64-bit little endian, in the order of the module's exports; an i32 is sign-extended
 *     memory     the bytes of linear memory, a multiple of 65,536
 *
 * An image fits only the module that it was taken from (ringlet_module_hash), on every engine and machine.
 */

/** How many globals there are. */
uint32_t ringlet_globals(struct ringlet *phone);

/** One of them, by its place in the order of exports. */
int64_t ringlet_global(struct ringlet *phone, uint32_t index);

/** Linear memory as it is now, `*size` bytes; a view like a record's. */
const uint8_t *ringlet_memory(struct ringlet *phone, uint32_t *size);

/** The size of the image in bytes. */
size_t ringlet_state_size(struct ringlet *phone);

/** Writes the image, if `size` is at least ringlet_state_size: 0 or RINGLET_TOO_LARGE. */
int32_t ringlet_state(struct ringlet *phone, void *image, size_t size);

/**
 * Puts an image in: into a phone that was just opened, or into the one it was taken from. Memory grows to what the image needs, and
 * never shrinks: RINGLET_BAD_ARGUMENT for an image that is smaller than the present one or has another number of
 * globals, RINGLET_FULL when there is no memory. Parts of it that are zero cost no memory. May allocate.
 */
int32_t ringlet_restore(struct ringlet *phone, const void *image, size_t size);

#ifdef __cplusplus
}
#endif

#endif
