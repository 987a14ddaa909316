#include "parse-command.h"

#include "credentials.h"
#include "file.h"
#include "module-file.h"
#include "out.h"
#include "print.h"
#include "provisioning.h"
#include "ringlet.h"

#include <stdio.h>
#include <string.h>

enum { MOST_FILE_BYTES = 65535, ENTROPY_BYTES = 32 };

static void drain(struct ringlet* module) {
  while (ringlet_poll(module)) {
  }
}

static const char* verdict_word(int32_t status, char* text) {
  if (status < 0) return "drop";
  if (status == 0) return "accept";
  sprintf(text, "%d", status);
  return text;
}

static void show_json(const char* file, const char* verdict, struct piece reason, int32_t octet) {
  out_text("{\"file\":");
  out_json_text(file);
  out_text(",\"verdict\":");
  out_json_text(verdict);
  out_text(",\"reason\":");
  out_json(reason.bytes, reason.size);
  out_text(",\"offset\":");
  out_number(octet);
  out_text("}");
  out_end();
}

static void show_readable(const char* file, const char* verdict, struct piece reason, int32_t octet) {
  out_text(file);
  out_text(": ");
  out_text(verdict);
  if (reason.size > 0) out_text(", ");
  out_utf8(reason.bytes, reason.size);
  if (strcmp(verdict, "accept") != 0 && octet >= 0) {
    out_text(" (octet ");
    out_number(octet);
    out_text(")");
  }
  out_end();
}

static bool judge(struct ringlet* module, const char* name, bool is_json) {
  struct file file;
  char why[REASON_BYTES];
  char text[STATUS_BYTES];
  if (!file_read(&file, "", name, MOST_FILE_BYTES, why, sizeof why)) {
    complain("%s: %s", name, why);
    return false;
  }
  int32_t status = ringlet_judge(module, (ringlet_text){file.bytes, (uint32_t)file.size});
  file_free(&file);
  const struct ringlet_record* record = status >= 0 ? ringlet_poll(module) : NULL;
  if (!record || record->kind != RINGLET_RECORD_VERDICT) {
    complain("%s: %s", name, status_words(status, text));
    return false;
  }
  struct ringlet_slice reason = record->of.verdict.reason;
  struct piece words = {ringlet_bytes(module, reason), reason.size};
  (is_json ? show_json : show_readable)(name, verdict_word(record->of.verdict.status, text), words,
                                        (int32_t)record->of.verdict.octet);
  drain(module);
  return true;
}

static struct ringlet* idle_phone(const char* file) {
  unsigned char entropy[ENTROPY_BYTES];
  char why[REASON_BYTES];
  struct module_file bytes;
  bool is_read = module_file_read(file, &bytes, why, sizeof why);
  const struct ringlet_options options = {.module = bytes.bytes, .module_size = (uint32_t)bytes.size};
  struct ringlet* module = is_read ? ringlet_open(&options, why, sizeof why) : NULL;
  if (!module) {
    complain("%s", why);
    return NULL;
  }
  credentials_random(NULL, entropy, sizeof entropy);
  ringlet_init(module, (ringlet_text){entropy, sizeof entropy});
  drain(module);
  ringlet_start(module, 0);
  drain(module);
  return module;
}

int parse_files(char** files, int count, bool is_json, const char* with) {
  struct ringlet* module = idle_phone(with);
  int code = module ? 0 : 1;
  for (int i = 0; module && i < count; i++)
    if (!judge(module, files[i], is_json)) code = 1;
  ringlet_close(module);
  return code;
}
