#include "tls.h"

#include "address.h"
#include "certificate.h"
#include "credentials.h"
#include "failure.h"

#include <errno.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct tls {
  mbedtls_ssl_context side;
  int fd;
  // What was answered last.
  int answer;
  // So much was handed over and has not left: the library wants to be asked again for just that.
  size_t retried;
};

// ---- what all sides of one kind share ----

static void prepare(mbedtls_ssl_config* config, int side) {
  mbedtls_ssl_config_init(config);
  mbedtls_ssl_config_defaults(config, side, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
  mbedtls_ssl_conf_min_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
  mbedtls_ssl_conf_authmode(config, MBEDTLS_SSL_VERIFY_OPTIONAL);
  mbedtls_ssl_conf_rng(config, credentials_random, NULL);
  // Names of whom we trust would be a list of more than a hundred.
  if (side == MBEDTLS_SSL_IS_SERVER)
    mbedtls_ssl_conf_cert_req_ca_list(config, MBEDTLS_SSL_CERT_REQ_CA_LIST_DISABLED);
  credentials_give(config);
}

static const mbedtls_ssl_config* config_of(bool is_client) {
  static mbedtls_ssl_config configs[2];
  static bool is_prepared[2];
  if (!is_prepared[is_client]) prepare(&configs[is_client], is_client ? MBEDTLS_SSL_IS_CLIENT : MBEDTLS_SSL_IS_SERVER);
  is_prepared[is_client] = true;
  return &configs[is_client];
}

// ---- bytes to and from the socket ----

static int socket_send(void* owner, const unsigned char* bytes, size_t size) {
  ssize_t sent = send(((const struct tls*)owner)->fd, bytes, size, MSG_NOSIGNAL);
  if (sent >= 0) return (int)sent;
  return errno == EAGAIN || errno == EINTR ? MBEDTLS_ERR_SSL_WANT_WRITE : MBEDTLS_ERR_NET_SEND_FAILED;
}

static int socket_receive(void* owner, unsigned char* bytes, size_t size) {
  ssize_t received = recv(((const struct tls*)owner)->fd, bytes, size, 0);
  if (received >= 0) return (int)received;
  if (errno == EAGAIN || errno == EINTR) return MBEDTLS_ERR_SSL_WANT_READ;
  return errno == ECONNRESET ? MBEDTLS_ERR_NET_CONN_RESET : MBEDTLS_ERR_NET_RECV_FAILED;
}

// ---- one side ----

// The name without the dot at its end; NULL for what is none.
static const char* shown_name(const char* name, char* text, size_t size) {
  snprintf(text, size, "%s", name);
  size_t length = strlen(text);
  if (length > 0 && text[length - 1] == '.') text[length - 1] = '\0';
  return *text && address_family(text) == 0 ? text : NULL;
}

struct tls* tls_begin(int fd, bool is_client, const char* name) {
  struct tls* tls = calloc(1, sizeof *tls);
  if (!tls) return NULL;
  char text[MBEDTLS_SSL_MAX_HOST_NAME_LEN + 1];
  tls->fd = fd;
  mbedtls_ssl_init(&tls->side);
  bool is_ready = mbedtls_ssl_setup(&tls->side, config_of(is_client)) == 0 &&
                  mbedtls_ssl_set_hostname(&tls->side, shown_name(name, text, sizeof text)) == 0;
  if (!is_ready) {
    tls_free(tls);
    return NULL;
  }
  mbedtls_ssl_set_bio(&tls->side, tls, socket_send, socket_receive, NULL);
  return tls;
}

void tls_free(struct tls* tls) {
  if (!tls) return;
  mbedtls_ssl_free(&tls->side);
  free(tls);
}

static int judge(struct tls* tls, int answer) {
  tls->answer = answer;
  if (answer >= 0) return answer;
  bool is_waiting = answer == MBEDTLS_ERR_SSL_WANT_READ || answer == MBEDTLS_ERR_SSL_WANT_WRITE;
  return is_waiting ? TLS_WAITS : TLS_BROKEN;
}

int tls_shake(struct tls* tls) { return judge(tls, mbedtls_ssl_handshake(&tls->side)); }

ssize_t tls_read(struct tls* tls, void* bytes, size_t size) {
  int answer = mbedtls_ssl_read(&tls->side, bytes, size);
  bool is_end = answer == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY || answer == MBEDTLS_ERR_SSL_CONN_EOF;
  return judge(tls, is_end ? 0 : answer);
}

ssize_t tls_write(struct tls* tls, const void* bytes, size_t size) {
  if (tls->retried > 0) size = tls->retried;
  int answer = judge(tls, mbedtls_ssl_write(&tls->side, bytes, size));
  tls->retried = answer == TLS_WAITS ? size : 0;
  return answer;
}

void tls_end(struct tls* tls) {
  if (tls) mbedtls_ssl_close_notify(&tls->side);
}

bool tls_wants_write(const struct tls* tls) { return tls && tls->answer == MBEDTLS_ERR_SSL_WANT_WRITE; }

const char* tls_names(const struct tls* tls) {
  const mbedtls_x509_crt* certificate = tls ? mbedtls_ssl_get_peer_cert(&tls->side) : NULL;
  return certificate ? certificate_lines(certificate, mbedtls_ssl_get_verify_result(&tls->side)) : "";
}

const char* tls_words(const struct tls* tls, char* words) {
  if (tls->answer == MBEDTLS_ERR_SSL_CONN_EOF) return "the peer hung up";
  if (tls->answer == MBEDTLS_ERR_NET_CONN_RESET) return "read ECONNRESET";
  mbedtls_strerror(tls->answer, words, FAILURE_BYTES);
  return words;
}
