// Reading whole files of a bounded size.

#ifndef RINGLET_PHONE_FILE_H
#define RINGLET_PHONE_FILE_H

#include <stdbool.h>
#include <stddef.h>

enum { FILE_PATH_BYTES = 1024 };

// `bytes` has a NUL behind its end, which does not count.
struct file {
  unsigned char* bytes;
  size_t size;
};

// Of `name` seen from `folder` (empty: from here) at most `most` bytes; one byte more shows that there are more. False with the
// reason in `why`, which has `why_size` bytes.
bool file_read(struct file* file, const char* folder, const char* name, size_t most, char* why, size_t why_size);

void file_free(struct file* file);

// The folder that a file is in, as far as its name says so: "." for none. `folder` has FILE_PATH_BYTES.
const char* file_folder(const char* name, char* folder);

#endif
