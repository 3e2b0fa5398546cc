#!/bin/sh
# Runs a command with a sandbox of its own: FLX_URL and FLX_TOKEN name it, and it ends with the command. With FLX_SANDBOXES
# there are so many, which FLX_URLS names.
#
#     FLX_SANDBOX=<flx-sandbox> [FLX_SANDBOXES=4] [FLX_SANDBOX_OPTIONS="--seed demo"] Tests/with-sandbox.sh COMMAND...
set -eu
[ -x "${FLX_SANDBOX:-}" ] || { echo "$0: FLX_SANDBOX must name the flx-sandbox program" >&2; exit 2; }

scratch=$(mktemp -d)
sandboxes=""
trap 'kill $sandboxes 2> /dev/null || true; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM

for n in $(seq "${FLX_SANDBOXES:-1}"); do
    : > "$scratch/$n"
    # shellcheck disable=SC2086 # the options are words
    "$FLX_SANDBOX" --port 0 ${FLX_SANDBOX_OPTIONS:---seed demo} > "$scratch/$n" &
    sandboxes="$sandboxes $!"
done

FLX_URLS=""
for n in $(seq "${FLX_SANDBOXES:-1}"); do
    tries=0
    until grep -q '^token ' "$scratch/$n"; do
        # shellcheck disable=SC2086 # they are numbers
        kill -0 $sandboxes 2> /dev/null || { echo "$0: a sandbox ended at once" >&2; exit 2; }
        tries=$((tries + 1))
        [ $tries -lt 600 ] || { echo "$0: a sandbox does not say where it is" >&2; exit 2; }
        sleep 0.1
    done
    FLX_URLS="$FLX_URLS$(sed -n 's/^url //p' "$scratch/$n") "
done
FLX_URL=${FLX_URLS%% *}
FLX_TOKEN=$(sed -n 's/^token //p' "$scratch/1")
export FLX_URL FLX_URLS FLX_TOKEN
"$@"
