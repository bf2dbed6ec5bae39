# Stands for: rust:1.75.0-bookworm
FROM debian:bookworm
RUN set -e; \
    apt-get update; \
    apt-get install -y --no-install-recommends rustc gcc libc6-dev
