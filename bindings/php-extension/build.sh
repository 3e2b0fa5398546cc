#!/bin/sh
# Builds the extension outside of its sources:  bindings/php-extension/build.sh PREFIX BUILT
#
# PREFIX is where the library is installed; the extension is BUILT/modules/flxchannel.so. By hand, in a copy of this folder:
# phpize && ./configure && make && make install.
set -eu
[ $# -eq 2 ] || { echo "usage: $0 PREFIX BUILT" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
prefix=$(cd "$1" && pwd)
mkdir -p "$2"
cd "$2"
cp -r "$here"/*.c "$here"/*.h "$here/config.m4" .
{ phpize && ./configure "--with-flxchannel=$prefix" && make -s; } > build.log 2>&1 || { tail -30 build.log; exit 1; }
