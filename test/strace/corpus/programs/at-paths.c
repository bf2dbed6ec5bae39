#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Calls of the *at family, chroot, and a directory that goes away. Run in an empty directory. */
static int shared(void *unused) {
  (void)unused;
  return chdir("sub");
}

static char stack[65536];

int main(void) {
  mkdir("sub", 0755);
  mkdir("sub/deep", 0755);
  int dir = open("sub", O_RDONLY | O_DIRECTORY);
  struct open_how how = {.flags = O_RDONLY | O_CLOEXEC, .resolve = RESOLVE_BENEATH};
  syscall(SYS_openat2, dir, "none", &how, sizeof how);
  close(openat(dir, "made", O_WRONLY | O_CREAT, 0644));
  renameat(dir, "made", AT_FDCWD, "moved");
  linkat(AT_FDCWD, "moved", dir, "linked", 0);
  symlinkat("../moved", dir, "up");
  char text[64];
  readlinkat(dir, "up", text, sizeof text);
  faccessat(dir, "up", R_OK, 0);
  utimensat(dir, "linked", 0, AT_SYMLINK_NOFOLLOW);
  renameat2(dir, "linked", dir, "up", RENAME_EXCHANGE);
  renameat(dir, "not-here", dir, "not-there");
  close(openat(dir, "up/", O_RDONLY));
  close(open("sub/../sub/./linked", O_RDONLY | O_NOFOLLOW));
  close(open("made-in/none", O_WRONLY | O_CREAT, 0644));
  waitpid(clone(shared, stack + sizeof stack, CLONE_FS | SIGCHLD, 0), 0, 0);
  syscall(SYS_access, "deep", F_OK);
  char *argv[] = {"at-paths-none", 0};
  execveat(dir, "no-program", argv, argv, 0);
  rmdir("deep");
  if (chdir("/srv/demo/nowhere")) perror("chdir");
  if (chroot("/srv/demo/at-paths")) return 1;
  syscall(SYS_access, "/moved", F_OK);
  syscall(SYS_access, "moved", F_OK);
  if (chdir("/sub")) return 2;
  syscall(SYS_access, "up", F_OK);
  return 0;
}
