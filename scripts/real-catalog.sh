#!/usr/bin/env bash
# Slims entries of a checkout of Unikraft's catalog and prints a line for each: scripts/real-catalog.sh CATALOG ENTRY...
# It changes the checkout, so give it a copy. Stand-ins for the official images are made of Debian's packages
# (test/support/bases) under the official names: not on an engine that has those. KRAFT_SLIM_LOG names a file for what
# the runs report on the way.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bases=$root/test/support/bases

# Builds the stand-in of each base that the entries name, once.
ensure_bases() {
  local file tag tags
  for file in "$bases"/*.Dockerfile; do
    read -ra tags <<<"$(sed -n 's/^# Stands for: //p' "$file")"
    for tag in "${tags[@]}"; do
      grep -qsE "^FROM .*$tag( |\$)" "${@/%//Dockerfile}" || continue
      docker image inspect "$tag" >/dev/null 2>&1 && continue
      echo "building $(basename "$file" .Dockerfile)" >&2
      docker build --quiet --network host "${tags[@]/#/--tag=}" - <"$file" >/dev/null
      break
    done
  done
}

main() {
  [ $# -ge 2 ] || { sed -n '2,5p' "${BASH_SOURCE[0]}" >&2; exit 2; }
  cd "$1"
  shift
  ensure_bases "$@"
  local entry
  for entry; do
    node "$root/dist/cli/bin.js" "$entry" --json 2>>"${KRAFT_SLIM_LOG:-/dev/null}" |
      node -e 'const r = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
        const size = (of) => of?.bytes ?? "-";
        const end = r.code ?? (r.repaired ? "repaired" : "-");
        const line = [r.entry ?? process.argv[1], r.status ?? "failed", end, r.verified ?? false, size(r.before), size(r.after)];
        console.log([...line, r.reason ?? r.message ?? ""].join("\t"));' "$entry" || true
  done
}

main "$@"
