# Stands for: memcached:1.6.23-bookworm
FROM debian:bookworm
RUN set -e; \
    apt-get update; \
    apt-get install -y --no-install-recommends memcached; \
    ln -s /usr/bin/memcached /usr/local/bin/memcached
