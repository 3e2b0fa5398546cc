#!/bin/sh
# A host without Swift: a Debian 12 with only libcurl4, libjansson4, libsqlite3-0 and python3 (and, for the standard
# artefact, the C++ runtime that Debian's own packages bring) does the whole job of a channel with one file.
#
#     FLX_SANDBOX=<flx-sandbox> Tests/with-sandbox.sh Tests/packaging/bare-host.sh LIBRARY...
#
# Each LIBRARY, a libflxchannel.so.1, is copied in with the Python binding and the Python example. They run with
# `env -i` against the sandbox on loopback, which runs outside.
set -eu
[ $# -ge 1 ] && [ -n "${FLX_URL:-}" ] && [ -n "${FLX_TOKEN:-}" ] || { echo "usage: with-sandbox.sh $0 LIBRARY..." >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/Tests/packaging/bare-tree.sh"

for library in "$@"; do
    fresh_tree host libcurl4,libjansson4,libsqlite3-0,python3
    needed=$(readelf -dW "$library" | grep -c NEEDED)
    mkdir -p "$tree/opt/shop"
    cp "$library" "$tree/opt/shop/libflxchannel.so.1"
    cp -r "$root/bindings/python/flxchannel" "$root"/examples/python/*.py "$tree/opt/shop/"
    curl -sS -f -X POST -d '{}' "$FLX_URL/_admin/reset" > /dev/null
    echo "$library, $needed needed libraries, on a bare Debian $(cat "$tree/etc/debian_version")"
    inside <<EOF
ldd /opt/shop/libflxchannel.so.1 > /tmp/needs
if grep -E 'not found|swift' /tmp/needs; then exit 1; fi
cd /opt/shop
export FLXCHANNEL_LIBRARY=/opt/shop/libflxchannel.so.1
exec python3 storefront.py --url "$FLX_URL" --token "$FLX_TOKEN" --admin "$FLX_URL/_admin"
EOF
    rm -rf "$tree"
done
echo "bare host: passed"
