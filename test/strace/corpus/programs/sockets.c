#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/sendfile.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <fcntl.h>
#include <signal.h>

/* Sockets, and the calls that Unikraft lacks. */
int main(void) {
  struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "here.sock"};
  struct sockaddr_un missing = {.sun_family = AF_UNIX, .sun_path = "/srv/demo/missing.sock"};
  struct sockaddr_un abstract = {.sun_family = AF_UNIX, .sun_path = "\0hidden"};
  struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_addr = in6addr_any, .sin6_port = htons(18123)};
  struct sockaddr_in in4 = {.sin_family = AF_INET, .sin_port = htons(18124)};
  int a = socket(AF_UNIX, SOCK_STREAM, 0), one = 1;
  unlink("here.sock");
  bind(a, (void *)&un, sizeof un);
  listen(a, 1);
  int b = socket(AF_UNIX, SOCK_STREAM, 0);
  connect(b, (void *)&un, sizeof un);
  int c = socket(AF_UNIX, SOCK_STREAM, 0);
  connect(c, (void *)&missing, sizeof missing);
  connect(c, (void *)&abstract, sizeof(sa_family_t) + 7);
  int d = socket(AF_INET6, SOCK_STREAM, 0);
  setsockopt(d, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  setsockopt(d, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
  bind(d, (void *)&in6, sizeof in6);
  int e = socket(AF_INET, SOCK_STREAM, 0);
  bind(e, (void *)&in4, sizeof in4);
  socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  int f = open("/etc/hostname", O_RDONLY);
  sendfile(b, f, 0, 10);
  shmctl(shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600), IPC_RMID, 0);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  signalfd(-1, &set, 0);
  signal(SIGALRM, SIG_IGN);
  raise(SIGCONT);
  if (setuid(0)) perror("setuid");
  if (setuid(65534)) perror("setuid");
  return 0;
}
