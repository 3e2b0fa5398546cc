#!/bin/bash
# What a packager checks of the two built libraries and of the header, before anybody loads them.
#
#     Tests/packaging/artefact.sh STANDARD SLIM        two libflxchannel.so.1
#
# Needs binutils, gcc, g++, the toolchain's clang, php with FFI, python3 with cffi. A missing tool is a failure.
set -u
[ $# -eq 2 ] || { echo "usage: $0 STANDARD SLIM" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
header=$root/include/flxchannel.h
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

# Runs a command; its output is shown only if it fails.
check() { # claim, command...
    local claim=$1
    shift
    if "$@" > "$scratch/out" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $claim"
        sed 's/^/    /' "$scratch/out" | head -20
    fi
}

same() { # wanted, got
    [ "$1" = "$2" ] || { printf 'want: %s\ngot:  %s\n' "$1" "$2"; return 1; }
}

at_most() { # limit, got
    [ "$2" -le "$1" ] || { echo "$2 is over $1"; return 1; }
}

# Whether version $2 is no newer than $1.
no_newer() {
    [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | tail -1)" = "$1" ] || { echo "$2 is newer than $1"; return 1; }
}

dynamic() { readelf -dW "$1" | sed -n "s/.*($2).*[[]\(.*\)[]].*/\1/p" | sort | tr '\n' ' '; }

has_flag() { readelf -dW "$1" | grep -E 'FLAGS' | grep -qw "$2"; }

# ---- The two artefacts -----------------------------------------------------------------------------------------------

sed -n 's/^FLX_API .*[ *]\(flx_[a-z0-9_]*\)(.*/\1/p' "$header" | sort > "$scratch/declared"

artefact() { # name, library, libraries it may need, most bytes, newest glibc
    local name=$1 library=$2 bytes newest
    [ -e "$library" ] || { echo "FAILED $name: there is no $library"; failed=$((failed + 1)); return; }
    # The loader itself is named by some linkers; it is there before any library.
    check "$name: needs the distribution's libraries and no Swift" \
        same "$3" "$(dynamic "$library" NEEDED | sed 's/ld-linux[^ ]* //')"
    check "$name: is called libflxchannel.so.1" same "libflxchannel.so.1 " "$(dynamic "$library" SONAME)"
    check "$name: has no RUNPATH" same "" "$(dynamic "$library" 'RUNPATH\|RPATH')"
    nm -D --defined-only "$library" | awk '$2 ~ /^[A-Z]$/ && $2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort > "$scratch/exported"
    check "$name: exports the header's functions and nothing else" diff "$scratch/declared" "$scratch/exported"
    check "$name: stays loaded when a host closes it" has_flag "$library" NODELETE
    check "$name: is bound at load" has_flag "$library" NOW
    check "$name: has no executable stack" bash -c "! readelf -lW '$library' | grep GNU_STACK | grep -q RWE"
    strip -o "$scratch/stripped" "$library"
    bytes=$(stat -c %s "$scratch/stripped")
    check "$name: at most $4 bytes stripped" at_most "$4" "$bytes"
    newest=$(objdump -T "$library" | grep -oE 'GLIBC_[0-9.]+' | sort -uV | tail -1)
    check "$name: asks for no newer glibc than $5" no_newer "$5" "${newest#GLIBC_}"
    echo "$name: $bytes bytes stripped, $newest, needs $(dynamic "$library" NEEDED)"
}

artefact standard "$1" "libc.so.6 libcurl.so.4 libgcc_s.so.1 libjansson.so.4 libm.so.6 libsqlite3.so.0 libstdc++.so.6 " 8300000 2.34
artefact slim "$2" "libc.so.6 libcurl.so.4 libjansson.so.4 libm.so.6 libsqlite3.so.0 " 1500000 2.34

# ---- The header ------------------------------------------------------------------------------------------------------

echo '#include <flxchannel.h>' > "$scratch/reader.c"
echo 'int main(void) { return (int)sizeof(flx_order) == 0; }' >> "$scratch/reader.c"
cp "$scratch/reader.c" "$scratch/reader.cc"
strict="-Wall -Wextra -pedantic -Werror -Wstrict-prototypes -fsyntax-only -I$root/include"
for standard in c99 c11 c17 c2x gnu11; do
    for compiler in gcc clang; do
        # shellcheck disable=SC2086
        check "the header is $standard for $compiler" $compiler -std=$standard $strict "$scratch/reader.c"
    done
done
for standard in c++11 c++14 c++17 c++20; do
    for compiler in g++ clang++; do
        # shellcheck disable=SC2086
        check "the header is $standard for $compiler" $compiler -std=$standard ${strict/-Wstrict-prototypes/} "$scratch/reader.cc"
    done
done

echo '#include <flxchannel.hpp>' > "$scratch/wrapper.cc"
echo 'int main() { flx::Handlers handlers; flx::Client({{"channel", "c"}}).sync(handlers); }' >> "$scratch/wrapper.cc"
for standard in c++17 c++20; do
    for compiler in g++ clang++; do
        # shellcheck disable=SC2086
        check "the C++ header is $standard for $compiler" $compiler -std=$standard ${strict/-Wstrict-prototypes/} "$scratch/wrapper.cc"
    done
done
check "the C++ header stays short" at_most 399 "$(wc -l < "$root/include/flxchannel.hpp")"

"$root/bindings/c/plain-header.sh" "$header" > "$scratch/flxchannel.ffi.h"
cat > "$scratch/all.php" <<'PHP'
<?php
[, $header, $library, $names] = $argv;
$c = FFI::cdef(file_get_contents($header), $library); // resolves every function, or throws
foreach (file($names, FILE_IGNORE_NEW_LINES) as $name) {
    $c->$name;
}
if ($c->flx_require($c->FLX_VERSION) !== $c->FLX_OK || $c->FLX_E_HANDLE !== -102 || $c->FLX_HAS_REDACTED !== 1 << 18) {
    exit(1);
}
PHP
cat > "$scratch/all.py" <<'PYTHON'
import sys

import cffi

header, library, names = sys.argv[1:]
ffi = cffi.FFI()
ffi.cdef(open(header).read())
lib = ffi.dlopen(library)
for name in open(names).read().split():
    getattr(lib, name)
assert lib.flx_require(lib.FLX_VERSION) == lib.FLX_OK
assert lib.FLX_E_HANDLE == -102 and lib.FLX_HAS_REDACTED == 1 << 18
assert ffi.sizeof("flx_decimal") == 32
PYTHON
python=python3
python3 -c 'import cffi' 2> /dev/null || python=/usr/bin/python3 # Debian's package serves Debian's interpreter
for library in "$1" "$2"; do
    library=$(realpath "$library")
    check "the plain header serves PHP FFI with $library" \
        php "$scratch/all.php" "$scratch/flxchannel.ffi.h" "$library" "$scratch/declared"
    check "the plain header serves cffi with $library" \
        "$python" "$scratch/all.py" "$scratch/flxchannel.ffi.h" "$library" "$scratch/declared"
done

# ---- Installed -------------------------------------------------------------------------------------------------------

check "it installs" "$root/bindings/c/install.sh" "$1" "$scratch/installed"
export PKG_CONFIG_PATH=$scratch/installed/lib/pkgconfig
check "pkg-config knows it" pkg-config --exists --print-errors 'flxchannel >= 1.0'
check "the C examples build against it" make -s -C "$root/examples/c" BUILD="$scratch/examples" CFLAGS="-O2 -Werror"
DESTDIR=$scratch/staged check "it installs for packagers" "$root/bindings/c/install.sh" "$1" /usr
check "a staged file names its final place" grep -qx 'prefix=/usr' "$scratch/staged/usr/lib/pkgconfig/flxchannel.pc"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
