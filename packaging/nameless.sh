#!/bin/sh
# Blanks what Swift notes in a program of where it was built, so that another folder gives the same bytes:
#
#     packaging/nameless.sh FILE...
#
# The section .swift_modhash has a hash over the path of each object file; nothing reads it.
set -eu
for file in "$@"; do
    readelf -SW "$file" | sed 's/^ *\[ *[0-9]*\]//' | awk '$1 == ".swift_modhash" { print $4, $5 }' | while read -r offset size; do
        dd if=/dev/zero of="$file" bs=1 seek=$((0x$offset)) count=$((0x$size)) conv=notrunc status=none
    done
done
