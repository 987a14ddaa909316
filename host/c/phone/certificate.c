#include "certificate.h"

#include "utf8.h"

#include <arpa/inet.h>
#include <mbedtls/oid.h>
#include <stdbool.h>
#include <string.h>

// What a peer can make us carry.
enum { MOST_BYTES = 32 * 1024 };

static char lines[MOST_BYTES];
static size_t size;
// The first line that has no room ends the list.
static bool is_full;

// A name with a line end or a NUL in it would be another name to whoever reads on.
static bool is_printable(const uint8_t* text, size_t length) {
  const uint8_t* at = text;
  while (at < text + length)
    if (utf8_is_control(utf8_next(&at, text + length))) return false;
  return true;
}

static void add_line(const char* kind, const void* text, size_t length) {
  size_t kind_length = strlen(kind);
  if (!is_printable(text, length)) return;
  is_full |= size + kind_length + length + 1 >= sizeof lines;
  if (is_full) return;
  memcpy(lines + size, kind, kind_length);
  memcpy(lines + size + kind_length, text, length);
  size += kind_length + length;
  lines[size++] = '\n';
}

// ---- what was found out ----

static const struct {
  uint32_t flag;
  const char* word;
} reasons[] = {
    {MBEDTLS_X509_BADCERT_EXPIRED, "CERT_HAS_EXPIRED"},
    {MBEDTLS_X509_BADCERT_FUTURE, "CERT_NOT_YET_VALID"},
    {MBEDTLS_X509_BADCERT_REVOKED, "CERT_REVOKED"},
    {MBEDTLS_X509_BADCERT_KEY_USAGE, "INVALID_PURPOSE"},
    {MBEDTLS_X509_BADCERT_EXT_KEY_USAGE, "INVALID_PURPOSE"},
    {MBEDTLS_X509_BADCERT_NS_CERT_TYPE, "INVALID_PURPOSE"},
    {MBEDTLS_X509_BADCERT_BAD_MD, "CA_MD_TOO_WEAK"},
    {MBEDTLS_X509_BADCERT_BAD_PK, "EE_KEY_TOO_SMALL"},
    {MBEDTLS_X509_BADCERT_BAD_KEY, "EE_KEY_TOO_SMALL"},
};

static bool is_self_signed(const mbedtls_x509_crt* certificate) {
  return certificate->issuer_raw.len == certificate->subject_raw.len &&
         memcmp(certificate->issuer_raw.p, certificate->subject_raw.p, certificate->subject_raw.len) == 0;
}

// Nobody whom we trust has signed it: what it has instead.
static const char* distrust(const mbedtls_x509_crt* certificate) {
  if (is_self_signed(certificate)) return "DEPTH_ZERO_SELF_SIGNED_CERT";
  if (!certificate->next) return "UNABLE_TO_VERIFY_LEAF_SIGNATURE";
  const mbedtls_x509_crt* last = certificate;
  while (last->next) last = last->next;
  return is_self_signed(last) ? "SELF_SIGNED_CERT_IN_CHAIN" : "UNABLE_TO_GET_ISSUER_CERT_LOCALLY";
}

static const char* reason_of(const mbedtls_x509_crt* certificate, uint32_t flags) {
  for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
    if (flags & reasons[i].flag) return reasons[i].word;
  return flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED ? distrust(certificate) : "CERT_REJECTED";
}

static void add_verdict(const mbedtls_x509_crt* certificate, uint32_t flags) {
  // Whether the name is the one that was meant is the module's business.
  flags &= ~(uint32_t)MBEDTLS_X509_BADCERT_CN_MISMATCH;
  if (flags == 0) return add_line("verified", "", 0);
  const char* reason = reason_of(certificate, flags);
  add_line("unverified ", reason, strlen(reason));
}

// ---- names ----

static void add_address(const mbedtls_x509_buf* name) {
  char text[INET6_ADDRSTRLEN];
  int family = name->len == 4 ? AF_INET : name->len == 16 ? AF_INET6 : 0;
  if (family != 0 && inet_ntop(family, name->p, text, sizeof text)) add_line("IP:", text, strlen(text));
}

// RFC 5280 §4.2.1.6: [2] dNSName, [6] uniformResourceIdentifier, [7] iPAddress.
static void add_alternative(const mbedtls_x509_buf* name) {
  switch (name->tag & MBEDTLS_ASN1_TAG_VALUE_MASK) {
    case 2:
      return add_line("DNS:", name->p, name->len);
    case 6:
      return add_line("URI:", name->p, name->len);
    case 7:
      return add_address(name);
  }
}

static void add_common_names(const mbedtls_x509_name* name) {
  for (; name; name = name->next)
    if (name->oid.p && MBEDTLS_OID_CMP(MBEDTLS_OID_AT_CN, &name->oid) == 0)
      add_line("CN:", name->val.p, name->val.len);
}

const char* certificate_lines(const mbedtls_x509_crt* certificate, uint32_t flags) {
  size = 0;
  is_full = false;
  add_verdict(certificate, flags);
  for (const mbedtls_x509_sequence* name = &certificate->subject_alt_names; name; name = name->next)
    if (name->buf.p) add_alternative(&name->buf);
  add_common_names(&certificate->subject);
  lines[size] = '\0';
  return lines;
}
