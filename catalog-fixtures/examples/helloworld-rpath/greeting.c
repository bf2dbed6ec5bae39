#include "greeting.h"

const char *greeting(void)
{
  return "Hello from a library of its own!";
}
