// The command line: `ringlet-phone run ...` and `ringlet-phone parse ...`, as the Node host has them; `--module FILE` is of this one.
//
// Exit 2 for a wrong command line, 1 for a file that can't be read or a port that is in use, and only at
// the start. After that the phone goes on until `quit` or a signal, and exits with 0.

#include "module-file.h"
#include "names.h"
#include "out.h"
#include "parse-command.h"
#include "replay.h"
#include "run-command.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage: ringlet run --config FILE [--config FILE]... [--bind ADDRESS] [--model MODEL] [--dns ADDRESS[:PORT]]...\n"
    "                   [--json] [--trace] [--record FILE] [--state FILE [--media-survived]] [--rollback auto|on|off]\n"
    "       ringlet parse [--json] FILE...\n"
    "       ringlet replay [--quiet] FILE...\n"
    "       ringlet --version\n";

static const char commands[] =
    "commands on standard input, one a line:\n"
    "       call URI [ACCOUNT] | answer [CALL] | reject [CALL] [STATUS] | hangup [CALL] | hold [CALL] | resume [CALL]\n"
    "       transfer URI [CALL] | transfer CALL CALL | conference CALL CALL\n"
    "       dtmf DIGITS [CALL] | media ADDRESS PORT [CALL]\n"
    "       forward URI [ACCOUNT] | forward off [ACCOUNT] | dnd on|off [ACCOUNT]\n"
    "       register [ACCOUNT] | unregister [ACCOUNT]\n"
    "       subscribe PACKAGE URI | unsubscribe PACKAGE URI | message URI TEXT\n"
    "       set KEY = VALUE | get KEY | calls | quit";

enum { WRONG_LINE = 2 };

// Prints what is wrong; answers the exit code.
__attribute__((format(printf, 1, 2))) static int misused(const char* format, ...) {
  va_list values;
  va_start(values, format);
  fputs("ringlet: ", stderr);
  vfprintf(stderr, format, values);
  fprintf(stderr, "\n%s", usage);
  va_end(values);
  return WRONG_LINE;
}

// ---- options ----

// The words that are left.
struct line {
  char** words;
  int count;
};

// What an option of `run` does with its value, or without one. Answers the exit code, 0 to go on.
typedef int take(struct run_options* options, const char* value);

static int take_config(struct run_options* options, const char* value) {
  struct phone_options* phone = &options->phone;
  if (phone->config_count == MOST_CONFIGS) return misused("no more than %d files are merged", MOST_CONFIGS);
  phone->configs[phone->config_count++] = value;
  return 0;
}

static int take_bind(struct run_options* options, const char* value) {
  options->phone.bind = value;
  return 0;
}

static int take_model(struct run_options* options, const char* value) {
  options->phone.model = value;
  return 0;
}

static int take_dns(struct run_options* options, const char* value) {
  (void)options;
  return names_use(value) ? 0 : misused("--dns takes ADDRESS or ADDRESS:PORT, not \"%s\"", value);
}

static int take_json(struct run_options* options, const char* value) {
  (void)value;
  options->is_json = true;
  return 0;
}

static int take_trace(struct run_options* options, const char* value) {
  (void)value;
  options->is_traced = true;
  return 0;
}

static int take_record(struct run_options* options, const char* value) {
  options->record = *value ? value : NULL;
  return 0;
}

static int take_state(struct run_options* options, const char* value) {
  options->phone.state = value;
  return 0;
}

static int take_media(struct run_options* options, const char* value) {
  (void)value;
  options->phone.media_survived = true;
  return 0;
}

static int take_rollback(struct run_options* options, const char* value) {
  static const char* const modes[] = {
      [RINGLET_ROLLBACK_AUTO] = "auto", [RINGLET_ROLLBACK_ON] = "on", [RINGLET_ROLLBACK_OFF] = "off"};
  for (unsigned mode = 0; mode < sizeof modes / sizeof *modes; mode++) {
    if (strcmp(modes[mode], value) != 0) continue;
    options->phone.rollback = (enum ringlet_rollback)mode;
    return 0;
  }
  return misused("--rollback takes auto, on or off, not \"%s\"", value);
}

static int take_module(struct run_options* options, const char* value) {
  options->phone.module = value;
  return 0;
}

static int take_quiet(struct run_options* options, const char* value) {
  (void)value;
  options->is_quiet = true;
  return 0;
}

struct option {
  const char* name;
  bool has_value;
  take* taken;
};

static const struct option run_options[] = {
    {"--config", true, take_config}, {"--bind", true, take_bind},    {"--model", true, take_model},
    {"--dns", true, take_dns},       {"--json", false, take_json},   {"--trace", false, take_trace},
    {"--record", true, take_record}, {"--state", true, take_state},  {"--media-survived", false, take_media},
    {"--rollback", true, take_rollback}, {"--module", true, take_module},
    {NULL, false, NULL},
};

static const struct option parse_options[] = {
    {"--json", false, take_json}, {"--module", true, take_module}, {NULL, false, NULL}};
static const struct option replay_options[] = {
    {"--quiet", false, take_quiet}, {"--module", true, take_module}, {NULL, false, NULL}};

// The option that a word names, up to a "=" in it.
static const struct option* find(const struct option* known, const char* word, size_t size) {
  for (; known->name; known++)
    if (strlen(known->name) == size && strncmp(known->name, word, size) == 0) return known;
  return NULL;
}

// Takes the first word, and the second where that is the value of the first.
static int take_option(struct line* line, const struct option* known, struct run_options* options) {
  const char* word = line->words[0];
  const char* value = strchr(word, '=');
  size_t size = value ? (size_t)(value - word) : strlen(word);
  const struct option* option = find(known, word, size);
  line->words++;
  line->count--;
  if (!option) return misused("Unknown option '%.*s'", (int)size, word);
  if (!option->has_value)
    return value ? misused("Option '%s' does not take an argument", option->name) : option->taken(options, NULL);
  if (value) return option->taken(options, value + 1);
  if (line->count == 0) return misused("Option '%s <value>' argument missing", option->name);
  if (line->words[0][0] == '-' && line->words[0][1])
    return misused("Option '%s <value>' argument is ambiguous.\nDid you forget to specify the option argument for '%s'?\n"
                   "To specify an option argument starting with a dash use '%s=-XYZ'.",
                   option->name, option->name, option->name);
  line->count--;
  return option->taken(options, *line->words++);
}

// Options may stand between other words, which are kept in their order at the beginning of `kept`; behind "--" there are none.
static int take_options(struct line line, const struct option* known, struct run_options* options, struct line* kept) {
  bool is_over = false;
  kept->words = line.words;
  kept->count = 0;
  while (line.count > 0) {
    const char* word = line.words[0];
    bool is_end = !is_over && strcmp(word, "--") == 0;
    bool is_option = !is_over && !is_end && word[0] == '-' && word[1];
    if (is_option) {
      int code = take_option(&line, known, options);
      if (code != 0) return code;
      continue;
    }
    is_over |= is_end;
    if (!is_end) kept->words[kept->count++] = line.words[0];
    line.words++;
    line.count--;
  }
  return 0;
}

// ---- verbs ----

static int run_phone(struct line line) {
  static struct run_options options = {.phone = {.model = ""}};
  struct line rest;
  int code = take_options(line, run_options, &options, &rest);
  if (code != 0) return code;
  if (rest.count > 0)
    return misused("Unexpected argument '%s'. This command does not take positional arguments", rest.words[0]);
  if (options.phone.config_count == 0) return misused("run needs --config FILE");
  if (options.phone.media_survived && !options.phone.state) return misused("--media-survived needs --state FILE");
  return run(&options);
}

static int parse(struct line line) {
  struct run_options options = {.is_json = false};
  struct line files;
  int code = take_options(line, parse_options, &options, &files);
  if (code != 0) return code;
  return files.count > 0 ? parse_files(files.words, files.count, options.is_json, options.phone.module)
                         : misused("parse needs FILE...");
}

static int replay(struct line line) {
  struct run_options options = {.is_quiet = false};
  struct line files;
  int code = take_options(line, replay_options, &options, &files);
  if (code != 0) return code;
  if (files.count == 0) return misused("replay needs FILE...");
  char why[REASON_BYTES];
  struct module_file module;
  if (!module_file_read(options.phone.module, &module, why, sizeof why)) {
    complain("%s", why);
    return WRONG_LINE;
  }
  const struct replay_options how = {module.bytes, module.size, options.is_quiet};
  return replay_files(files.count, files.words, &how);
}

static int help(void) {
  out_text(usage);
  out_text(commands);
  out_end();
  return 0;
}

// The hash is that of the module, the same on every machine that builds the same sources.
static int version(void) {
  char why[REASON_BYTES];
  struct module_file module;
  if (!module_file_read(NULL, &module, why, sizeof why)) {
    complain("%s", why);
    return 1;
  }
  out_text("ringlet " RINGLET_VERSION " abi 1 module ");
  out_text(module_file_hash());
  out_end();
  return 0;
}

static bool is_one_of(const char* word, const char* one, const char* other, const char* third) {
  return strcmp(word, one) == 0 || strcmp(word, other) == 0 || strcmp(word, third) == 0;
}

static int obey(int count, char** words) {
  struct line rest = {words + 2, count - 2};
  if (count < 2) return misused("what is to be done?");
  const char* verb = words[1];
  if (is_one_of(verb, "--help", "help", "-h")) return help();
  if (strcmp(verb, "--version") == 0) return version();
  if (strcmp(verb, "parse") == 0) return parse(rest);
  if (strcmp(verb, "replay") == 0) return replay(rest);
  if (strcmp(verb, "run") == 0) return run_phone(rest);
  // Options without a verb mean `run`.
  if (*verb == '-') return run_phone((struct line){words + 1, count - 1});
  return misused("there is no command \"%s\"", verb);
}

int main(int count, char** words) {
  int code = obey(count, words);
  out_flush();
  return code;
}
