#!/bin/bash
# Loads both built libraries in every way in which hosts load one, and uses them each time.
#
#     Tests/loading/matrix.sh STANDARD SLIM        two libflxchannel.so.1
#
# Needs gcc, swiftc, php with FFI and curl, and root for the chroot. A missing tool is a failure. At the end a planted library,
# whose constructor reads the environment as the Swift runtime does, must fail where it should.
set -u
[ $# -eq 2 ] || { echo "usage: $0 STANDARD SLIM" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

check() { # claim, command...
    local claim=$1
    shift
    "$@" > "$scratch/out" 2>&1
    local status=$?
    if [ $status -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $claim (status $status)"
        sed 's/^/    /' "$scratch/out" | head -5
    fi
}

fresh() { rm -rf "$scratch/state"; mkdir -m 700 "$scratch/state"; }

gcc="gcc -O1 -Wall -Wextra -Werror -I$root/include -pthread"
$gcc -fPIC -pie "$root/Tests/loading/load.c" -o "$scratch/pie" || exit 1
$gcc -fno-pic -no-pie "$root/Tests/loading/load.c" -o "$scratch/fixed" || exit 1
copies() { readelf -rW "$1" | grep -q '_COPY.*environ'; }
check "the fixed program has a copy of environ" copies "$scratch/fixed"
check "the other has none" sh -c "! readelf -rW '$scratch/pie' | grep -q '_COPY.*environ'"

# Another Swift library with a runtime of its own in the process, as a host's plugin may be.
printf '@_cdecl("answer") public func answer() -> Int32 { Int32([40, 1, 1].reduce(0, +)) }\n' > "$scratch/other.swift"
swiftc -O -emit-library -module-name Other "$scratch/other.swift" -o "$scratch/libother.so" || exit 1
swiftc -O -static-stdlib -emit-library -module-name Other "$scratch/other.swift" -o "$scratch/libownother.so" || exit 1

# What the runtime does while it is loaded, alone: the checker's own check.
printf 'extern char **environ; volatile int n;\n__attribute__((constructor)) static void walk(void) { for (char **e = environ; *e; e++) n++; }\n' \
    > "$scratch/reads.c"
$gcc -fPIC -shared "$scratch/reads.c" -o "$scratch/libreads.so" || exit 1

loads() { # name, library
    local name=$1 library=$2 program when where bind thread
    for program in pie fixed; do
        for when in now lazy; do for where in local global; do for bind in plain deepbind; do for thread in main thread; do
            fresh
            check "$name: $program $when $where $bind $thread" \
                "$scratch/$program" "$library" "$scratch/state" $when $where $bind $thread
        done; done; done; done
        fresh
        check "$name: $program, LD_BIND_NOW" env LD_BIND_NOW=1 "$scratch/$program" "$library" "$scratch/state" lazy
        fresh
        check "$name: $program, preloaded" env LD_PRELOAD="$library" "$scratch/$program" "$library" "$scratch/state"
        for other in libother libownother; do for order in beside after; do for bind in plain deepbind; do
            fresh
            check "$name: $program, $order $other, $bind" \
                "$scratch/$program" "$library" "$scratch/state" $bind "$order=$scratch/$other.so"
        done; done; done
    done
    linked "$name" "$library"
    jailed "$name" "$library"
    check "$name: beside PHP's curl" php -d ffi.enable=1 "$root/Tests/loading/beside_curl.php" "$library" "$scratch"
}

# Programs that name the library when they are linked.
linked() { # name, library
    local name=$1 folder kind
    folder=$(dirname "$2")
    printf '#include <flxchannel.h>\n#include <unistd.h>\nextern char **environ;\nint main(void) { return flx_version() == FLX_VERSION && environ ? 0 : 1; }\n' > "$scratch/linked.c"
    for kind in "-fPIE -pie" "-fno-pic -no-pie"; do
        # shellcheck disable=SC2086
        $gcc -D_GNU_SOURCE $kind "$scratch/linked.c" -o "$scratch/linked" -L"$folder" -lflxchannel || exit 1
        check "$name: linked, $kind" env LD_LIBRARY_PATH="$folder" "$scratch/linked"
    done
}

# Without /proc, /sys and /dev, and nothing but the libraries it needs.
jailed() { # name, library
    local name=$1 library=$2 jail=$scratch/jail file
    rm -rf "$jail"
    mkdir -p "$jail/state"
    chmod 700 "$jail/state"
    for file in "$scratch/pie" "$scratch/fixed" "$library"; do install -D "$file" "$jail/$(basename "$file")"; done
    ldd "$library" "$scratch/pie" | grep -oE '/[^ ]+\.so[^ :]*' | sort -u | while read -r file; do
        install -D "$file" "$jail$file"
    done
    check "$name: in a chroot without /proc" chroot "$jail" /pie /libflxchannel.so.1 /state
    check "$name: in a chroot without /proc, deepbind" \
        sh -c "rm -rf '$jail/state'/*; chroot '$jail' /fixed /libflxchannel.so.1 /state deepbind"
}

loads standard "$1"
loads slim "$2"

check "planted: a library that reads the environment loads plainly" "$scratch/fixed" "$scratch/libreads.so" "$scratch/state" bare
if sh -c '"$@"; exit $?' planted "$scratch/fixed" "$scratch/libreads.so" "$scratch/state" bare deepbind > "$scratch/out" 2>&1; then
    failed=$((failed + 1))
    echo "FAILED planted: a library that reads the environment was not found"
else
    passed=$((passed + 1))
fi

echo "loading: $passed passed, $failed failed"
[ $failed -eq 0 ]
