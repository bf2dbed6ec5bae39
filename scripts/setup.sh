#!/usr/bin/env bash
# Gets a machine ready for kraft-slim's tests and demo, and does nothing where it is ready already.
#
# Everything it says goes to stderr. Exit 0: ready. Exit 1: something is missing, and the last lines say what and how to mend it.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
for part in common apt node engine tools image; do
  # shellcheck source=/dev/null
  source "$root/scripts/setup/$part.sh"
done

usage() {
  cat >&2 <<'TEXT'
Usage: scripts/setup.sh [--no-engine]

  node      npm ci where package-lock.json has changed, tsc where src has
  engine    a Docker Engine: on Debian and Ubuntu as root it is installed and started where none answers
  tools     strace and a static busybox, which are lent to containers; a redis-server and a docker-registry, for tests
  image     debian:bookworm, pulled, or made by mmdebstrap where no registry answers

  --no-engine   node only: enough for npm run test:unit
TEXT
}

main() {
  local engine=true argument
  for argument in "$@"; do
    case $argument in
      --no-engine) engine=false ;;
      -h | --help) usage; exit 0 ;;
      *) usage; fail "unknown option: $argument" ;;
    esac
  done

  lock_clone
  ensure_node_modules
  ensure_build
  if [ "$engine" = true ]; then
    lock_machine
    ensure_engine
    ensure_tools
    ensure_image
  fi
}

main "$@"
