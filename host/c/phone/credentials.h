// Our certificate and key, and those whose signature counts.

#ifndef RINGLET_PHONE_CREDENTIALS_H
#define RINGLET_PHONE_CREDENTIALS_H

#include <mbedtls/ssl.h>
#include <stdbool.h>
#include <stddef.h>

// The files of certificates, PEM; empty for none.
struct credential_files {
  const char* certificate;
  const char* key;
  const char* trusted;
};

// Reads them; a relative path starts at `folder`. False, with the setting and the file in `why`, where one can't be read, is
// no PEM, or where the key belongs to another certificate.
bool credentials_read(const struct credential_files* files, const char* folder, char* why, size_t size);

// Hands them to one side of TLS. Without `trusted` those of the system count, which are read with the first call.
void credentials_give(mbedtls_ssl_config* config);

// The system's random bytes, as the library wants them: 0 for done.
int credentials_random(void* nobody, unsigned char* bytes, size_t size);

void credentials_forget(void);

#endif
