#!/usr/bin/env bash
# Runs every suite that samples with its full counts. The seed is the time, or KRAFT_SLIM_SEED.
set -euo pipefail
cd "$(dirname "$0")/.."

bash scripts/setup.sh
export KRAFT_SLIM_SOAK=1 KRAFT_SLIM_SEED="${KRAFT_SLIM_SEED:-$(date +%s)}"
echo "soak: KRAFT_SLIM_SEED=$KRAFT_SLIM_SEED" >&2
status=0
node_modules/.bin/vitest run --config test/soak/vitest.config.ts "$@" || status=$?
echo "soak: that was KRAFT_SLIM_SEED=$KRAFT_SLIM_SEED" >&2
exit "$status"
