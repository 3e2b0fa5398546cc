#!/bin/bash
# Shows what deps.sh does, on a machine that is made up: `there` is installed, `lacking` is not, and apt-get writes down how it
# was called.
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
printf '#!/bin/sh\n[ "$3" != there ] || echo install ok installed\n' > "$scratch/bin/dpkg-query"
printf '#!/bin/sh\necho "$@" >> "%s/calls"\n' "$scratch" > "$scratch/bin/apt-get"
printf '#!/bin/sh\nexec "$@"\n' > "$scratch/bin/sudo"
chmod +x "$scratch"/bin/*
export PATH="$scratch/bin:$PATH"
unset CI

failures=0
check() { # claim, wanted status, status, pattern in what was said or -, pattern in the calls or -
    local is_wrong=
    [ "$2" = "$3" ] || is_wrong=1
    [ "$4" = - ] || grep -qE -- "$4" "$scratch/said" || is_wrong=1
    if [ "$5" = - ]; then [ ! -e "$scratch/calls" ] || is_wrong=1; else grep -qE -- "$5" "$scratch/calls" || is_wrong=1; fi
    [ -z "$is_wrong" ] || { echo "FAILED $1 (status $3)"; cat "$scratch/said"; failures=$((failures + 1)); }
    rm -f "$scratch/calls"
}
deps() { "$here/deps.sh" "$@" > "$scratch/said" 2>&1 < /dev/null; }
asked() { # answer, command...: at a terminal
    local answer=$1
    shift
    printf '%s\n' "$answer" | script -qec "$(printf '%q ' "$here/deps.sh" "$@")" /dev/null > "$scratch/said" 2>&1
}

deps 'to build: there'
check "nothing is installed where nothing is missing" 0 $? 'nothing is missing' -
deps 'to build: there' 'to test: there lacking'
check "what is missing is named with its reason" 0 $? '^  to test: lacking$' 'install .*--no-upgrade lacking$'
asked n 'to test: lacking'
check "at a terminal no is no" 1 $? 'nothing was installed' -
asked '' 'to test: lacking'
check "at a terminal it asks" 0 $? 'install them\?' 'install .*lacking$'
CI=true asked n 'to test: lacking'
check "CI is not asked" 0 $? 'to test: lacking' 'install .*lacking$'
[ $failures = 0 ] && echo "deps: says what it installs and why, asks, and upgrades nothing"
exit $((failures > 0))
