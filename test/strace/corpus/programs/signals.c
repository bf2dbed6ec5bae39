#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* A child waits in open(2) of a FIFO until it is killed; then an alarm; then the parent crashes. */
static void on(int s) { (void)s; }

int main(void) {
  char *fifo = "fifo";
  mknod(fifo, 010600, 0);
  pid_t child = fork();
  if (child == 0) { open(fifo, O_RDONLY); _exit(0); }
  usleep(50000);
  kill(child, 0);
  kill(child, SIGTERM);
  wait(0);
  struct sigaction sa = {.sa_handler = on};
  sigaction(SIGALRM, &sa, 0);
  alarm(1);
  open(fifo, O_RDONLY);
  unlink(fifo);
  abort();
}
