// Prints the names of the files of a directory, in their order, and opens none of them.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
  struct dirent **names;
  int count = scandir("/srv/planets", &names, NULL, alphasort);

  if (count < 0) {
    perror("planets");
    return 1;
  }
  for (int at = 0; at < count; at++) {
    if (names[at]->d_name[0] != '.')
      puts(names[at]->d_name);
    free(names[at]);
  }
  free(names);
  return 0;
}
