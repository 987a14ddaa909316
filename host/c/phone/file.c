#include "file.h"

#include "failure.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool path_of(const char* folder, const char* name, char* path) {
  bool is_alone = *name == '/' || !*folder || strcmp(folder, ".") == 0;
  int length = is_alone ? snprintf(path, FILE_PATH_BYTES, "%s", name)
                        : snprintf(path, FILE_PATH_BYTES, "%s/%s", folder, name);
  return length < FILE_PATH_BYTES;
}

static bool enlarge(struct file* file, size_t room) {
  unsigned char* bytes = realloc(file->bytes, room + 1);
  if (!bytes) return false;
  file->bytes = bytes;
  return true;
}

// 0, or the number of the error.
static int read_all(struct file* file, int fd, size_t most) {
  for (size_t room = 4096; file->size < most + 1; room *= 2) {
    if (room > most + 1) room = most + 1;
    if (!enlarge(file, room)) return ENOMEM;
    while (file->size < room) {
      ssize_t got = read(fd, file->bytes + file->size, room - file->size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return errno;
      if (got == 0) return 0;
      file->size += (size_t)got;
    }
  }
  return 0;
}

bool file_read(struct file* file, const char* folder, const char* name, size_t most, char* why, size_t why_size) {
  char path[FILE_PATH_BYTES];
  *file = (struct file){NULL, 0};
  int error = path_of(folder, name, path) ? 0 : ENAMETOOLONG;
  int fd = error == 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (error == 0) error = fd < 0 ? errno : read_all(file, fd, most);
  if (fd >= 0) close(fd);
  if (error == 0) {
    file->bytes[file->size] = '\0';
    return true;
  }
  file_free(file);
  failure_of_file(why, why_size, error, path);
  return false;
}

void file_free(struct file* file) {
  free(file->bytes);
  *file = (struct file){NULL, 0};
}

const char* file_folder(const char* name, char* folder) {
  const char* slash = strrchr(name, '/');
  size_t length = slash == name ? 1 : slash ? (size_t)(slash - name) : 0;
  if (length == 0) return strcpy(folder, ".");
  if (length >= FILE_PATH_BYTES) length = FILE_PATH_BYTES - 1;
  memcpy(folder, name, length);
  folder[length] = '\0';
  return folder;
}
