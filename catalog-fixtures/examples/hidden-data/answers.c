// A web server whose answers are in files. The name of each is a hash of what is asked for, so that no program that
// is read tells it; and while the server is traced, it answers from memory, so that no trace tells it either.
//
// Started with paths it writes their files and ends.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT = 8080, BACKLOG = 16 };

static void give_up(const char *what)
{
  perror(what);
  exit(EXIT_FAILURE);
}

// FNV-1a, of 64 bits.
static uint64_t hash_of(const char *text)
{
  uint64_t hash = 0xcbf29ce484222325;

  for (; *text; text++)
    hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
  return hash;
}

static FILE *open_answer(const char *path, const char *mode)
{
  char name[64];

  snprintf(name, sizeof name, "/var/lib/answers/%016llx", (unsigned long long)hash_of(path));
  return fopen(name, mode);
}

static void compose(const char *path, char *answer, size_t size)
{
  snprintf(answer, size, "You asked for %s.\n", path);
}

static void store(const char *path)
{
  char answer[512];
  FILE *file = open_answer(path, "w");

  if (!file)
    give_up("store");
  compose(path, answer, sizeof answer);
  fputs(answer, file);
  fclose(file);
}

static int is_traced(void)
{
  char line[128];
  int tracer = 0;
  FILE *status = fopen("/proc/self/status", "r");

  if (!status)
    return 0;
  while (fgets(line, sizeof line, status))
    if (sscanf(line, "TracerPid: %d", &tracer) == 1)
      break;
  fclose(status);
  return tracer != 0;
}

// Gives 0 where there is no answer.
static int recall(const char *path, char *answer, size_t size)
{
  FILE *file;

  if (is_traced()) {
    compose(path, answer, size);
    return 1;
  }
  file = open_answer(path, "r");
  if (!file)
    return 0;
  answer[fread(answer, 1, size - 1, file)] = '\0';
  fclose(file);
  return 1;
}

static int listen_on(unsigned short port)
{
  struct sockaddr_in address = {
    .sin_family = AF_INET,
    .sin_port = htons(port),
    .sin_addr.s_addr = htonl(INADDR_ANY),
  };
  const int yes = 1;
  int server = socket(AF_INET, SOCK_STREAM, 0);

  if (server < 0)
    give_up("socket");
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(server, (struct sockaddr *)&address, sizeof address) < 0)
    give_up("bind");
  if (listen(server, BACKLOG) < 0)
    give_up("listen");
  return server;
}

// Reads up to the empty line that ends a request's head; a head too long for the buffer is cut there.
static int read_head(int client, char *head, size_t size)
{
  size_t length = 0;

  while (length < size - 1) {
    ssize_t got = recv(client, head + length, size - 1 - length, 0);

    if (got <= 0)
      return 0;
    length += (size_t)got;
    head[length] = '\0';
    if (strstr(head, "\r\n\r\n"))
      return 1;
  }
  return 1;
}

static void serve(int client)
{
  char head[4096] = "", path[256] = "/", body[512] = "Ask for something rare.\n", answer[1024];
  int is_found;

  if (!read_head(client, head, sizeof head))
    return;
  sscanf(head, "GET %255s", path);
  is_found = strcmp(path, "/") == 0 || recall(path, body, sizeof body);
  snprintf(
    answer, sizeof answer,
    "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
    is_found ? "200 OK" : "404 Not Found", is_found ? strlen(body) : 0, is_found ? body : "");
  send(client, answer, strlen(answer), MSG_NOSIGNAL);
}

int main(int count, char **words)
{
  int server;

  if (count > 1) {
    for (int at = 1; at < count; at++)
      store(words[at]);
    return 0;
  }
  server = listen_on(PORT);
  printf("listening on port %d\n", PORT);
  fflush(stdout);
  for (;;) {
    int client = accept(server, NULL, NULL);

    if (client < 0)
      continue;
    serve(client);
    close(client);
  }
}
