#include "provisioning.h"

#include "carry.h"
#include "credentials.h"
#include "file.h"
#include "module.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FILE_BYTES = 256 * 1024, MOST_TARGETS = 32, MOST_LAYERS = 17, MOST_BOOT_BYTES = 64 * 1024 };

// The names of the files as people know them, by layer; of those that a boot file names there is a copy.
static char* names[MOST_LAYERS];
static size_t layer_count;

const char* status_words(int status, char* text) {
  static const char* const words[] = {
      "ok",      "no such thing", "wrong state",   "bad argument", "too large", "full", "unknown key",
      "bad value", "needs restart", "unreadable", "not yet",
  };
  size_t index = (size_t)-status;
  if (status <= 0 && index < sizeof words / sizeof *words) return words[index];
  snprintf(text, STATUS_BYTES, "status %d", status);
  return text;
}

static bool must(int32_t answer, const char* what, char* why) {
  char words[STATUS_BYTES];
  if (answer >= 0) return true;
  snprintf(why, REASON_BYTES, "%s: %s", what, status_words(answer, words));
  return false;
}

static bool read_config(struct file* file, const char* folder, const char* name, char* why) {
  char reason[REASON_BYTES / 2];
  if (file_read(file, folder, name, MOST_FILE_BYTES, reason, sizeof reason)) return true;
  snprintf(why, REASON_BYTES, "%s: %s", name, reason);
  return false;
}

static bool provision_layer(const char* folder, const char* name, char* why) {
  struct file file;
  if (!read_config(&file, folder, name, why)) return false;
  if (layer_count < MOST_LAYERS && !names[layer_count]) names[layer_count] = strdup(name);
  carry_name_layer((uint32_t)layer_count, layer_count < MOST_LAYERS ? names[layer_count] : NULL);
  int32_t answer = module_provision((struct piece){file.bytes, file.size}, (uint32_t)layer_count);
  file_free(&file);
  layer_count++;
  return must(answer, name, why);
}

// ---- boot files ----

// The names that the boot file has for this model, one behind the other, each with a NUL. They are copied before
// the module is asked for anything else.
static size_t collect_targets(char* targets, size_t room) {
  struct ringlet* module = module_get();
  size_t size = 0;
  for (const struct ringlet_record* record = module_boot_next(); record; record = module_boot_next()) {
    struct ringlet_slice name = record->of.value.value;
    if (record->kind != RINGLET_RECORD_VALUE || size + name.size + 1 > room) break;
    memcpy(targets + size, ringlet_bytes(module, name), name.size);
    size += name.size;
    targets[size++] = '\0';
  }
  return size;
}

static bool provision_targets(const char* boot, const char* targets, size_t size, char* why) {
  char folder[FILE_PATH_BYTES];
  file_folder(boot, folder);
  for (const char* at = targets; at < targets + size; at += strlen(at) + 1)
    if (!provision_layer(folder, at, why)) return false;
  return true;
}

static bool provision_boot(const char* name, const char* model, char* why) {
  struct file file;
  char* targets = malloc(MOST_BOOT_BYTES);
  bool is_read = targets && read_config(&file, "", name, why);
  bool is_done = false;
  if (is_read) {
    char what[FILE_PATH_BYTES];
    snprintf(what, sizeof what, "%s: boot file", name);
    is_done = must(module_boot((struct piece){file.bytes, file.size}, model), what, why);
    file_free(&file);
  }
  if (is_done) is_done = provision_targets(name, targets, collect_targets(targets, MOST_BOOT_BYTES), why);
  free(targets);
  return is_done;
}

static bool is_boot(const char* name) {
  size_t size = strlen(name);
  return size >= 5 && strcmp(name + size - 5, ".boot") == 0;
}

bool provision(const struct phone_options* options, char* why) {
  layer_count = 0;
  for (size_t i = 0; i < options->config_count; i++) {
    const char* name = options->configs[i];
    bool is_done = is_boot(name) ? provision_boot(name, options->model, why) : provision_layer("", name, why);
    if (!is_done) return false;
  }
  return options->bind == NULL || must(module_set("ringlet.bind.address", options->bind), "bind", why);
}

// ---- what the phone draws itself ----

// A random UUID (RFC 9562 §5.4). Empty without entropy.
static const char* instance_id(void) {
  static char line[80];
  unsigned char bytes[16];
  if (*line || credentials_random(NULL, bytes, sizeof bytes) != 0) return line;
  bytes[6] = (unsigned char)((bytes[6] & 15) | 64);
  bytes[8] = (unsigned char)((bytes[8] & 63) | 128);
  size_t size = (size_t)snprintf(line, sizeof line, "ringlet.instance_id = urn:uuid:");
  for (size_t i = 0; i < sizeof bytes; i++) {
    const char* dash = i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "";
    size += (size_t)snprintf(line + size, sizeof line - size, "%s%02x", dash, bytes[i]);
  }
  snprintf(line + size, sizeof line - size, "\n");
  return line;
}

bool provision_instance(char* why) {
  struct piece value;
  bool is_known = module_setting("ringlet.instance_id", &value) >= 0 && value.size > 0;
  if (is_known || layer_count >= MOST_LAYERS - 1 || !*instance_id()) return true;
  carry_name_layer((uint32_t)layer_count, "host");
  return must(module_provision(piece_of(instance_id()), (uint32_t)layer_count), "host", why);
}
