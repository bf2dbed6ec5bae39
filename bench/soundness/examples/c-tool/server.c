#include <arpa/inet.h>
#include <curl/curl.h>
#include <grp.h>
#include <iconv.h>
#include <locale.h>
#include <magic.h>
#include <netdb.h>
#include <pwd.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void answer(const char *path, char *out, size_t size)
{
	if (!strcmp(path, "/")) {
		snprintf(out, size, "C and the moons");
	} else if (!strncmp(path, "/user/", 6)) {
		struct passwd *found = getpwnam(path + 6);
		snprintf(out, size, "%s", found ? found->pw_dir : "none");
	} else if (!strncmp(path, "/group/", 7)) {
		struct group *found = getgrnam(path + 7);
		snprintf(out, size, "%d", found ? (int)found->gr_gid : -1);
	} else if (!strncmp(path, "/service/", 9)) {
		struct servent *found = getservbyname(path + 9, "tcp");
		snprintf(out, size, "%d", found ? ntohs(found->s_port) : -1);
	} else if (!strncmp(path, "/proto/", 7)) {
		struct protoent *found = getprotobyname(path + 7);
		snprintf(out, size, "%d", found ? found->p_proto : -1);
	} else if (!strncmp(path, "/host/", 6)) {
		struct addrinfo *found;
		snprintf(out, size, "%d", getaddrinfo(path + 6, "http", NULL, &found));
	} else if (!strncmp(path, "/zone/", 6)) {
		time_t moment = 1719828000;
		setenv("TZ", path + 6, 1);
		tzset();
		strftime(out, size, "%c %Z", localtime(&moment));
	} else if (!strncmp(path, "/locale/", 8)) {
		const char *set = setlocale(LC_ALL, path + 8);
		snprintf(out, size, "%s", set ? set : "none");
	} else if (!strncmp(path, "/iconv/", 7)) {
		iconv_t made = iconv_open(path + 7, "UTF-8");
		snprintf(out, size, "%s", made == (iconv_t)-1 ? "none" : "made");
	} else if (!strcmp(path, "/fetch")) {
		CURL *curl = curl_easy_init();
		curl_easy_setopt(curl, CURLOPT_URL, "https://127.0.0.1:9/");
		snprintf(out, size, "%s", curl_easy_strerror(curl_easy_perform(curl)));
		curl_easy_cleanup(curl);
	} else if (!strcmp(path, "/curl")) {
		snprintf(out, size, "%s", curl_version());
	} else if (!strcmp(path, "/magic")) {
		magic_t magic = magic_open(MAGIC_MIME);
		magic_load(magic, NULL);
		const char *kind = magic_buffer(magic, "%PDF-1.4", 8);
		snprintf(out, size, "%s", kind ? kind : magic_error(magic));
	} else if (!strcmp(path, "/sql")) {
		sqlite3 *db;
		snprintf(out, size, "%d", sqlite3_open("/tmp/a.db", &db) || sqlite3_exec(db, "create table if not exists a (b)", NULL, NULL, NULL));
	} else if (!strcmp(path, "/shell")) {
		snprintf(out, size, "%d", system("exit 3") >> 8);
	} else {
		snprintf(out, size, "no such page");
	}
}

int main(void)
{
	int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(8080) };
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (struct sockaddr *)&here, sizeof(here)) || listen(listener, 16))
		return 1;
	for (;;) {
		char asked[4096] = "", path[1024] = "", out[4096] = "", head[256];
		int client = accept(listener, NULL, NULL);
		if (read(client, asked, sizeof(asked) - 1) > 0 && sscanf(asked, "%*s %1023s", path) == 1) {
			answer(path, out, sizeof(out));
			int length = snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n", strlen(out) + 1);
			if (write(client, head, length) < 0 || write(client, out, strlen(out)) < 0 || write(client, "\n", 1) < 0)
				perror("write");
		}
		close(client);
	}
}
