/* What connections bring, with `*` over the secrets in it: where a message is cut, its beginning decides. */
#ifndef RINGLET_STREAM_MASK_H
#define RINGLET_STREAM_MASK_H

#include <stddef.h>
#include <stdint.h>

#include "ringlet.h"

/** What is still no whole message, by flow; NULL when there is none. */
struct stream_mask;

/** Overwrites the secrets of the next bytes of the connection `flow`. Not between a call and its drain. */
void stream_mask_hide(struct stream_mask **streams, struct ringlet *phone, uint32_t flow, uint8_t *bytes, size_t size);

/** The connection is over. */
void stream_mask_forget(struct stream_mask **streams, uint32_t flow);
void stream_mask_free(struct stream_mask **streams);

#endif
