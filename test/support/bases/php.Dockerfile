# Stands for: php:8.2-cli
# Debian's PHP, with the directories of its settings and extensions in the official image's places.
FROM debian:bookworm
RUN set -e; \
    apt-get update; \
    apt-get install -y --no-install-recommends php8.2-cli libphp8.2-embed; \
    mkdir -p /usr/local/lib/php /usr/local/etc/php; \
    cp -L /usr/lib/libphp8.2.so /usr/local/lib/libphp.so; \
    cp /usr/lib/php/20220829/*.so /usr/local/lib/php/; \
    sed -e 's#/etc/php/8.2/cli/conf.d#/usr/local/etc/php\x00\x00\x00\x00\x00#g' \
        -e 's#/usr/lib/php/20220829#/usr/local/lib/php\x00\x00\x00#g' /usr/bin/php8.2 >/usr/local/bin/php; \
    printf '%s\n' '#!/bin/sh' 'exit 0' >/usr/local/bin/docker-php-ext-install; \
    chmod 755 /usr/local/bin/php /usr/local/bin/docker-php-ext-install
