# shellcheck shell=bash
# shellcheck disable=SC2154 # root is set by setup.sh
# What every part of the set-up uses: how it speaks, how it fails, and the locks that keep two set-ups apart.

say() { printf 'setup: %s\n' "$*" >&2; }

# fail MESSAGE [HINT]...
fail() {
  say "$1"
  shift
  local hint
  for hint in "$@"; do printf '       %s\n' "$hint" >&2; done
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

is_root() { [ "$(id -u)" -eq 0 ]; }

sha256() { if have sha256sum; then sha256sum; else shasum -a 256; fi; }

# quietly COMMAND...: its output is shown only when it fails, and then only its end.
quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" -ne 0 ]; then tail -n 25 "$log" | sed 's/^/       /' >&2; fi
  rm -f "$log"
  return "$status"
}

# bounded SECONDS COMMAND...: macOS has no timeout(1).
bounded() {
  if have timeout; then timeout "$@"; else shift; "$@"; fi
}

# One set-up at a time in this clone (file descriptor 8) and on this machine (9).
# Whatever is started to stay must close both, or it would hold the locks for ever.
lock_clone() {
  have flock || return 0
  exec 8<"$root"
  flock -n 8 && return 0
  say 'another set-up is at work in this clone: waiting for it'
  flock -w 1200 8 || fail 'the other set-up in this clone has not finished in 20 minutes'
}

lock_machine() {
  have flock || return 0
  local file=/run/lock/kraft-slim-setup.lock
  [ -w /run/lock ] && is_root || file=${TMPDIR:-/tmp}/kraft-slim-setup-$(id -u).lock
  exec 9>"$file"
  flock -n 9 && return 0
  say 'another set-up is at work on this machine: waiting for it'
  flock -w 1200 9 || fail "the other set-up on this machine has not finished in 20 minutes (lock: $file)"
}
