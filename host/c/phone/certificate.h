// The peer's certificate as the module wants it: one line for what was found out, and one for each name.
//
//     verified | unverified REASON
//     URI:... DNS:... IP:... CN:...        (each on a line of its own)

#ifndef RINGLET_PHONE_CERTIFICATE_H
#define RINGLET_PHONE_CERTIFICATE_H

#include <mbedtls/x509_crt.h>
#include <stdint.h>

// `flags`: what the library found wrong. The reason is the word that OpenSSL has for it, such as CERT_HAS_EXPIRED. A name
// that could be read as two lines is left out, and so are those behind 32 KiB, the common name first. Good until the
// next call.
const char* certificate_lines(const mbedtls_x509_crt* certificate, uint32_t flags);

#endif
