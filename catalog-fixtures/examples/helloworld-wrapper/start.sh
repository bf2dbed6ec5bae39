#!/bin/sh
# Sets the stage and gives way to the program.
set -e

GREETING="${GREETING:-Good morning}"
export GREETING

exec /usr/local/bin/greet "$@"
