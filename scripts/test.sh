#!/usr/bin/env bash
# Sets all up and runs all tests; with arguments, `vitest run` with these. The suites that need no engine run beside those
# with an engine, in what these leave of the processors, and their output comes at the end. A directory in
# KRAFT_SLIM_TEST_REPORTS gets a report in JSON of each of the two runs.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

bash scripts/setup.sh || exit 1
vitest=node_modules/.bin/vitest
[ $# -eq 0 ] || exec "$vitest" run "$@"

# two engine suites at once: each has its scope, and they wait more than they compute
export KRAFT_SLIM_TEST_WORKERS="${KRAFT_SLIM_TEST_WORKERS:-2}"
directory=$(mktemp -d)
reports="${KRAFT_SLIM_TEST_REPORTS:-$directory}"
plain=
trap '[ -z "$plain" ] || kill "$plain" 2>/dev/null; rm -rf "$directory"' EXIT

# tests NAME PROJECT...: runs the suites of projects, with a report of this name
tests() {
  local name=$1
  shift
  "$vitest" run --reporter=default --reporter=json --outputFile.json="$reports/$name.json" "${@/#/--project=}"
}

(renice -n 5 $BASHPID >/dev/null && tests plain unit shared) >"$directory/plain.log" 2>&1 &
plain=$!
tests engine engine
engine_status=$?
wait "$plain"
plain_status=$?
plain=
cat "$directory/plain.log"
[ $engine_status -eq 0 ] && [ $plain_status -eq 0 ]
