#!/bin/sh
# Writes the header for PHP: the plain header, below the name of its library. FFI::load(), ffi.preload and FfiBackend read it.
#
#     bindings/php/header.sh include/flxchannel.h /usr/local/lib/libflxchannel.so.1 > flxchannel.php.h
set -eu
[ $# -eq 2 ] || { echo "usage: $0 HEADER LIBRARY" >&2; exit 2; }
printf '#define FFI_SCOPE "flxchannel"\n#define FFI_LIB "%s"\n' "$2"
"$(dirname "$0")/../c/plain-header.sh" "$1"
