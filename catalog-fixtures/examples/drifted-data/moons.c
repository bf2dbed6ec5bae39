// Prints the names of the moons of Mars, which it reads from a file.
#include <stdio.h>

int main(void)
{
  char line[64];
  FILE *names = fopen("/usr/share/moons/mars.txt", "r");

  if (!names) {
    perror("moons");
    return 1;
  }
  while (fgets(line, sizeof line, names))
    fputs(line, stdout);
  fclose(names);
  return 0;
}
