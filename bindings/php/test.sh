#!/bin/sh
# The tests of PHP with one library: those of the extension, and those of the class API by the extension and by FFI.
#
#     FLX_SANDBOX=<flx-sandbox> bindings/php/test.sh LIBRARY BUILT [WORD...]
#
# BUILT is where bindings/php-extension was built; with words, only the tests of the class API that have one.
set -u
[ $# -ge 2 ] && [ -n "${FLX_SANDBOX:-}" ] || { echo "usage: FLX_SANDBOX=... $0 LIBRARY BUILT [WORD...]" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
library=$(readlink -f "$1")
built=$(cd "$2" && pwd)
shift 2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# In a folder of their own, so that what is left there is known to come of these tests.
export TMPDIR="$scratch" LD_LIBRARY_PATH="${library%/*}"
status=0

if [ $# = 0 ]; then
    # A copy, for PHP writes beside the tests, and another library may be tested at the same time.
    mkdir "$scratch/extension"
    cp -r "$here/../php-extension/tests" "$scratch/extension/"
    ln -s "$here" "$scratch/php"
    TEST_PHP_EXECUTABLE=$(command -v php) NO_INTERACTION=1 TEST_PHP_ARGS="-q -j4 -g FAIL,SKIP --show-diff" \
        php "$built/run-tests.php" -n -d "extension=$built/modules/flxchannel.so" "$scratch/extension/tests" > "$scratch/said" 2>&1 || status=1
    # What is skipped has shown nothing.
    grep -q '^Tests skipped *: *0 ' "$scratch/said" || status=1
    [ $status = 0 ] && grep '^Tests passed' "$scratch/said" || cat "$scratch/said"
fi
"$here/header.sh" "$here/../../include/flxchannel.h" "$library" > "$scratch/flxchannel.php.h"
export FLXCHANNEL_HEADER="$scratch/flxchannel.php.h"
# Most of their time they wait for a clock: side by side, with what each says kept whole.
run() { # name, options of PHP, words...
    name=$1 FLX_PHP=$2
    export FLX_PHP
    shift 2
    # shellcheck disable=SC2086 # the options are words
    php $FLX_PHP "$here/tests/run.php" "$@" > "$scratch/said-by-$name" 2>&1
}
run ffi "" "$@" &
run extension "-d extension=$built/modules/flxchannel.so" "$@" || status=1
wait $! || status=1
cat "$scratch/said-by-ffi" "$scratch/said-by-extension"
# PHP goes on without an extension that it cannot load.
grep -q '^PHP by the extension' "$scratch/said-by-extension" || { echo "FAILED the extension is not loaded"; status=1; }
left=$(find "$scratch" -mindepth 1 -maxdepth 1 -name 'flx-*' | wc -l)
# A test that failed leaves what it had, for a look while it runs.
[ $status != 0 ] || [ "$left" = 0 ] || { echo "FAILED the tests leave $left folders behind"; status=1; }
exit $status
