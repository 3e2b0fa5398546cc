#!/bin/bash
# Makes a release: a tag and an archive of the sources. Nothing is pushed.
#
#     Tests/packaging/release.sh [--check]        --check says only whether it could
#
# It refuses where the version is not the same in the header, the library, the packages of Python and Node, the recorded interface and
# CHANGELOG.md, where the changelog's newest section has no date (`## 1.2.3 - 2026-01-31`), where the tree has changes, and where the tag is there.
set -euo pipefail
[ $# = 0 ] || [ "$*" = --check ] || { echo "usage: $0 [--check]" >&2; exit 2; }
cd "$(git rev-parse --show-toplevel)"

refusals=0
refuse() {
    echo "release: $1" >&2
    refusals=$((refusals + 1))
}

# Each place as a person would read it there.
number() { sed -nE "s/$1/\\1/p" "$2" | head -1; }
dotted() { [ -z "$1" ] || echo "$(($1 / 1000000)).$(($1 / 1000 % 1000)).$(($1 % 1000))"; }
client=Sources/FlxChannel/Channel/Client/Client.swift
version=$(dotted "$(number '^#define FLX_VERSION ([0-9]+)$' include/flxchannel.h)")
[ -n "$version" ] || { refuse "include/flxchannel.h: no FLX_VERSION"; exit 1; }
same() { # place, the version there
    [ "$2" = "$version" ] || refuse "$1 has version ${2:-none}, include/flxchannel.h has $version"
}
same "$client (number)" "$(dotted "$(number '^ *static let number: UInt32 = ([0-9_]+)$' "$client" | tr -d _)")"
same "$client (text)" "$(number '^ *static let text: StaticString = "(.*)"$' "$client")"
same bindings/python/pyproject.toml "$(number '^version = "(.*)"$' bindings/python/pyproject.toml)"
same bindings/node/package.json "$(number '^  "version": "(.*)",$' bindings/node/package.json)"
same 'Tests/packaging/abi (abi.py record)' "$(cat Tests/packaging/abi/version 2> /dev/null)"

newest=$(number '^## (.*)$' CHANGELOG.md)
same CHANGELOG.md "${newest%% *}"
[[ $newest =~ ^[0-9.]+\ -\ [0-9]{4}-[0-9]{2}-[0-9]{2}$ ]] ||
    refuse "CHANGELOG.md: '## $newest' has no date; write '## $version - $(date -u +%F)'"
[ -z "$(git status --porcelain)" ] || refuse "the tree has changes; commit or remove them"
git rev-parse -q --verify "refs/tags/v$version" > /dev/null && refuse "the tag v$version is there"
[ $refusals = 0 ] || exit 1
[ $# = 0 ] || { echo "release: $version can be made"; exit 0; }

name=flxchannel-$version
folder=.build-lib/release
mkdir -p "$folder"
git tag -a "v$version" -m "flxchannel $version"
git archive --format=tar.gz --prefix="$name/" -o "$folder/$name.tar.gz" "v$version"
(cd "$folder" && sha256sum "$name.tar.gz" | tee "$name.tar.gz.sha256")
echo "release: tag v$version and $folder/$name.tar.gz; push them with: git push origin v$version"
