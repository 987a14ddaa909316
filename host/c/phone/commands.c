#include "commands.h"

#include "carry.h"
#include "module.h"
#include "out.h"
#include "provisioning.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_WORDS = 4, MOST_NUMBER = 0x7fffffff };

// The words of a line; `count` may be more than there are kept.
struct words {
  char* verb;
  char* word[MOST_WORDS];
  int count;
  // Everything behind the verb, as it was typed.
  const char* text;
};

// ---- answers ----

// `what` was typed; NeedsRestart is worth a line too, though the value was taken.
static void must(const char* what, int32_t answer) {
  char words[STATUS_BYTES];
  if (answer == RINGLET_NEEDS_RESTART) {
    complain("%s: noted, takes effect at the next start", what);
  } else if (answer < 0) {
    complain("%s: %s", what, status_words(answer, words));
  }
}

static void must_of(const char* verb, const char* word, int32_t answer) {
  if (!word) return must(verb, answer);
  size_t size = strlen(verb) + strlen(word) + 2;
  char* what = malloc(size);
  if (!what) return;
  snprintf(what, size, "%s %s", verb, word);
  must(what, answer);
  free(what);
}

// ---- numbers ----

// False for what is none of these, with a line that says so.
static bool whole(const char* word, const char* name, long least, long most, uint32_t* value) {
  bool is_number = *word && strlen(word) <= 10 && strspn(word, "0123456789") == strlen(word);
  long long number = is_number ? atoll(word) : -1;
  *value = (uint32_t)number;
  if (number >= least && number <= most) return true;
  if (most == MOST_NUMBER) {
    complain("%s is a number from %ld, not \"%s\"", name, least, word);
  } else {
    complain("%s is a number from %ld to %ld, not \"%s\"", name, least, most, word);
  }
  return false;
}

// [ACCOUNT], by default the lowest that is enabled.
static bool account_of(const char* word, uint32_t* account) {
  *account = 0;
  return word == NULL || whole(word, "ACCOUNT", 1, 16, account);
}

// [CALL], by default the newest, and with `is_ringing` the newest of those that ring here.
static bool call_of(const char* verb, const char* word, bool is_ringing, uint32_t* call) {
  uint32_t number = 0;
  if (word && !whole(word, "CALL", 1, MOST_NUMBER, &number)) return false;
  int32_t handle = ringlet_find(module_get(), number, is_ringing && number == 0);
  *call = (uint32_t)handle;
  if (handle > 0) return true;
  if (number > 0) {
    complain("%s: there is no call %u", verb, number);
  } else {
    complain("%s: %s", verb, is_ringing ? "no call is ringing here" : "there is no call");
  }
  return false;
}

// ---- commands ----

static void call(const struct words* words) {
  uint32_t account;
  if (words->count < 1 || words->count > 2) return complain("call needs URI [ACCOUNT]");
  if (account_of(words->word[1], &account)) must_of("call", words->word[0], module_call(account, words->word[0]));
}

static void of_one_account(const struct words* words, int32_t (*act)(uint32_t account)) {
  uint32_t account;
  if (words->count > 1) return complain("%s takes no more than [ACCOUNT]", words->verb);
  if (account_of(words->word[0], &account)) must_of(words->verb, words->word[0], act(account));
}

static void register_account(const struct words* words) { of_one_account(words, module_register); }

static void unregister_account(const struct words* words) { of_one_account(words, module_unregister); }

static void of_one_call(const struct words* words, bool is_ringing, int32_t (*act)(uint32_t call)) {
  uint32_t handle;
  if (words->count > 1) return complain("%s takes no more than [CALL]", words->verb);
  if (call_of(words->verb, words->word[0], is_ringing, &handle)) must_of(words->verb, words->word[0], act(handle));
}

static void answer(const struct words* words) { of_one_call(words, true, module_answer); }

static void hangup(const struct words* words) { of_one_call(words, false, module_hangup); }

static void hold(const struct words* words) { of_one_call(words, false, module_hold); }

static void resume(const struct words* words) { of_one_call(words, false, module_resume); }

static bool is_status(const char* word) {
  return strlen(word) == 3 && *word >= '3' && *word <= '6' && strspn(word, "0123456789") == 3;
}

// [CALL] [STATUS]; a lone 300..699 is a STATUS.
static void reject(const struct words* words) {
  uint32_t status = 0;
  uint32_t handle;
  const char* number = words->word[0];
  if (words->count > 2) return complain("reject takes [CALL] [STATUS]");
  if (words->count == 2 && !whole(words->word[1], "STATUS", 300, 699, &status)) return;
  if (words->count == 1 && is_status(number)) {
    status = (uint32_t)atoi(number);
    number = NULL;
  }
  if (call_of("reject", number, true, &handle)) must_of("reject", number, module_reject(handle, status));
}

static void transfer(const struct words* words) {
  (void)words;
  complain("transfer comes with a later version");
}

static void set(const struct words* words) {
  size_t size = strcspn(words->text, " \t\v\f\r=");
  const char* at = words->text + size;
  at += strspn(at, " \t\v\f\r");
  if (size == 0 || *at != '=') return complain("set needs KEY = VALUE");
  at++;
  char* key = strndup(words->text, size);
  if (!key) return;
  must_of("set", key, module_set(key, at + strspn(at, " \t\v\f\r")));
  free(key);
}

static void get(const struct words* words) {
  struct piece value;
  if (words->count != 1) return complain("get needs KEY");
  int32_t status = module_setting(words->word[0], &value);
  if (status < 0) return must_of("get", words->word[0], status);
  struct shown_event event = {.name = piece_of("setting")};
  event_add_text(&event, piece_of("key"), piece_of(words->word[0]));
  event_add_text(&event, piece_of("value"), value);
  show_event(&event);
}

static void calls(const struct words* words) {
  if (words->count > 0) return complain("calls takes nothing more");
  carried_states();
  int32_t status = module_list();
  if (status < 0) return must("calls", status);
  struct shown_event event = {.name = piece_of("calls")};
  event_add_number(&event, piece_of("count"), carried_states());
  show_event(&event);
}

static const struct {
  const char* verb;
  void (*obey)(const struct words* words);
} commands[] = {
    {"call", call},
    {"register", register_account},
    {"unregister", unregister_account},
    {"answer", answer},
    {"hangup", hangup},
    {"hold", hold},
    {"resume", resume},
    {"reject", reject},
    {"transfer", transfer},
    {"set", set},
    {"get", get},
    {"calls", calls},
};

// ---- words ----

static bool is_space(char c) { return isspace((unsigned char)c) != 0; }

static char* trim(char* text) {
  while (is_space(*text)) text++;
  for (size_t size = strlen(text); size > 0 && is_space(text[size - 1]); size--) text[size - 1] = '\0';
  return text;
}

// Cuts the text behind the verb into words; `copy` is what it may cut.
static void cut(struct words* words, char* copy) {
  for (char* at = trim(copy); *at; words->count++) {
    char* word = at;
    while (*at && !is_space(*at)) at++;
    if (*at) *at++ = '\0';
    while (is_space(*at)) at++;
    if (words->count < MOST_WORDS) words->word[words->count] = word;
  }
}

void obey(char* line) {
  struct words words = {.verb = trim(line)};
  if (*words.verb == '\0') return;
  char* behind = words.verb;
  while (*behind && !is_space(*behind)) behind++;
  if (*behind) *behind++ = '\0';
  words.text = trim(behind);
  char* copy = strdup(words.text);
  if (!copy) return;
  cut(&words, copy);
  size_t i = 0;
  size_t count = sizeof commands / sizeof *commands;
  while (i < count && strcmp(commands[i].verb, words.verb) != 0) i++;
  if (i < count) {
    commands[i].obey(&words);
  } else {
    complain("there is no command \"%s\"", words.verb);
  }
  free(copy);
}
