# Stands for: node:18-alpine node:21-alpine
# Debian's Node.js, which links glibc: the lines for musl find nothing, and the entry is repaired.
FROM debian:bookworm
RUN set -e; \
    apt-get update; \
    apt-get install -y --no-install-recommends nodejs; \
    install /usr/bin/node /usr/local/bin/node
