#!/bin/sh
# Installs the library for C and C++, pkg-config, CMake, its manual pages, and the plain header for PHP FFI and cffi.
#
#     bindings/c/install.sh LIBRARY PREFIX        LIBRARY is a built libflxchannel.so.1
#
# With DESTDIR set, files go under it and name PREFIX, as packagers want it; with LIBDIR, libraries go there in place of lib,
# such as lib/x86_64-linux-gnu.
set -eu
[ $# -eq 2 ] || { echo "usage: [DESTDIR=...] [LIBDIR=...] $0 LIBRARY PREFIX" >&2; exit 2; }

here=$(cd "$(dirname "$0")" && pwd)
header=$here/../../include/flxchannel.h
library=$1
prefix=${2%/}
case $prefix in /?*) ;; *) echo "$0: PREFIX must be an absolute path, not '$2'" >&2; exit 2 ;; esac
root=${DESTDIR:-}$prefix
libdir=${LIBDIR:-lib}
# From the folder of libraries back to PREFIX.
up=$(printf '%s' "$libdir" | sed 's|[^/][^/]*|..|g')

version=$(awk '$2 == "FLX_VERSION" { printf "%d.%d.%d", $3 / 1000000, $3 / 1000 % 1000, $3 % 1000 }' "$header")

filled() { # template, target
    sed -e "s|@PREFIX@|$prefix|g" -e "s|@LIBDIR@|$libdir|g" -e "s|@UP@|$up|g" -e "s|@VERSION@|$version|g" "$1" > "$2"
    chmod 644 "$2"
}

lib=$root/$libdir
install -d "$lib/pkgconfig" "$lib/cmake/flxchannel" "$root/include" "$root/share/flxchannel" "$root/share/man/man3"
install -m 755 "$library" "$lib/libflxchannel.so.1"
ln -sf libflxchannel.so.1 "$lib/libflxchannel.so"
install -m 644 "$header" "${header%.h}.hpp" "$root/include/"
"$here/plain-header.sh" "$header" > "$root/share/flxchannel/flxchannel.ffi.h"
chmod 644 "$root/share/flxchannel/flxchannel.ffi.h"
"$here/man.py" "$header" "$root/share/man/man3"
chmod 644 "$root"/share/man/man3/flx*.3
filled "$here/flxchannel.pc.in" "$lib/pkgconfig/flxchannel.pc"
filled "$here/flxchannel-config.cmake.in" "$lib/cmake/flxchannel/flxchannel-config.cmake"
filled "$here/flxchannel-config-version.cmake.in" "$lib/cmake/flxchannel/flxchannel-config-version.cmake"

# The loader finds a library below a system prefix only through its cache.
if [ -z "${DESTDIR:-}" ] && [ "$(id -u)" -eq 0 ] && command -v ldconfig > /dev/null; then
    case $prefix in /usr|/usr/local) ldconfig ;; esac
fi
echo "installed flxchannel $version below $root"
