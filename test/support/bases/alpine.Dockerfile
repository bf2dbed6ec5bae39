# Stands for: alpine:3 alpine:3.20
# Debian under another name: entries take certificates and time zones from it, by apk.
FROM debian:bookworm
RUN printf '%s\n' '#!/bin/sh' 'for word; do case $word in -* | add) ;; *) set -- "$@" "$word" ;; esac; shift; done' \
        'apt-get update -qq && exec apt-get install -qqy --no-install-recommends "$@"' >/usr/local/bin/apk; \
    chmod 755 /usr/local/bin/apk; \
    apt-get update; \
    apt-get install -y --no-install-recommends ca-certificates tzdata
