#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Every way to touch a file that the table tells apart. Run in an empty directory. */
static void put(const char *name, const char *text) {
  int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (write(fd, text, strlen(text)) < 0) perror(name);
  close(fd);
}

int main(void) {
  char buffer[4096];
  struct stat st;
  mkdir("dir", 0755);
  mkdir("dir", 0755);
  put("dir/a", "a");
  close(open("dir/a", O_RDONLY));
  close(open("dir/a", O_RDWR));
  close(open("dir/a", O_WRONLY | O_APPEND));
  close(open("dir/excl", O_RDWR | O_CREAT | O_EXCL, 0600));
  close(open("missing", O_RDONLY));
  close(open("dir/a/below", O_RDONLY));
  stat("dir/a", &st);
  lstat("dir/a", &st);
  access("dir/none", R_OK);
  symlink("a", "dir/link");
  symlink("dir", "dirlink");
  if (readlink("dir/link", buffer, sizeof buffer) < 0) perror("readlink");
  if (readlink("dir/a", buffer, sizeof buffer) >= 0) puts("odd");
  close(open("dirlink/../dir/link", O_RDONLY));
  int dir = open("dir", O_RDONLY | O_DIRECTORY);
  close(openat(dir, "a", O_RDONLY));
  close(openat(dir, "../dir/./a", O_RDONLY));
  fstatat(dir, "a", &st, AT_SYMLINK_NOFOLLOW);
  fstatat(dir, "", &st, AT_EMPTY_PATH);
  unlinkat(dir, "excl", 0);
  DIR *list = fdopendir(dir);
  while (readdir(list)) ;
  if (fchdir(dirfd(list))) perror("fchdir");
  put("moved", "m");
  rename("moved", "there");
  link("there", "second");
  truncate("there", 0);
  chmod("there", 0600);
  if (chdir("..")) perror("chdir");
  if (chdir("dirlink")) perror("chdir");
  stat("../dir/there", &st);
  closedir(list);
  int map = open("a", O_RDONLY);
  mmap(0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, map, 0);
  mmap(0, 4096, PROT_READ, MAP_PRIVATE, map, 0);
  unlink("second");
  rmdir("../dir");
  mkfifo("pipe", 0600);
  open("/tmp", O_RDWR | O_TMPFILE, 0600);
  open("a", O_PATH);
  inotify_add_watch(inotify_init1(0), ".", IN_CREATE);
  memfd_create("mem", 0);
  void *grown = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mremap(grown, 4096, 8192, MREMAP_MAYMOVE);
  int gone = open("gone", O_RDWR | O_CREAT, 0600);
  unlink("gone");
  mmap(0, 4096, PROT_READ, MAP_SHARED, gone, 0);
  copy_file_range(map, 0, gone, 0, 1, 0);
  close(open("/dev/stdout", O_WRONLY));
  return 7;
}
