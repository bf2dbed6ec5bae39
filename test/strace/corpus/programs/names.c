#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Names that strace has to escape. Run in an empty directory. */
static const char *names[] = {"caf\303\251", "caf\351", "caf\355\263\251", "a b", "a\"b", "a\\b", "a\nb", "a\tb", "a\001" "1",
  "a\001b", "a<b", "a>b", "a->b", "a, b", "a) = 5", "a) = 5 (b)", "a <unfinished ...>", "{[(", "x (deleted)", "x\177", "\360\237\230\200"};

int main(void) {
  for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
    struct stat st;
    stat(names[i], &st);
    int fd = open(names[i], O_RDWR | O_CREAT, 0600);
    fstat(fd, &st);
    fchdir(fd);
    close(fd);
  }
  char longname[5001];
  memset(longname, 'n', 5000);
  longname[5000] = 0;
  open(longname, O_RDONLY);
  longname[255] = 0;
  open(longname, O_RDWR | O_CREAT, 0600);
  char deep[4096] = "";
  for (int i = 0; i < 15; i++) { mkdir(longname + 10, 0700); chdir(longname + 10); }
  open("leaf", O_RDWR | O_CREAT, 0600);
  return 0;
}
