// Addresses of the network: as text for the module and for people, as the system's structure for sockets.

#ifndef RINGLET_PHONE_ADDRESS_H
#define RINGLET_PHONE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
  // An IPv6 address, "%" and the name of an interface.
  ADDRESS_BYTES = 64,
  // The same in brackets, and a port.
  ENDPOINT_BYTES = ADDRESS_BYTES + 9,
};

// `text` is empty for nobody, and has no brackets.
struct address {
  char text[ADDRESS_BYTES];
  uint16_t port;
};

// The system's structure, and how much of it counts.
struct endpoint {
  struct sockaddr_storage system;
  socklen_t size;
};

// 4, 6, or 0 for what is no address; a name is none.
int address_family(const char* text);

// Cuts nothing: what does not fit is no address, and empty.
void address_set(struct address* address, const void* text, size_t size, uint16_t port);

// False for what is no address. An empty one is every IPv4 address.
bool address_to_endpoint(const struct address* address, struct endpoint* endpoint);

void address_from_endpoint(struct address* address, const struct endpoint* endpoint);

// Where a socket is bound, or leads to.
void address_of_socket(int fd, struct address* address);
void address_of_peer(int fd, struct address* address);

// "192.0.2.1:5060" or "[::1]:5060", for people. `text` has ENDPOINT_BYTES.
const char* address_show(const struct address* address, char* text);

#endif
