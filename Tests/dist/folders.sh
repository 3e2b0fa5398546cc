#!/bin/sh
# What is committed, built from nothing in two folders of other names by two people: what is handed out is equal to the byte.
#
#     Tests/dist/folders.sh        takes as long as two builds of all
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for folder in one "another place"; do
    git clone -q "$root" "$scratch/$folder"
    make -s -C "$scratch/$folder" dist
done
if ! diff "$scratch/one/.build-dist/SHA256SUMS" "$scratch/another place/.build-dist/SHA256SUMS"; then
    for file in standard/libflxchannel.so.1 flx flx-sandbox; do
        cmp "$scratch/one/.build-lib/$file" "$scratch/another place/.build-lib/$file" || true
    done
    echo "FAILED two folders, two results"
    exit 1
fi
cat "$scratch/one/.build-dist/SHA256SUMS"
echo "folders: both builds are equal"
