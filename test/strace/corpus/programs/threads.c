#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Threads share the working directory, a forked child has its own. Run in a directory with a/b. */
static void *work(void *name) {
  for (int i = 0; i < 20; i++) {
    char path[64];
    snprintf(path, sizeof path, "/srv/demo/none/%s/%d", (char *)name, i);
    close(open(path, O_RDONLY));
  }
  return 0;
}

static void *enter(void *unused) {
  (void)unused;
  if (chdir("a")) perror("a");
  return 0;
}

static void *become(void *unused) {
  (void)unused;
  execl("/bin/true", "true", "from-thread", (char *)0);
  return 0;
}

int main(void) {
  pthread_t t[4];
  char *names[] = {"one", "two", "three", "four"};
  for (int i = 0; i < 4; i++) pthread_create(&t[i], 0, work, names[i]);
  for (int i = 0; i < 4; i++) pthread_join(t[i], 0);
  pthread_create(t, 0, enter, 0);
  pthread_join(*t, 0);
  close(open("in-a", O_RDONLY));
  if (fork() == 0) {
    if (chdir("b")) perror("b");
    close(open("in-b", O_RDONLY));
    _exit(3);
  }
  wait(0);
  close(open("still-in-a", O_RDONLY));
  pthread_create(t, 0, become, 0);
  pthread_join(*t, 0);
  return 1;
}
