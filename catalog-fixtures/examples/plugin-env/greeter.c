// Greets in the language of its environment: each is a plugin, loaded by its name.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

typedef const char *greeting(void);

int main(void)
{
  char path[256];
  const char *plugins = getenv("GREETER_PLUGINS");
  const char *language = getenv("GREETER_LANGUAGE");
  void *plugin;
  greeting *greet;

  if (!plugins || !language) {
    fputs("greeter: GREETER_PLUGINS and GREETER_LANGUAGE have to be set\n", stderr);
    return 1;
  }
  snprintf(path, sizeof path, "%s/%s.so", plugins, language);
  plugin = dlopen(path, RTLD_NOW);
  greet = plugin ? (greeting *)dlsym(plugin, "greeting") : NULL;
  if (!greet) {
    fprintf(stderr, "greeter: %s\n", dlerror());
    return 1;
  }
  puts(greet());
  return 0;
}
