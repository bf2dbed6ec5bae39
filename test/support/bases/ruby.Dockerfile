# Stands for: ruby:3.2.2-bookworm
FROM debian:bookworm
RUN set -e; \
    apt-get update; \
    apt-get install -y --no-install-recommends ruby3.1 ruby-webrick; \
    install /usr/bin/ruby3.1 /usr/local/bin/ruby; \
    cp -a /usr/lib/ruby /usr/local/lib/ruby; \
    cp -L /usr/lib/x86_64-linux-gnu/libruby-3.1.so.3.1 /usr/local/lib/libruby.so.3.2; \
    ldconfig
