#!/usr/bin/env bash
# Runs the C tests on a library that watches its own memory, and on one that watches its threads. First each sanitizer
# must find a planted fault, or the rest would prove nothing.
#
#     Tests/abi/sanitizer/run.sh <flx-sandbox> <folder with address/ and thread/>
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS=die_after_fork=0:exitcode=66
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for kind in address thread; do
    swiftc -sanitize=$kind -use-ld=lld "$here/planted_$kind.swift" -o "$scratch/planted" 2> "$scratch/log" || { cat "$scratch/log"; exit 1; }
    if "$scratch/planted" > "$scratch/log" 2>&1 || ! grep -q "SUMMARY: .*Sanitizer" "$scratch/log"; then
        echo "sanitize: the planted fault for $kind was not found"
        exit 1
    fi
    echo "C tests, $kind sanitizer (its planted fault was found)"
    make --no-print-directory -s -C "$here/.." "$kind" BUILD="$here/../../../.build-abi-$kind" FLX_SANDBOX="$1" FLX_LIBRARY_DIR="$2/$kind"
done
