#!/bin/bash
# When `make lib` compiles again: for an edit of a source or of a flag, and for no other edit of the Makefile.
#
#     Tests/packaging/scripts/flags-test.sh
#
# In a copy, with a compiler that only notes that it was called.
set -eu -o pipefail
cd "$(dirname "$0")/../../.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/bin" "$scratch/packaging" "$scratch/Sources/FlxChannel/ABI"
cp -r Makefile include "$scratch"
cp -r Sources/Loading "$scratch/Sources"
cp packaging/map.awk "$scratch/packaging"
touch "$scratch/Sources/FlxChannel/ABI/Exports+Library.swift"
# shellcheck disable=SC2016 # for the stub to expand
printf '#!/bin/bash\necho called >> "$CALLS"\ntouch "${@: -1}"\n' > "$scratch/bin/swiftc"
printf '#!/bin/sh\n' > "$scratch/packaging/nameless.sh"
chmod +x "$scratch/bin/swiftc" "$scratch/packaging/nameless.sh"
cd "$scratch"
export CALLS=$scratch/calls PATH=$scratch/bin:$PATH
unset MAKEFLAGS MAKEOVERRIDES MFLAGS

status=0
# expect COUNT WHAT...: `make lib` compiles so often after what was done to the copy.
expect() {
    local wanted=$1 found
    shift
    : > "$CALLS"
    make -s lib > make.log 2>&1 || { cat make.log; exit 1; }
    found=$(wc -l < "$CALLS")
    [ "$found" = "$wanted" ] && return
    echo "flags: make lib compiled $found times $*, and not $wanted"
    status=1
}

expect 1 "where nothing is built"
expect 0 "where all is built"
sleep 0.1
printf '\nplanted:\n\t@true\n' >> Makefile
expect 0 "after an edit of another rule"
sed -i 's/^COMPILE := /&-DPLANTED /' Makefile
expect 1 "after an edit of the flags"
expect 0 "with the flags as they were last"
sleep 0.1
touch Sources/FlxChannel/ABI/Exports+Library.swift
expect 1 "after an edit of a source"
[ $status = 0 ] && echo "flags: make lib compiles for a source or a flag, and for nothing else"
exit $status
