#!/usr/bin/env bash
# Slims a copy of the nginx fixture and shows what changed. Does all the set-up it needs.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
entry=library/nginx/1.22

bash "$root/scripts/setup.sh"

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -R "$root/catalog-fixtures/." "$copy"

cd "$copy"
node "$root/dist/cli/bin.js" "$entry"
echo
# the original is kept beside the result, since the copy is in no git work tree
diff --unified --label "a/$entry/Dockerfile" --label "b/$entry/Dockerfile" \
  "$entry/Dockerfile.orig" "$entry/Dockerfile" || [ $? -eq 1 ]
