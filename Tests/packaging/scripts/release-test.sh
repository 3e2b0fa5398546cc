#!/bin/bash
# Shows that release.sh makes a release of a tree that is ready, and refuses one with each thing that it looks at wrong.
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
root=$(cd "$here/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.com GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.com

places=(include/flxchannel.h Sources/FlxChannel/Channel/Client/Client.swift bindings/python/pyproject.toml
    bindings/node/package.json Tests/packaging/abi/version CHANGELOG.md)
version=$(awk '$2 == "FLX_VERSION" { printf "%d.%d.%d", $3 / 1000000, $3 / 1000 % 1000, $3 % 1000 }' "$root/include/flxchannel.h")
client=Sources/FlxChannel/Channel/Client/Client.swift

# A tree of its own, with the places of this one as they are but for the date, and one commit.
fresh_tree() {
    rm -rf "$scratch/tree"
    mkdir -p "$scratch/tree" && cd "$scratch/tree" || exit 2
    for place in "${places[@]}"; do
        mkdir -p "$(dirname "$place")"
        cp "$root/$place" "$place"
    done
    sed -i "0,/^## .*/s//## $version - 2026-01-31/" CHANGELOG.md
    echo .build-lib/ > .gitignore
    git init -q . && git add -A && git commit -q -m tree
}

failures=0
fail() { echo "FAILED $1"; cat "$scratch/said"; failures=$((failures + 1)); }
refuses() { # claim, pattern of the refusal; the tree is as it was planted
    git tag > "$scratch/tags"
    for option in --check ''; do
        # shellcheck disable=SC2086
        "$here/release.sh" $option > "$scratch/said" 2>&1 && fail "$1: it was not refused"
        [ "$(wc -l < "$scratch/said")" = 1 ] && grep -qE "$2" "$scratch/said" || fail "$1: it did not say why, and nothing else"
    done
    [ ! -e .build-lib ] && git tag | cmp -s - "$scratch/tags" || fail "$1: something was made all the same"
}
planted() { # claim, pattern of the refusal, place, edit
    fresh_tree
    sed -i -E "$4" "$3"
    git diff --quiet && fail "$1: nothing was planted"
    git commit -q -a -m planted
    refuses "$1" "$2"
}

planted "another number in the library" 'number.* has version 9\.' $client 's/(number: UInt32 =) .*/\1 9000000/'
planted "another text in the library" 'text.* has version 9\.9\.9' $client 's/(text: StaticString =) .*/\1 "9.9.9"/'
planted "no text in the library" 'text.* has version none' $client '/text: StaticString =/d'
planted "another version of the package of Node" 'package.json has version 9' bindings/node/package.json 's/"version": .*/"version": "9",/'
planted "another version of the package" 'pyproject.toml has version 9' bindings/python/pyproject.toml 's/^version = .*/version = "9"/'
planted "an interface that was recorded before" 'Tests/packaging/abi .* has version 0\.9\.0' Tests/packaging/abi/version 's/.*/0.9.0/'
planted "another version in the changelog" 'CHANGELOG.md has version 9\.0\.0' CHANGELOG.md "s/^## $version /## 9.0.0 /"
planted "a changelog without a date" "no date" CHANGELOG.md "s/^(## $version) .*/\\1/"
planted "no version in the header" 'no FLX_VERSION' include/flxchannel.h '/define FLX_VERSION/d'
fresh_tree; echo more >> CHANGELOG.md
refuses "a change that is not committed" 'has changes'
fresh_tree; echo more > another
refuses "a file that git does not know" 'has changes'
fresh_tree; git tag "v$version"
refuses "a tag that is there" "tag v$version is there"

fresh_tree
"$here/release.sh" --check > "$scratch/said" 2>&1 || fail "a tree that is ready is refused"
[ -z "$(git tag)" ] && [ ! -e .build-lib ] || fail "--check made something"
"$here/release.sh" > "$scratch/said" 2>&1 || fail "no release of a tree that is ready"
[ "$(git tag)" = "v$version" ] || fail "the tag"
archive=flxchannel-$version.tar.gz
(cd .build-lib/release && sha256sum -c --quiet "$archive.sha256") > "$scratch/said" 2>&1 || fail "the sum of the archive"
tar tzf ".build-lib/release/$archive" > "$scratch/said" && grep -qx "flxchannel-$version/include/flxchannel.h" "$scratch/said" ||
    fail "the archive's files"
[ $failures = 0 ] && echo "release: twelve trees that are not ready are refused, one that is ready is tagged and packed"
exit $((failures > 0))
