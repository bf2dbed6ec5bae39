# Stands for: perl:5.38.0-bookworm
FROM debian:bookworm
RUN set -e; \
    apt-get update; \
    apt-get install -y --no-install-recommends perl libhttp-daemon-perl; \
    install /usr/bin/perl /usr/local/bin/perl; \
    mkdir -p /usr/local/lib/perl5; \
    printf '%s\n' '#!/bin/sh' 'exit 0' >/usr/local/bin/cpanm; \
    chmod 755 /usr/local/bin/cpanm
