#!/usr/bin/env bash
# Refreshes a checkout of Unikraft's catalog against a registry on loopback: scripts/refresh-catalog.sh CATALOG [--plan]
# It changes the checkout, so give it a copy. The registry lists tags as upstream publishes them; stand-ins of images,
# made of Debian's packages (test/support/bases), have the tags of the official images. With --plan nothing is built.
# STAND_INS="gcc redis" builds these alone; without an image an entry fails, and the others go on.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
here=$root/scripts/refresh-catalog
work=$(mktemp -d)
pids=()

finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for host in "${front:-}" "${store:-}"; do
    [ -z "$host" ] || docker image ls --quiet --filter "reference=$host/*" 2>/dev/null | sort -u |
      xargs -r docker image rm --force >/dev/null 2>&1 || true
  done
  rm -rf "$work"
}
trap finish EXIT

wait_for() {
  for _ in $(seq 600); do [ -s "$1" ] && return; sleep 0.1; done
  echo "cannot start a registry: $1 stays empty" >&2
  exit 1
}

start_registries() {
  local port=5900
  while ss -ltn 2>/dev/null | grep -q "127.0.0.1:$port "; do port=$((port + 1)); done
  store=127.0.0.1:$port
  printf 'version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: %s } }\nhttp: { addr: "%s" }\n' \
    "$work/store" "$store" >"$work/config.yml"
  docker-registry serve "$work/config.yml" >"$work/store.log" 2>&1 &
  pids+=($!)
  node "$here/registry.mjs" "$here/upstream-tags.txt" "http://$store" "$work/requests" "$work/port" &
  pids+=($!)
  wait_for "$work/port"
  front=127.0.0.1:$(cat "$work/port")
}

# Every base comes from the registry on loopback.
name_registry() {
  local image='([a-z0-9./-]+:[^[:space:]]+)'
  git -C "$1" ls-files -z -- '*Dockerfile*' |
    (cd "$1" && xargs -0 sed -i -E \
      -e "s#^(FROM +(--platform=[^ ]+ +)?)(docker\\.dragonflydb\\.io/)?$image#\\1$front/\\4#I" \
      -e "s#^(COPY --from=)(docker\\.dragonflydb\\.io/)?$image#\\1$front/\\3#")
  git -C "$1" -c user.name=x -c user.email=x@example.org commit --quiet --all --message 'Name the registry'
}

# A stand-in gets the tags that it stands for, and those that the plan leads to.
push_stand_ins() {
  local file tag to
  for file in "$root"/test/support/bases/*.Dockerfile; do
    [[ " ${STAND_INS:-$(basename "$file" .Dockerfile)} " == *" $(basename "$file" .Dockerfile) "* ]] || continue
    for tag in $(sed -n 's/^# Stands for: //p' "$file"); do
      grep -qrE "^FROM .*$front/$tag( |\$)" --include='Dockerfile*' "$1" || continue
      docker build --quiet --network host --tag "$store/$tag" - <"$file" >/dev/null
      docker push --quiet "$store/$tag" >/dev/null
      for to in $(node "$here/report.mjs" newer "$work/plan.json" "$front/$tag"); do
        docker tag "$store/$tag" "$store/${tag%%:*}:$to"
        docker push --quiet "$store/${tag%%:*}:$to" >/dev/null
      done
    done
  done
}

# Each branch applies alone on the main branch.
try_branches() {
  local branch
  for branch in $(git -C "$1" for-each-ref --format='%(refname:short)' 'refs/heads/kraft-slim/**'); do
    git clone --quiet --branch "$2" "$1" "$work/clone"
    if git -C "$work/clone" -c user.name=x -c user.email=x@example.org \
      merge --quiet --no-ff --no-edit "origin/$branch" >/dev/null; then echo "applies  $branch"; else
      echo "CONFLICT $branch"
    fi
    rm -rf "$work/clone"
  done
}

main() {
  [ $# -ge 1 ] || { sed -n '2,5p' "${BASH_SOURCE[0]}" >&2; exit 2; }
  local catalog main
  catalog=$(cd "$1" && pwd)
  main=$(git -C "$catalog" symbolic-ref --short HEAD)
  export XDG_STATE_HOME=$work/state
  start_registries
  name_registry "$catalog"
  cd "$catalog"
  node "$root/dist/cli/bin.js" refresh --all --dry-run --json >"$work/plan.json" 2>"$work/plan.log" || true
  node "$here/report.mjs" plan "$work/plan.json" "$work/requests"
  [ "${2:-}" != --plan ] || return 0
  push_stand_ins "$catalog"
  node "$root/dist/cli/bin.js" refresh --all --json >"$work/done.json" 2>"$work/done.log" || true
  node "$here/report.mjs" done "$work/done.json"
  # shellcheck disable=SC2046
  node "$root/dist/cli/bin.js" pr $(node "$here/report.mjs" made "$work/done.json") >/dev/null
  try_branches "$catalog" "$main"
}

main "$@"
