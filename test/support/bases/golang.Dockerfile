# Stands for: golang:1.21.3-bookworm
FROM debian:bookworm
RUN set -e; \
    apt-get update; \
    apt-get install -y --no-install-recommends golang-go gcc libc6-dev ca-certificates; \
    ln -s /usr/bin/go /usr/local/bin/go
