#include "names.h"

#include "address.h"
#include "clock.h"
#include "dns-answer.h"
#include "loop.h"
#include "ringlet_abi.h"
#include "udp.h"

#include <ares.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/time.h>

enum {
  // Without an answer for so long a server counts as silent; all of them are asked twice.
  TIMEOUT_MS = 1500,
  ROUNDS = 2,
  PORT = 53,
  IN = 1,
  // The file of hosts tells no time to live.
  LOOKUP_TTL_SECONDS = 60,
  MOST_QUESTIONS = 64,
  MOST_SOCKETS = 16,
  SERVERS_BYTES = 1024,
};

struct question {
  struct question* next;
  // Answers to earlier ones are for nobody.
  unsigned generation;
  uint32_t query;
  uint32_t kind;
  char name[DNS_NAME_BYTES];
};

// A socket of the library's; `fd` is -1 for none.
static struct source sockets[MOST_SOCKETS];
static struct timer timeout;
static ares_channel channel;
static char own_servers[SERVERS_BYTES];

// Those that were noted and are still to be asked.
static struct question* noted;
static size_t question_count;
static unsigned generation;
static bool is_released;

static char lines[16 * 1024];

// ---- servers ----

static bool is_port(const char* text) { return *text >= '0' && *text <= '9' && strspn(text, "0123456789") == strlen(text); }

// Takes the port from the end of `text`; 0 for a wrong one.
static long port_of(char* text, bool is_bracketed) {
  char* colon = strrchr(text, is_bracketed ? ']' : ':');
  if (!colon) return is_bracketed ? 0 : PORT;
  if (is_bracketed) *colon++ = '\0';
  if (*colon == '\0') return is_bracketed ? PORT : 0;
  if (*colon != ':' || strlen(colon) > 6 || !is_port(colon + 1)) return 0;
  *colon = '\0';
  return atol(colon + 1);
}

static bool split(const char* server, char* text, size_t size, long* port) {
  bool is_bracketed = *server == '[';
  *port = PORT;
  if (strlen(server) >= size) return false;
  strcpy(text, server + is_bracketed);
  if (address_family(server) != 6) *port = port_of(text, is_bracketed);
  return *port > 0 && *port <= 65535 && address_family(text) != 0;
}

bool names_use(const char* server) {
  char text[ADDRESS_BYTES + 8];
  long port;
  if (!split(server, text, sizeof text, &port)) return false;
  size_t size = strlen(own_servers);
  size_t room = sizeof own_servers - size;
  const char* form = strchr(text, ':') ? "%s[%s]:%ld" : "%s%s:%ld";
  return snprintf(own_servers + size, room, form, size > 0 ? "," : "", text, port) < (int)room;
}

// ---- the library in our loop ----

static void arm(void) {
  struct timeval left;
  if (!channel || !ares_timeout(channel, NULL, &left)) return loop_disarm(&timeout);
  loop_arm(&timeout, clock_now() + (double)left.tv_sec * 1e3 + (double)left.tv_usec / 1e3);
}

static void socket_ready(struct source* source, uint32_t events) {
  int fd = source->fd;
  bool is_in = events & (EPOLLIN | EPOLLERR | EPOLLHUP);
  ares_process_fd(channel, is_in ? fd : ARES_SOCKET_BAD, events & EPOLLOUT ? fd : ARES_SOCKET_BAD);
  arm();
}

static void timeout_rings(struct timer* timer) {
  (void)timer;
  ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  arm();
}

// The library says which of its sockets it wants to hear of, and when it closes them.
static void socket_changes(void* nobody, ares_socket_t fd, int is_reading, int is_writing) {
  (void)nobody;
  struct source* found = NULL;
  for (size_t i = 0; i < MOST_SOCKETS; i++) {
    bool is_free = sockets[i].ready == NULL;
    if (!is_free && sockets[i].fd == fd) found = &sockets[i];
    if (is_free && !found) found = &sockets[i];
  }
  if (!found) return;
  if (!is_reading && !is_writing) {
    if (found->ready) loop_forget(found);
    found->ready = NULL;
    return;
  }
  found->fd = fd;
  found->ready = socket_ready;
  loop_watch(found, (is_reading ? EPOLLIN : 0) | (is_writing ? EPOLLOUT : 0));
}

static bool open_channel(void) {
  if (channel) return true;
  char from_files[] = "fb";
  struct ares_options options = {
      .timeout = TIMEOUT_MS,
      .tries = ROUNDS,
      .sock_state_cb = socket_changes,
      .lookups = from_files,
  };
  int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB | ARES_OPT_LOOKUPS;
  if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) return false;
  if (ares_init_options(&channel, &options, mask) != ARES_SUCCESS) {
    channel = NULL;
    return false;
  }
  if (*own_servers) ares_set_servers_ports_csv(channel, own_servers);
  timeout.ring = timeout_rings;
  return true;
}

// ---- answers ----

static void answer(struct question* question, size_t size) {
  uint32_t query = question->query;
  bool is_wanted = question->generation == generation && !is_released;
  free(question);
  question_count--;
  if (is_wanted) tell_resolved(query, lines, size);
}

static void found_addresses(void* owner, int status, int timeouts, struct ares_addrinfo* found) {
  (void)timeouts;
  size_t size = 0;
  const struct ares_addrinfo_node* node = status == ARES_SUCCESS && found ? found->nodes : NULL;
  for (int count = 0; node && count < DNS_MOST_LINES; node = node->ai_next, count++) {
    struct endpoint endpoint = {.size = node->ai_addrlen};
    struct address address;
    memcpy(&endpoint.system, node->ai_addr, node->ai_addrlen);
    address_from_endpoint(&address, &endpoint);
    size += (size_t)snprintf(lines + size, sizeof lines - size, "%s %d\n", address.text, LOOKUP_TTL_SECONDS);
  }
  if (found) ares_freeaddrinfo(found);
  answer(owner, size);
}

static bool is_address_question(const struct question* question) {
  return question->kind == RINGLET_QUESTION_A || question->kind == RINGLET_QUESTION_AAAA;
}

static enum dns_type type_of(const struct question* question) {
  switch (question->kind) {
    case RINGLET_QUESTION_A:
      return DNS_A;
    case RINGLET_QUESTION_AAAA:
      return DNS_AAAA;
    case RINGLET_QUESTION_SRV:
      return DNS_SRV;
    default:
      return DNS_NAPTR;
  }
}

// In the file of hosts, and with the channel's own lookups also at name servers with the system's domains.
static void look_up(ares_channel where, struct question* question) {
  struct ares_addrinfo_hints hints = {
      .ai_family = question->kind == RINGLET_QUESTION_A ? AF_INET : AF_INET6,
      .ai_flags = ARES_AI_NOSORT,
  };
  ares_getaddrinfo(where, question->name, NULL, &hints, found_addresses, question);
}

// Only the file: it answers at once.
static void look_up_in_file(struct question* question) {
  char from_file[] = "f";
  struct ares_options options = {.lookups = from_file};
  ares_channel file;
  if (ares_init_options(&file, &options, ARES_OPT_LOOKUPS) != ARES_SUCCESS) return answer(question, 0);
  look_up(file, question);
  ares_destroy(file);
}

static void answered(void* owner, int status, int timeouts, unsigned char* bytes, int size) {
  (void)timeouts;
  struct question* question = owner;
  bool is_found = status == ARES_SUCCESS && bytes != NULL && size > 0;
  size_t length =
      is_found ? dns_answer_lines(bytes, (size_t)size, question->name, type_of(question), lines, sizeof lines) : 0;
  bool may_be_in_file = length == 0 && is_address_question(question) && !*own_servers && !is_released;
  if (may_be_in_file) {
    look_up_in_file(question);
  } else {
    answer(question, length);
  }
}

// ---- questions ----

static bool ends_with(const char* name, size_t size, const char* end) {
  size_t length = strlen(end);
  return size >= length && strncasecmp(name + size - length, end, length) == 0;
}

// Names that no name server is asked for: without a dot, or under these (RFC 6761, RFC 6762).
static bool is_local_name(const char* name) {
  size_t size = strlen(name);
  if (size > 0 && name[size - 1] == '.') size--;
  return !memchr(name, '.', size) || ends_with(name, size, ".localhost") || ends_with(name, size, ".local");
}

static void ask_for_local(struct question* question) {
  struct address local;
  int size = udp_local_toward(question->name, &local) ? snprintf(lines, sizeof lines, "%s 0\n", local.text) : 0;
  answer(question, (size_t)size);
}

static void ask(struct question* question) {
  if (question->kind == RINGLET_QUESTION_LOCAL_ADDRESS) return ask_for_local(question);
  if (!*question->name || !open_channel()) return answer(question, 0);
  if (is_address_question(question) && is_local_name(question->name)) {
    look_up(channel, question);
  } else {
    ares_query(channel, question->name, IN, (int)type_of(question), answered, question);
  }
  arm();
}

void names_ask(uint32_t query, uint32_t kind, const void* name, size_t size) {
  struct question* question = question_count < MOST_QUESTIONS ? calloc(1, sizeof *question) : NULL;
  // Whoever asked so much gives up by himself.
  if (!question) return;
  question_count++;
  question->generation = generation;
  question->query = query;
  question->kind = kind;
  bool is_name = size < sizeof question->name && !memchr(name, '\0', size);
  if (is_name) memcpy(question->name, name, size);
  struct question** end = &noted;
  while (*end) end = &(*end)->next;
  *end = question;
}

bool names_go_on(void) {
  struct question* question = noted;
  if (!question) return false;
  noted = question->next;
  ask(question);
  return true;
}

void names_forget(void) { generation++; }

void names_release(void) {
  is_released = true;
  while (noted) {
    struct question* question = noted;
    noted = question->next;
    answer(question, 0);
  }
  loop_disarm(&timeout);
  if (!channel) return;
  ares_destroy(channel);
  ares_library_cleanup();
  channel = NULL;
}
