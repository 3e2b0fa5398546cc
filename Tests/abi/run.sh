#!/bin/sh
# Runs a command with a sandbox of its own: FLX_URL and FLX_TOKEN name it, and it ends with the command.
#
#     FLX_SANDBOX=<flx-sandbox> FLX_LIBRARY_DIR=<directory of libflxchannel.so.1> run.sh COMMAND...
#
# The pool is large, so that tests wait for the hub only where they mean to.
set -eu
[ -x "${FLX_SANDBOX:-}" ] || { echo "$0: FLX_SANDBOX must name the flx-sandbox program" >&2; exit 2; }
[ -e "${FLX_LIBRARY_DIR:-}/libflxchannel.so.1" ] || { echo "$0: no libflxchannel.so.1 in FLX_LIBRARY_DIR" >&2; exit 2; }

scratch=$(mktemp -d)
"$FLX_SANDBOX" --port 0 --seed demo --set pool.size=1000 --set pool.refill=500 > "$scratch/announced" &
sandbox=$!
trap 'kill $sandbox 2> /dev/null || true; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM

for _ in $(seq 100); do
    grep -q '^token ' "$scratch/announced" && break
    kill -0 $sandbox 2> /dev/null || { echo "$0: the sandbox ended at once" >&2; exit 2; }
    sleep 0.1
done
FLX_URL=$(sed -n 's/^url //p' "$scratch/announced")
FLX_TOKEN=$(sed -n 's/^token //p' "$scratch/announced")
LD_LIBRARY_PATH=$FLX_LIBRARY_DIR${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export FLX_URL FLX_TOKEN LD_LIBRARY_PATH
"$@"
