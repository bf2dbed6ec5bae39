// Says whether a lamp is lit: it is while a file exists, whatever is in it.
#include <stdio.h>
#include <sys/stat.h>

int main(void)
{
  struct stat found;

  puts(stat("/etc/lamp/lit", &found) == 0 ? "The lamp is lit." : "It is dark.");
  return 0;
}
