// The module of this phone: every call that changes something, each with its drain.
//
// One mutation, then drain: that is done in one place, `settle` in module.c. What the module says is carried out there, record by
// record; whoever is called by that makes no call into the module, but notes what there is to tell for later.
// Answers are a handle > 0, 0 for done, or a negative number of enum ringlet_status.

#ifndef RINGLET_PHONE_MODULE_H
#define RINGLET_PHONE_MODULE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "address.h"
#include "flow.h"
#include "print.h"
#include "ringlet.h"

struct module_options {
  // The module's file, for an engine that loads one; NULL for ringlet.wasm beside the program.
  const char* file;
  enum ringlet_rollback rollback;
};

// Counts from the next module_open on.
void module_use(const struct module_options* options);

// False with words for people in `why`. One that was opened before is closed.
bool module_open(char* why, size_t size);
void module_close(void);

// For calls that change nothing.
struct ringlet* module_get(void);

// It has trapped and can't be brought back: a new one is needed.
// SHA-256 of the module, in hexadecimal digits.
const char* module_hash(void);

bool module_is_lost(void);

// ---- the order of life ----

int32_t module_init(struct piece entropy);
int32_t module_provision(struct piece text, uint32_t layer);
int32_t module_boot(struct piece text, const char* model);

// The next record of that boot file, NULL after the last.
const struct ringlet_record* module_boot_next(void);
int32_t module_start(void);

// The state of an earlier life was put in: fresh entropy, and what the module does about it.
int32_t module_survived(bool is_media_alive);

// A lost module whose state from before the trap is back obeys once more, but no timer runs. False: it is lost for good.
bool module_revive(void);

// ---- what the network brings ----

int32_t module_flow_opened(const struct flow* flow, const char* names);

// The flow has its handle before what the module says about it is carried out.
int32_t module_accepted(uint32_t listener, struct flow* flow, const char* names);
int32_t module_flow_closed(uint32_t flow);
int32_t module_receive(uint32_t flow, const struct address* from, struct piece bytes);
int32_t module_send_failed(uint32_t flow, const struct address* to);
int32_t module_resolved(uint32_t query, struct piece answer);
int32_t module_tick(void);

// ---- what the user wants ----

int32_t module_call(uint32_t account, const char* uri);
int32_t module_answer(uint32_t call);
int32_t module_reject(uint32_t call, uint32_t status);
int32_t module_hangup(uint32_t call);
int32_t module_hold(uint32_t call);
int32_t module_resume(uint32_t call);
int32_t module_transfer(uint32_t call, const char* uri);
int32_t module_transfer_to(uint32_t call, uint32_t other);
int32_t module_conference(uint32_t call, uint32_t other);
int32_t module_dtmf(uint32_t call, const char* digits);
int32_t module_media(uint32_t call, const char* address, uint32_t port);
int32_t module_subscribe(const char* package, const char* uri);
int32_t module_unsubscribe(uint32_t subscription);
int32_t module_message(const char* uri, const char* words);
int32_t module_register(uint32_t account);
int32_t module_unregister(uint32_t account);
int32_t module_list(void);
int32_t module_stop(void);
int32_t module_set(const char* key, const char* value);

// The value is in `value`, until the next call; where there is none, the answer is negative.
int32_t module_setting(const char* key, struct piece* value);

// The same with what was set at run time, as the text of a file.
int32_t module_export(struct piece* value);

// ---- recording ----

// Writes what is recorded, if anything is. False: it could not be written.
bool module_record(FILE* file);

#endif
