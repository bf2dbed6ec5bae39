// Gets one page over TLS, and trusts only whom the system's CA bundle trusts.
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

static const char url[] = "https://localhost:8443/srv/tls/greeting.http";

static int give_up(const char *why)
{
  fprintf(stderr, "cannot get %s: %s\n", url, why);
  return EXIT_FAILURE;
}

static CURLcode get(CURL *curl, char *why)
{
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  // Unikraft's network stack is built without IPv6
  curl_easy_setopt(curl, CURLOPT_IPRESOLVE, CURL_IPRESOLVE_V4);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 10L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  return curl_easy_perform(curl);
}

int main(void)
{
  char why[CURL_ERROR_SIZE] = "";
  CURL *curl;
  CURLcode code;

  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return give_up("libcurl does not start");
  curl = curl_easy_init();
  if (!curl)
    return give_up("libcurl has no memory");
  code = get(curl, why);
  curl_easy_cleanup(curl);
  curl_global_cleanup();
  if (code != CURLE_OK)
    return give_up(why[0] ? why : curl_easy_strerror(code));
  puts("verified");
  return EXIT_SUCCESS;
}
