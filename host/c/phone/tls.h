// TLS 1.2 (RFC 5246) on a connected socket; our certificate is shown, and the peer's asked for, on both sides.
//
// No certificate is refused here: whom to trust is decided by the module, which is told what the certificate says. What it
// needs of memory it takes with the first connection.

#ifndef RINGLET_PHONE_TLS_H
#define RINGLET_PHONE_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

// One side of one connection.
struct tls;

// Instead of a number of bytes: nothing at this moment; never again.
enum { TLS_WAITS = -1, TLS_BROKEN = -2 };

// A side on this socket, which stays its owner's; `name`: whom a client calls, shown where it is a name (RFC 6066 §3).
// NULL when there is no memory.
struct tls* tls_begin(int fd, bool is_client, const char* name);

// Goes on with the handshake: 0 when it is over, TLS_WAITS, TLS_BROKEN.
int tls_shake(struct tls* tls);

// 0 when the peer has ended.
ssize_t tls_read(struct tls* tls, void* bytes, size_t size);
ssize_t tls_write(struct tls* tls, const void* bytes, size_t size);

// Says that nothing more comes from here.
void tls_end(struct tls* tls);

void tls_free(struct tls* tls);

// What is waited for is room to write. All of these take NULL, for a connection without TLS.
bool tls_wants_write(const struct tls* tls);

// What the peer's certificate says (certificate.h): empty without one. Good until the next connection.
const char* tls_names(const struct tls* tls);

// Why it is broken. `words` has FAILURE_BYTES; they are the answer.
const char* tls_words(const struct tls* tls, char* words);

#endif
