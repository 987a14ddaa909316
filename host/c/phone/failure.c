#include "failure.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
  int error;
  const char* name;
} names[] = {
    {EACCES, "EACCES"},
    {EADDRINUSE, "EADDRINUSE"},
    {EADDRNOTAVAIL, "EADDRNOTAVAIL"},
    {EAFNOSUPPORT, "EAFNOSUPPORT"},
    {ECONNREFUSED, "ECONNREFUSED"},
    {ECONNRESET, "ECONNRESET"},
    {EHOSTUNREACH, "EHOSTUNREACH"},
    {EINVAL, "EINVAL"},
    {EISDIR, "EISDIR"},
    {EMFILE, "EMFILE"},
    {ENETUNREACH, "ENETUNREACH"},
    {ENOENT, "ENOENT"},
    {ENOTDIR, "ENOTDIR"},
    {EPERM, "EPERM"},
    {EPIPE, "EPIPE"},
    {ETIMEDOUT, "ETIMEDOUT"},
};

const char* failure_name(int error) {
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (names[i].error == error) return names[i].name;
  return strerror(error);
}

void failure_of_file(char* text, size_t size, int error, const char* file) {
  if (error == EISDIR) {
    snprintf(text, size, "EISDIR: illegal operation on a directory, read");
    return;
  }
  const char* words = strerror(error);
  snprintf(text, size, "%s: %c%s, open '%s'", failure_name(error), tolower((unsigned char)*words), words + 1, file);
}

void failure_of_socket(char* text, const char* what, int error, const struct address* address) {
  char shown[ENDPOINT_BYTES];
  bool has_port = address->port != 0;
  snprintf(text, FAILURE_BYTES, "%s %s %s", what, failure_name(error),
           has_port ? address_show(address, shown) : address->text);
}
