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

#define SPACES " \t\v\f\r"

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

static void must_of_two(const char* verb, const char* word, const char* other, int32_t answer) {
  size_t size = strlen(verb) + strlen(word) + strlen(other) + 3;
  char* what = malloc(size);
  if (!what) return;
  snprintf(what, size, "%s %s%s%s", verb, word, *other ? " " : "", other);
  must(what, answer);
  free(what);
}

static void must_of(const char* verb, const char* word, int32_t answer) {
  if (!word) return must(verb, answer);
  must_of_two(verb, word, "", answer);
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

static void of_two_calls(const struct words* words, int32_t (*act)(uint32_t call, uint32_t other)) {
  uint32_t call;
  uint32_t other;
  if (words->count != 2) return complain("%s needs CALL CALL", words->verb);
  if (call_of(words->verb, words->word[0], false, &call) && call_of(words->verb, words->word[1], false, &other))
    must_of_two(words->verb, words->word[0], words->word[1], act(call, other));
}

static void conference(const struct words* words) { of_two_calls(words, module_conference); }

static bool is_call_number(const char* word) {
  size_t size = strlen(word);
  return size <= 5 && strspn(word, "0123456789") == size;
}

static void transfer(const struct words* words) {
  uint32_t handle;
  if (words->count == 2 && is_call_number(words->word[0]) && is_call_number(words->word[1]))
    return of_two_calls(words, module_transfer_to);
  if (words->count < 1 || words->count > 2) return complain("transfer needs URI [CALL], or CALL CALL");
  if (call_of("transfer", words->word[1], false, &handle))
    must_of("transfer", words->word[1], module_transfer(handle, words->word[0]));
}

static void dtmf(const struct words* words) {
  uint32_t handle;
  if (words->count < 1 || words->count > 2) return complain("dtmf needs DIGITS [CALL]");
  if (call_of("dtmf", words->word[1], false, &handle))
    must_of("dtmf", words->word[1], module_dtmf(handle, words->word[0]));
}

static void media(const struct words* words) {
  uint32_t handle;
  uint32_t port;
  if (words->count < 2 || words->count > 3) return complain("media needs ADDRESS PORT [CALL]");
  if (whole(words->word[1], "PORT", 1, 65535, &port) && call_of("media", words->word[2], false, &handle))
    must_of("media", words->word[2], module_media(handle, words->word[0], port));
}

static void message(const struct words* words) {
  if (words->count < 2) return complain("message needs URI TEXT");
  const char* text = words->text + strlen(words->word[0]);
  must_of("message", words->word[0], module_message(words->word[0], text + strspn(text, SPACES)));
}

// ---- subscriptions ----

// What the user has subscribed to, as it was typed: "PACKAGE URI".
struct subscription {
  struct subscription* next;
  uint32_t handle;
  char what[];
};

static struct subscription* subscriptions;

// Where the link to it is: that to NULL at the end where there is none.
static struct subscription** subscription_of(const char* package, const char* uri) {
  size_t size = strlen(package);
  struct subscription** at = &subscriptions;
  while (*at && (strncmp((*at)->what, package, size) != 0 || (*at)->what[size] != ' ' ||
                 strcmp((*at)->what + size + 1, uri) != 0))
    at = &(*at)->next;
  return at;
}

// Of two subscriptions to the same, the newer is the one that `unsubscribe` means.
static void keep_subscription(const char* package, const char* uri, uint32_t handle) {
  struct subscription** at = subscription_of(package, uri);
  if (!*at) {
    size_t size = strlen(package) + strlen(uri) + 2;
    *at = calloc(1, sizeof **at + size);
    if (!*at) return;
    snprintf((*at)->what, size, "%s %s", package, uri);
  }
  (*at)->handle = handle;
}

static void subscribe(const struct words* words) {
  if (words->count != 2) return complain("subscribe needs PACKAGE URI");
  int32_t handle = module_subscribe(words->word[0], words->word[1]);
  must_of_two("subscribe", words->word[0], words->word[1], handle);
  if (handle >= 0) keep_subscription(words->word[0], words->word[1], (uint32_t)handle);
}

static void unsubscribe(const struct words* words) {
  if (words->count != 2) return complain("unsubscribe needs PACKAGE URI");
  struct subscription** at = subscription_of(words->word[0], words->word[1]);
  struct subscription* known = *at;
  if (!known) return complain("unsubscribe: there is no subscription to it");
  *at = known->next;
  must_of_two("unsubscribe", words->word[0], words->word[1], module_unsubscribe(known->handle));
  free(known);
}

// ---- settings under short names ----

// A setting that is on or off, for the phone or for each account: `mode` says which of the two counts.
struct shortcut {
  const char* verb;
  const char* mode;
  const char* of_phone;
  const char* of_account;
};

static bool is_each_account(const struct shortcut* shortcut) {
  struct piece value;
  return module_setting(shortcut->mode, &value) >= 0 && value.size == 1 && *(const char*)value.bytes == '1';
}

// Sets `name` below the key that counts: ACCOUNT is 1 where it is not typed. False with a line where it can't be.
static bool set_shortcut(const struct shortcut* shortcut, const char* word, const char* name, const char* value) {
  uint32_t account = 1;
  char key[64];
  if (word && !whole(word, "ACCOUNT", 1, 16, &account)) return false;
  if (is_each_account(shortcut)) {
    snprintf(key, sizeof key, "account.%u.%s.%s", account, shortcut->of_account, name);
  } else if (word) {
    complain("ACCOUNT needs %s = 1", shortcut->mode);
    return false;
  } else {
    snprintf(key, sizeof key, "%s.%s", shortcut->of_phone, name);
  }
  int32_t status = module_set(key, value);
  must(shortcut->verb, status);
  return status == RINGLET_OK;
}

static void forward(const struct words* words) {
  static const struct shortcut keys = {"forward", "features.fwd_mode", "forward.always", "always_fwd"};
  if (words->count < 1 || words->count > 2) return complain("forward needs URI [ACCOUNT], or off");
  const char* target = words->word[0];
  bool is_on = strcmp(target, "off") != 0;
  if (is_on && !set_shortcut(&keys, words->word[1], "target", target)) return;
  set_shortcut(&keys, words->word[1], "enable", is_on ? "1" : "0");
}

static void dnd(const struct words* words) {
  static const struct shortcut keys = {"dnd", "features.dnd_mode", "features.dnd", "dnd"};
  bool is_on = words->count > 0 && strcmp(words->word[0], "on") == 0;
  bool is_off = words->count > 0 && strcmp(words->word[0], "off") == 0;
  if ((!is_on && !is_off) || words->count > 2) return complain("dnd needs on or off, and [ACCOUNT]");
  set_shortcut(&keys, words->word[1], "enable", is_on ? "1" : "0");
}

static void set(const struct words* words) {
  size_t size = strcspn(words->text, SPACES "=");
  const char* at = words->text + size;
  at += strspn(at, SPACES);
  if (size == 0 || *at != '=') return complain("set needs KEY = VALUE");
  at++;
  char* key = strndup(words->text, size);
  if (!key) return;
  must_of("set", key, module_set(key, at + strspn(at, SPACES)));
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
    {"conference", conference},
    {"dtmf", dtmf},
    {"media", media},
    {"subscribe", subscribe},
    {"unsubscribe", unsubscribe},
    {"message", message},
    {"forward", forward},
    {"dnd", dnd},
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
