#include "address.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

static bool parse_ipv4(const char* text, uint16_t port, struct endpoint* endpoint) {
  struct sockaddr_in* system = (struct sockaddr_in*)&endpoint->system;
  system->sin_family = AF_INET;
  system->sin_port = htons(port);
  endpoint->size = sizeof *system;
  return inet_pton(AF_INET, text, &system->sin_addr) == 1;
}

// An address of one link has the interface behind a "%" (RFC 4007 §11).
static bool parse_ipv6(const char* text, uint16_t port, struct endpoint* endpoint) {
  struct sockaddr_in6* system = (struct sockaddr_in6*)&endpoint->system;
  char plain[ADDRESS_BYTES];
  size_t size = strcspn(text, "%");
  if (size >= sizeof plain) return false;
  memcpy(plain, text, size);
  plain[size] = '\0';
  system->sin6_family = AF_INET6;
  system->sin6_port = htons(port);
  if (text[size] == '%') system->sin6_scope_id = if_nametoindex(text + size + 1);
  endpoint->size = sizeof *system;
  return inet_pton(AF_INET6, plain, &system->sin6_addr) == 1;
}

static bool parse(const char* text, uint16_t port, struct endpoint* endpoint) {
  memset(endpoint, 0, sizeof *endpoint);
  return strchr(text, ':') ? parse_ipv6(text, port, endpoint) : parse_ipv4(text, port, endpoint);
}

int address_family(const char* text) {
  struct endpoint endpoint;
  if (!parse(text, 0, &endpoint)) return 0;
  return endpoint.system.ss_family == AF_INET6 ? 6 : 4;
}

void address_set(struct address* address, const void* text, size_t size, uint16_t port) {
  memset(address, 0, sizeof *address);
  if (size < sizeof address->text && size > 0) memcpy(address->text, text, size);
  address->port = port;
}

bool address_to_endpoint(const struct address* address, struct endpoint* endpoint) {
  return parse(*address->text ? address->text : "0.0.0.0", address->port, endpoint);
}

static void from_ipv6(struct address* address, const struct sockaddr_in6* system) {
  inet_ntop(AF_INET6, &system->sin6_addr, address->text, INET6_ADDRSTRLEN);
  address->port = ntohs(system->sin6_port);
  char name[IF_NAMESIZE];
  if (system->sin6_scope_id == 0 || !if_indextoname(system->sin6_scope_id, name)) return;
  size_t size = strlen(address->text);
  snprintf(address->text + size, sizeof address->text - size, "%%%s", name);
}

void address_from_endpoint(struct address* address, const struct endpoint* endpoint) {
  memset(address, 0, sizeof *address);
  if (endpoint->system.ss_family == AF_INET6) {
    from_ipv6(address, (const struct sockaddr_in6*)&endpoint->system);
  } else if (endpoint->system.ss_family == AF_INET) {
    const struct sockaddr_in* system = (const struct sockaddr_in*)&endpoint->system;
    inet_ntop(AF_INET, &system->sin_addr, address->text, sizeof address->text);
    address->port = ntohs(system->sin_port);
  }
}

void address_of_socket(int fd, struct address* address) {
  struct endpoint endpoint = {.size = sizeof endpoint.system};
  if (getsockname(fd, (struct sockaddr*)&endpoint.system, &endpoint.size) < 0) endpoint.system.ss_family = 0;
  address_from_endpoint(address, &endpoint);
}

void address_of_peer(int fd, struct address* address) {
  struct endpoint endpoint = {.size = sizeof endpoint.system};
  if (getpeername(fd, (struct sockaddr*)&endpoint.system, &endpoint.size) < 0) endpoint.system.ss_family = 0;
  address_from_endpoint(address, &endpoint);
}

const char* address_show(const struct address* address, char* text) {
  bool is_ipv6 = strchr(address->text, ':') != NULL;
  snprintf(text, ENDPOINT_BYTES, is_ipv6 ? "[%s]:%u" : "%s:%u", address->text, address->port);
  return text;
}
