# Stands for: gcc:12.4.0-bookworm gcc:13.2.0-bookworm gcc:15.2.0-bookworm gcc:15.2
FROM debian:bookworm
RUN set -e; \
    apt-get update; \
    apt-get install -y --no-install-recommends build-essential; \
    mkdir -p /usr/local/lib64; \
    cp -L /usr/lib/x86_64-linux-gnu/libstdc++.so.6 /usr/lib/x86_64-linux-gnu/libgcc_s.so.1 /usr/local/lib64/; \
    echo /usr/local/lib64 >/etc/ld.so.conf.d/000-local-lib64.conf; \
    ldconfig
