#!/bin/sh
# Installs the PHP package and its header, for PHP without Composer and for FFI.
#
#     bindings/php/install.sh PREFIX        where bindings/c/install.sh has put the library
#
# With DESTDIR set, files go under it and name PREFIX, as packagers want it.
set -eu
[ $# -eq 1 ] || { echo "usage: [DESTDIR=...] $0 PREFIX" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
share=${DESTDIR:-}${1%/}/share/flxchannel

rm -rf "$share/php"
install -d "$share/php"
(cd "$here" && find autoload.php preload.php composer.json src -type f -exec install -D -m 644 '{}' "$share/php/{}" ';')
"$here/header.sh" "$here/../../include/flxchannel.h" "${1%/}/lib/libflxchannel.so.1" > "$share/flxchannel.php.h"
chmod 644 "$share/flxchannel.php.h"
echo "installed the PHP package below $share/php"
