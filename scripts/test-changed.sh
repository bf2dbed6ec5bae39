#!/usr/bin/env bash
# Runs the suites that import what has changed since a commit: npm run test:changed -- [COMMIT]
#
# The commit is the last one shared with origin/main by default, or HEAD where there is no origin/main.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ $# -gt 0 ]; then base=$1
else base=$(git merge-base HEAD origin/main 2>/dev/null || echo HEAD)
fi
bash scripts/setup.sh
echo "test:changed: since $base" >&2
node_modules/.bin/vitest run --changed "$base" --passWithNoTests
if ! git diff --quiet "$base" -- src; then
  echo 'test:changed: src has changed; no import tells which of these suites start the built command for it:' >&2
  grep -lr --include='*.engine.test.ts' 'support/cli.ts' test | sort | sed 's/^/  /' >&2
  echo 'test:changed: run those that the change is about: npx vitest run --project engine SUITE' >&2
fi
