#include "reload.h"

#include "module.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// LOCAL_LAYER: of what was set at run time (docs/abi.md).
enum { ACCOUNTS = 16, LOCAL_LAYER = 16, KEY_BYTES = 64, VALUE_BYTES = 64 };

// What was set at run time, as the text of a file with a LF before each line; NULL for nothing.
static char* local;

// Settings that are "0" until the sockets are there, and their values.
static struct {
  char key[KEY_BYTES];
  char value[VALUE_BYTES];
} changed[ACCOUNTS + 1];
static size_t changed_count;

static void keep_local(struct piece text) {
  free(local);
  local = malloc(text.size + 2);
  if (local) snprintf(local, text.size + 2, "\n%.*s", (int)text.size, (const char*)text.bytes);
}

void reload_take_leave(void) {
  struct piece text;
  if (!module_revive()) return;
  if (module_export(&text) >= 0) keep_local(text);
  for (int32_t call = ringlet_find(module_get(), 0, 0); call > 0; call = ringlet_find(module_get(), 0, 0))
    if (module_hangup((uint32_t)call) < 0) return;
}

static void hurry(const char* key) {
  struct piece value;
  if (module_setting(key, &value) < 0 || value.size == 0 || value.size >= VALUE_BYTES) return;
  if (value.size == 1 && *(const char*)value.bytes == '0') return;
  snprintf(changed[changed_count].key, KEY_BYTES, "%s", key);
  snprintf(changed[changed_count++].value, VALUE_BYTES, "%.*s", (int)value.size, (const char*)value.bytes);
  module_set(key, "0");
}

void reload_provision(void) {
  char key[KEY_BYTES];
  if (local) module_provision(piece_of(local + 1), LOCAL_LAYER);
  changed_count = 0;
  hurry("sip.reg_surge_prevention");
  for (int account = 1; account <= ACCOUNTS; account++) {
    snprintf(key, sizeof key, "account.%d.unregister_on_reboot", account);
    hurry(key);
  }
}

static bool is_local(const char* key) {
  size_t size = strlen(key);
  for (const char* at = local ? strstr(local, key) : NULL; at; at = strstr(at + size, key))
    if (at[-1] == '\n' && strncmp(at + size, " = ", 3) == 0) return true;
  return false;
}

// A blank value lets that of the files count again.
void reload_settle(void) {
  for (size_t i = 0; i < changed_count; i++)
    module_set(changed[i].key, is_local(changed[i].key) ? changed[i].value : "");
  changed_count = 0;
}
