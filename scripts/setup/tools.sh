# shellcheck shell=bash
# Programs of this machine that are lent to containers: strace to the traced app, a static busybox to the sidecar. And a
# Redis server and a docker-registry, which tests start for themselves, on the loopback.

# Where a busybox goes that must not replace the machine's own. KRAFT_SLIM_BUSYBOX names another.
private_busybox=/usr/local/lib/kraft-slim/busybox

ensure_tools() {
  # Elsewhere the engine is on another machine, and brings them in images.
  [ "$(uname -s)" = Linux ] || return 0
  have strace || apt_install strace
  find_static_busybox || install_busybox
  have redis-server || install_redis
  have docker-registry || install_registry
}

# The package redis-server would start a service; redis-tools has the same program, under the name of one of its uses.
install_redis() {
  apt_install redis-tools
  have redis-check-rdb || fail 'redis-tools has no redis-check-rdb' 'install a redis-server of version 6.2 or newer by hand'
  mkdir -p /usr/local/bin
  ln -sf "$(command -v redis-check-rdb)" /usr/local/bin/redis-server
}

# The package would start a registry of its own where an init lets it.
install_registry() {
  local service=docker-registry.service
  if [ -d /run/systemd/system ] && ! systemctl cat "$service" >/dev/null 2>&1; then
    quietly systemctl mask "$service"
    apt_install docker-registry
    quietly systemctl unmask "$service"
  else
    apt_install docker-registry
  fi
}

find_static_busybox() {
  local file
  for file in "${KRAFT_SLIM_BUSYBOX:-}" /bin/busybox /usr/bin/busybox "$private_busybox"; do
    if [ -x "$file" ] && is_static "$file" && "$file" --list | grep -x nc >/dev/null; then return 0; fi
  done
  return 1
}

# A dynamic program names its loader near its start. (No grep -q in a pipe: under pipefail the writer's SIGPIPE counts.)
is_static() { ! head -c 8192 "$1" | LC_ALL=C grep -aE '/ld-(linux|musl)' >/dev/null; }

# busybox-static conflicts with the package busybox, which an initramfs may need: then it is only unpacked.
install_busybox() {
  if [ ! -e /bin/busybox ]; then apt_install busybox-static; return; fi
  apt_can busybox-static
  say "unpacking busybox-static to $private_busybox, beside the busybox that is installed"
  apt_update_once
  local aside
  aside=$(mktemp -d)
  chmod 755 "$aside"
  (cd "$aside" && apt_get download -o APT::Sandbox::User=root busybox-static && dpkg-deb -x ./*.deb .) || fail 'cannot download busybox-static'
  mkdir -p "$(dirname "$private_busybox")"
  # In /bin, or in /usr/bin where the package has followed the merge of the two.
  find "$aside" -type f -name busybox -path '*bin/*' -exec mv -f {} "$private_busybox" \;
  rm -rf "$aside"
  find_static_busybox || fail "the busybox of busybox-static is not static, or has no nc: $private_busybox"
}
