// A web server of one page and one thread: it answers whatever it is asked with the same greeting.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT = 8080, BACKLOG = 16 };

static const char answer[] =
  "HTTP/1.1 200 OK\r\n"
  "Content-Type: text/plain\r\n"
  "Content-Length: 14\r\n"
  "Connection: close\r\n"
  "\r\n"
  "Hello, World!\n";

static void give_up(const char *what)
{
  perror(what);
  exit(EXIT_FAILURE);
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
static int read_head(int client)
{
  char head[4096] = "";
  size_t length = 0;

  while (length < sizeof head - 1) {
    ssize_t got = recv(client, head + length, sizeof head - 1 - length, 0);

    if (got <= 0)
      return 0;
    length += (size_t)got;
    head[length] = '\0';
    if (strstr(head, "\r\n\r\n"))
      return 1;
  }
  return 1;
}

static void send_answer(int client)
{
  size_t sent = 0;

  while (sent < sizeof answer - 1) {
    ssize_t now = send(client, answer + sent, sizeof answer - 1 - sent, MSG_NOSIGNAL);

    if (now <= 0)
      return;
    sent += (size_t)now;
  }
}

int main(void)
{
  int server = listen_on(PORT);

  printf("listening on port %d\n", PORT);
  fflush(stdout);
  for (;;) {
    int client = accept(server, NULL, NULL);

    if (client < 0)
      continue;
    if (read_head(client))
      send_answer(client);
    close(client);
  }
}
