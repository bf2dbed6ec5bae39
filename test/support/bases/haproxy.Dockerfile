# Stands for: haproxy:2.8.3-bullseye
FROM debian:bookworm
RUN set -e; \
    apt-get update; \
    apt-get install -y --no-install-recommends haproxy; \
    install /usr/sbin/haproxy /usr/local/sbin/haproxy; \
    mkdir -p /usr/local/etc/haproxy
