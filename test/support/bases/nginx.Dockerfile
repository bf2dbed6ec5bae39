# Stands for: nginx:1.25.3-bookworm
# Built from Debian's source, since only so its directories are those of the official image.
FROM debian:bookworm
RUN set -e; \
    cat /etc/apt/sources.list.d/*.list 2>/dev/null | sed -n 's/^deb /deb-src /p' >/etc/apt/sources.list.d/source.list; \
    sed -i 's/^Types: deb$/Types: deb deb-src/' /etc/apt/sources.list.d/*.sources 2>/dev/null || true; \
    apt-get update; \
    apt-get install -y --no-install-recommends build-essential dpkg-dev libssl-dev libpcre2-dev zlib1g-dev; \
    cd /tmp; \
    apt-get source --download-only nginx; \
    mkdir nginx; \
    tar --extract --file nginx_*.orig.tar.gz --strip-components 1 --directory nginx; \
    cd nginx; \
    ./configure --prefix=/etc/nginx --sbin-path=/usr/sbin/nginx --conf-path=/etc/nginx/nginx.conf \
        --modules-path=/usr/lib/nginx/modules --error-log-path=/var/log/nginx/error.log \
        --http-log-path=/var/log/nginx/access.log --pid-path=/var/run/nginx.pid --lock-path=/var/run/nginx.lock \
        --http-client-body-temp-path=/var/cache/nginx/client_temp --http-proxy-temp-path=/var/cache/nginx/proxy_temp \
        --http-fastcgi-temp-path=/var/cache/nginx/fastcgi_temp --http-uwsgi-temp-path=/var/cache/nginx/uwsgi_temp \
        --http-scgi-temp-path=/var/cache/nginx/scgi_temp --user=nginx --group=nginx --with-threads \
        --with-http_ssl_module --with-http_v2_module --with-cc-opt=-O0; \
    make -j2; \
    make install; \
    rm -f /etc/nginx/*.default; \
    mkdir -p /etc/nginx/conf.d /usr/lib/nginx/modules /var/cache/nginx /var/log/nginx; \
    ln -s /usr/lib/nginx/modules /etc/nginx/modules; \
    useradd --system --no-create-home nginx; \
    ln -sf /dev/stdout /var/log/nginx/access.log; \
    ln -sf /dev/stderr /var/log/nginx/error.log; \
    rm -rf /tmp/nginx*
