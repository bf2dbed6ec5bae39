# Stands for: redis:7.2.2-bookworm
# Built from Debian's source, since Debian's binary links libraries that the official image's has inside.
FROM debian:bookworm
RUN set -e; \
    cat /etc/apt/sources.list.d/*.list 2>/dev/null | sed -n 's/^deb /deb-src /p' >/etc/apt/sources.list.d/source.list; \
    sed -i 's/^Types: deb$/Types: deb deb-src/' /etc/apt/sources.list.d/*.sources 2>/dev/null || true; \
    apt-get update; \
    apt-get install -y --no-install-recommends build-essential dpkg-dev libssl-dev; \
    cd /tmp; \
    apt-get source --download-only redis; \
    mkdir redis; \
    tar --extract --file redis_*.orig.tar.gz --strip-components 1 --directory redis; \
    make -C redis -j2 BUILD_TLS=yes MALLOC=libc OPTIMIZATION=-O1; \
    install redis/src/redis-server redis/src/redis-cli /usr/local/bin/; \
    rm -rf redis*
