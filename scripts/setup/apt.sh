# shellcheck shell=bash
# Packages of Debian and Ubuntu.

apt_lists_are_fresh=false

# Waits for another apt: the dpkg lock by apt's own option, the lock on the lists, which that option
# does not cover, by trying again.
apt_get() {
  local log tries=0 status
  log=$(mktemp)
  while :; do
    status=0
    DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
      apt-get -q -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 </dev/null 8>&- 9>&- || status=$?
    if [ "$status" -eq 0 ] || ! grep -q 'Could not get lock' "$log" || [ "$tries" -ge 60 ]; then break; fi
    tries=$((tries + 1))
    [ "$tries" -gt 1 ] || say 'another apt is at work: waiting for it'
    sleep 5
  done
  if [ "$status" -ne 0 ]; then tail -n 15 "$log" | sed 's/^/       /' >&2; fi
  rm -f "$log"
  return "$status"
}

apt_update_once() {
  [ "$apt_lists_are_fresh" = false ] || return 0
  apt_get update || say 'apt-get update failed: going on with the lists at hand'
  apt_lists_are_fresh=true
}

# apt_can PACKAGE...: fails, saying what to install, where apt cannot be used.
apt_can() {
  have apt-get || fail "needed, and not found: $*" 'this script installs on Debian and Ubuntu only: install it by hand, then run it again'
  is_root || fail "needed, and not found: $*" "run this script as root, or: sudo apt-get install $*"
}

apt_install() {
  apt_can "$@"
  say "installing $*"
  apt_update_once
  apt_get install -y --no-install-recommends --no-remove "$@" || fail "cannot install $*" 'apt-get says why, above'
}
