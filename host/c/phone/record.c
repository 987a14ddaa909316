#include "record.h"

#include "failure.h"
#include "file.h"
#include "module.h"
#include "out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Nobody but the owner reads it: it tells whom the phone talked to.
enum { MODE = 0600 };

static const char* file;
static bool has_fault;

void record_to(const char* name) { file = name; }

bool record_is_wanted(void) { return file != NULL; }

// 0, or the number of the error.
static int write_whole(const char* path) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, MODE);
  FILE* stream = fd >= 0 ? fdopen(fd, "w") : NULL;
  if (!stream) {
    int error = errno;
    if (fd >= 0) close(fd);
    return error;
  }
  errno = 0;
  bool is_written = fchmod(fd, MODE) == 0 && module_record(stream);
  if (fclose(stream) != 0) is_written = false;
  return is_written ? 0 : errno ? errno : ENOMEM;
}

// In place of the old one, or not at all.
static int write_to(const char* path) {
  char part[FILE_PATH_BYTES];
  if (snprintf(part, sizeof part, "%s.tmp", path) >= FILE_PATH_BYTES) return ENAMETOOLONG;
  int error = write_whole(part);
  if (error == 0 && rename(part, path) != 0) error = errno;
  return error;
}

static void write_file(const char* path) {
  char why[FILE_PATH_BYTES + 128];
  int error = write_to(path);
  if (error == 0) return;
  failure_of_file(why, sizeof why, error, path);
  complain("%s: %s", path, why);
}

void record_write(void) {
  if (file) write_file(file);
}

void record_note_fault(void) { has_fault = file != NULL; }

void record_write_fault(void) {
  char path[FILE_PATH_BYTES];
  if (!has_fault || !module_get()) return;
  has_fault = false;
  snprintf(path, sizeof path, "%s.fault", file);
  write_file(path);
}
