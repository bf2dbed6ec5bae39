# shellcheck shell=bash
# debian:bookworm, on which every fixture is built: pulled, or, where no registry answers, made from the machine's own apt sources.

base_image=debian:bookworm
base_suite=bookworm

ensure_image() {
  ! docker_ image inspect "$base_image" >/dev/null 2>&1 || return 0
  pull_image || make_image
}

# A registry that has not named the image in 20 seconds counts as absent; once it has, the download may take its time.
pull_image() {
  local log pid status=0 started=$SECONDS seconds=20
  log=$(mktemp)
  say "pulling $base_image"
  # Not by docker_: what is killed below has to be the client itself.
  "$(docker_client)" pull "$base_image" >"$log" 2>&1 </dev/null 8>&- 9>&- &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    if grep -q 'Pulling from' "$log"; then seconds=600; fi
    if [ $((SECONDS - started)) -ge "$seconds" ]; then
      kill "$pid" 2>/dev/null || true
      echo "gave up after $seconds seconds" >>"$log"
    fi
    sleep 0.2
  done
  wait "$pid" 2>/dev/null || status=$?
  [ "$status" -eq 0 ] || say "no pull: $(tail -n 1 "$log" | cut -c 1-200)"
  rm -f "$log"
  return "$status"
}

make_image() {
  [ "$(uname -s)" = Linux ] || fail "$base_image is missing and cannot be pulled" 'bring it with docker load'
  have mmdebstrap || apt_install mmdebstrap
  # Debian's keys, on an Ubuntu.
  [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || apt_install debian-archive-keyring
  is_root || fail "$base_image is missing and cannot be pulled" 'run this script as root: it makes the image with mmdebstrap'
  say "making $base_image with mmdebstrap (half a minute)"
  local aside status=0
  aside=$(mktemp -d)
  bootstrap_to "$aside" || status=$?
  if [ "$status" -eq 0 ]; then
    quietly docker_ import --change 'CMD ["bash"]' \
      --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
      "$aside/root.tar" "$base_image" || status=$?
  fi
  rm -rf "$aside"
  [ "$status" -eq 0 ] || fail "cannot make $base_image" 'what failed is above'
}

# bootstrap_to DIR: DIR/root.tar.
bootstrap_to() {
  apt_update_once
  machine_sources >"$1/debian.list"
  machine_apt_options >"$1/apt.conf"
  # shellcheck disable=SC2016 # $1 is the hook's own
  local options=(--variant=minbase "--aptopt=$1/apt.conf" '--customize-hook=rm -f "$1/etc/hostname" "$1/etc/resolv.conf"')
  if grep -q 'https:' "$1/debian.list"; then options+=(--include=ca-certificates); fi
  options+=("$base_suite" "$1/root.tar")
  # Without lines of its own, as on an Ubuntu, mmdebstrap takes Debian's mirrors.
  if [ -s "$1/debian.list" ]; then options+=("$1/debian.list"); fi
  quietly mmdebstrap "${options[@]}" 8>&- 9>&- || return
  append_image_policy "$1"
}

# This machine's lines for bookworm, its updates and security, whatever the format of its files.
machine_sources() {
  # shellcheck disable=SC2016 # apt fills these in
  apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' 2>/dev/null |
    grep -E " $base_suite(-updates|-security)? main\$" | sort -u || true
}

# A mirror frozen in time needs the dates unchecked, in the image too; a proxy likewise.
machine_apt_options() {
  apt-config dump | grep -E '^Acquire::(Check-(Valid-Until|Date)|https?::Proxy) "[^"]+";$' || true
}

# As the official image has it: no service starts while packages are installed, no archives or translations are kept.
# Added to the archive, since mmdebstrap removes a policy-rc.d and its last clean-up would heed docker-clean.
append_image_policy() {
  local policy=$1/policy clean='rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true'
  mkdir -p "$policy/etc/apt/apt.conf.d" "$policy/usr/sbin"
  printf '#!/bin/sh\nexit 101\n' >"$policy/usr/sbin/policy-rc.d"
  chmod 755 "$policy/usr/sbin/policy-rc.d"
  {
    printf 'DPkg::Post-Invoke { "%s"; };\nAPT::Update::Post-Invoke { "%s"; };\n' "$clean" "$clean"
    printf 'Dir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n'
  } >"$policy/etc/apt/apt.conf.d/docker-clean"
  printf 'Acquire::Languages "none";\n' >"$policy/etc/apt/apt.conf.d/docker-no-languages"
  (cd "$policy" && find . -type f -exec tar --append --owner=0 --group=0 -f "$1/root.tar" {} +)
}
