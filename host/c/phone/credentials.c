#include "credentials.h"

#include "file.h"

#include <errno.h>
#include <mbedtls/error.h>
#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define SYSTEMS_TRUSTED "/etc/ssl/certs/ca-certificates.crt"

enum { MOST_FILE_BYTES = 1 << 20 };

static mbedtls_x509_crt own, trusted;
static mbedtls_pk_context key;
static bool has_own, has_key, has_trusted;

int credentials_random(void* nobody, unsigned char* bytes, size_t size) {
  (void)nobody;
  while (size > 0) {
    ssize_t got = getrandom(bytes, size, 0);
    if (got < 0 && errno != EINTR) return MBEDTLS_ERR_SSL_INTERNAL_ERROR;
    if (got < 0) continue;
    bytes += got;
    size -= (size_t)got;
  }
  return 0;
}

// ---- reading ----

typedef int take(const unsigned char* text, size_t size);

static int take_own(const unsigned char* text, size_t size) { return mbedtls_x509_crt_parse(&own, text, size); }

static int take_trusted(const unsigned char* text, size_t size) { return mbedtls_x509_crt_parse(&trusted, text, size); }

static int take_key(const unsigned char* text, size_t size) { return mbedtls_pk_parse_key(&key, text, size, NULL, 0); }

// The library takes PEM with the NUL at its end. Of a list some may be of a kind that it does not know; one is enough.
static bool take_file(const char* setting, const char* name, const char* folder, take* taken, char* why, size_t size) {
  struct file file;
  if (!file_read(&file, folder, name, MOST_FILE_BYTES, why, size)) {
    char reason[2 * FILE_PATH_BYTES];
    snprintf(reason, sizeof reason, "%s", why);
    snprintf(why, size, "%s: %s", setting, reason);
    return false;
  }
  int answer = taken(file.bytes, file.size + 1);
  file_free(&file);
  if (answer == 0 || (taken == take_trusted && answer > 0 && trusted.version != 0)) return true;
  char words[128] = "not every certificate in it can be read";
  if (answer < 0) mbedtls_strerror(answer, words, sizeof words);
  snprintf(why, size, "%s: %s: %s", setting, name, words);
  return false;
}

static bool is_pair(char* why, size_t size) {
  if (!has_own || !has_key || mbedtls_pk_check_pair(&own.pk, &key) == 0) return true;
  snprintf(why, size, "ringlet.tls.certificate, ringlet.tls.key, ringlet.tls.trusted: key values mismatch");
  return false;
}

bool credentials_read(const struct credential_files* files, const char* folder, char* why, size_t size) {
  credentials_forget();
  has_own = *files->certificate;
  has_key = *files->key;
  has_trusted = *files->trusted;
  return (!has_own || take_file("ringlet.tls.certificate", files->certificate, folder, take_own, why, size)) &&
         (!has_key || take_file("ringlet.tls.key", files->key, folder, take_key, why, size)) &&
         (!has_trusted || take_file("ringlet.tls.trusted", files->trusted, folder, take_trusted, why, size)) &&
         is_pair(why, size);
}

void credentials_forget(void) {
  mbedtls_x509_crt_free(&own);
  mbedtls_x509_crt_free(&trusted);
  mbedtls_pk_free(&key);
  has_own = has_key = has_trusted = false;
}

// ---- giving ----

// A machine without this file trusts nobody.
static void trust_system(void) {
  char why[256];
  has_trusted = true;
  take_file("trusted", SYSTEMS_TRUSTED, "", take_trusted, why, sizeof why);
}

void credentials_give(mbedtls_ssl_config* config) {
  if (!has_trusted) trust_system();
  mbedtls_ssl_conf_ca_chain(config, &trusted, NULL);
  if (has_own && has_key) mbedtls_ssl_conf_own_cert(config, &own, &key);
}
