#!/bin/sh
# Runs a command with a sandbox of its own: FLX_URL and FLX_TOKEN name it, and it ends with the command.
#
#     FLX_SANDBOX=<flx-sandbox> [FLX_SANDBOX_OPTIONS="--seed demo"] Tests/with-sandbox.sh COMMAND...
set -eu
[ -x "${FLX_SANDBOX:-}" ] || { echo "$0: FLX_SANDBOX must name the flx-sandbox program" >&2; exit 2; }

scratch=$(mktemp -d)
: > "$scratch/announced"
# shellcheck disable=SC2086 # the options are words
"$FLX_SANDBOX" --port 0 ${FLX_SANDBOX_OPTIONS:---seed demo} > "$scratch/announced" &
sandbox=$!
trap 'kill $sandbox 2> /dev/null || true; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM

tries=0
until grep -q '^token ' "$scratch/announced"; do
    kill -0 $sandbox 2> /dev/null || { echo "$0: the sandbox ended at once" >&2; exit 2; }
    tries=$((tries + 1))
    [ $tries -lt 100 ] || { echo "$0: the sandbox does not say where it is" >&2; exit 2; }
    sleep 0.1
done
FLX_URL=$(sed -n 's/^url //p' "$scratch/announced")
FLX_TOKEN=$(sed -n 's/^token //p' "$scratch/announced")
export FLX_URL FLX_TOKEN
"$@"
