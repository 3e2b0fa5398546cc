#!/bin/sh
# Installs the library for C, pkg-config, CMake, and the plain header for PHP FFI and cffi.
#
#     bindings/c/install.sh LIBRARY PREFIX        LIBRARY is a built libflxchannel.so.1
#
# With DESTDIR set, files go under it and name PREFIX, as packagers want it.
set -eu
[ $# -eq 2 ] || { echo "usage: [DESTDIR=...] $0 LIBRARY PREFIX" >&2; exit 2; }

here=$(cd "$(dirname "$0")" && pwd)
header=$here/../../include/flxchannel.h
library=$1
prefix=${2%/}
case $prefix in /?*) ;; *) echo "$0: PREFIX must be an absolute path, not '$2'" >&2; exit 2 ;; esac
root=${DESTDIR:-}$prefix

version=$(awk '$2 == "FLX_VERSION" { printf "%d.%d.%d", $3 / 1000000, $3 / 1000 % 1000, $3 % 1000 }' "$header")

filled() { # template, target
    sed -e "s|@PREFIX@|$prefix|g" -e "s|@VERSION@|$version|g" "$1" > "$2"
    chmod 644 "$2"
}

install -d "$root/lib/pkgconfig" "$root/lib/cmake/flxchannel" "$root/include" "$root/share/flxchannel"
install -m 755 "$library" "$root/lib/libflxchannel.so.1"
ln -sf libflxchannel.so.1 "$root/lib/libflxchannel.so"
install -m 644 "$header" "$root/include/flxchannel.h"
"$here/plain-header.sh" "$header" > "$root/share/flxchannel/flxchannel.ffi.h"
chmod 644 "$root/share/flxchannel/flxchannel.ffi.h"
filled "$here/flxchannel.pc.in" "$root/lib/pkgconfig/flxchannel.pc"
filled "$here/flxchannel-config.cmake.in" "$root/lib/cmake/flxchannel/flxchannel-config.cmake"
filled "$here/flxchannel-config-version.cmake.in" "$root/lib/cmake/flxchannel/flxchannel-config-version.cmake"

# The loader finds a library below a system prefix only through its cache.
if [ -z "${DESTDIR:-}" ] && [ "$(id -u)" -eq 0 ] && command -v ldconfig > /dev/null; then
    case $prefix in /usr|/usr/local) ldconfig ;; esac
fi
echo "installed flxchannel $version below $root"
