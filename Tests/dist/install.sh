#!/bin/bash
# `make install` and `make uninstall`, with each library: what comes is what was asked for, and all of it goes.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0
fail() { echo "FAILED $1"; sed 's/^/    /' "$scratch/said" | tail -20; failures=$((failures + 1)); }
make_it() { env -u MAKEFLAGS make --no-print-directory -C "$root" PREFIX="$scratch/prefix" "$@" > "$scratch/said" 2>&1; }

for variant in standard slim; do
    make_it install VARIANT=$variant || fail "install of the $variant library"
    LD_LIBRARY_PATH=$scratch/prefix/lib "$scratch/prefix/bin/flx" describe build --json > "$scratch/said" 2>&1
    grep -qE "\"variant\": ?\"$variant\"" "$scratch/said" || fail "the installed library is the $variant one"
    make_it uninstall VARIANT=$variant || fail "uninstall"
    find "$scratch/prefix" ! -type d > "$scratch/said"
    [ ! -s "$scratch/said" ] || fail "something is left behind"
done
make_it install VARIANT=another && fail "a library that there is not"
grep -q "VARIANT is standard or slim" "$scratch/said" || fail "it does not say which there are"
[ $failures = 0 ] && echo "install: both libraries come and go"
exit $((failures > 0))
