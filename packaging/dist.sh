#!/bin/bash
# Makes what is handed out: a tarball for any Linux with glibc, the Debian packages, a wheel, and packages for npm, Composer and phpize.
#
#     packaging/dist.sh BUILT FOLDER        BUILT is what `make dist` fills first, .build-lib; FOLDER is made anew
#
# The same sources give the same bytes, whoever makes them, where and when: all dates are that of the commit, or of
# SOURCE_DATE_EPOCH where there is no repository.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: [SOURCE_DATE_EPOCH=...] $0 BUILT FOLDER" >&2; exit 2; }
root=$(cd "$(dirname "$0")/.." && pwd)
here=$root/packaging
built=$(cd "$1" && pwd)
. "$root/packaging/version.sh"
# Of this version: those of others may lie beside them.
wheel="wheel/flxchannel-$version-*.whl" node=node/flxchannel-$version.tgz
for file in standard/libflxchannel.so.1 flx flx-sandbox flx-sandbox.licenses man/flx.1 "$wheel" "$node"; do
    compgen -G "$built/$file" > /dev/null || { echo "dist: there is no $built/$file; make dist makes it" >&2; exit 2; }
done
for tool in dh dh_python3 php-config; do
    command -v $tool > /dev/null || { echo "dist: $tool is missing; apt-get install debhelper dh-python php-dev" >&2; exit 2; }
done
if [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
    SOURCE_DATE_EPOCH=$(git -C "$here" log -1 --format=%ct 2> /dev/null) ||
        { echo "dist: no repository here; say of which day the sources are: SOURCE_DATE_EPOCH=..." >&2; exit 2; }
fi
export SOURCE_DATE_EPOCH LC_ALL=C.UTF-8 TZ=UTC
umask 022

rm -rf "$2"
mkdir -p "$2"
folder=$(cd "$2" && pwd)
"$here/tarball.sh" "$built" "$folder"
"$here/debs.sh" "$built" "$folder"
"$here/php.sh" "$folder"
# shellcheck disable=SC2086 # a pattern
cp "$built"/$wheel "$built/$node" "$folder/"
(cd "$folder" && sha256sum -- *.tar.gz *.deb *.whl *.tgz > SHA256SUMS)
(cd "$folder" && ls -l -- *.tar.gz *.deb *.whl *.tgz) | awk '{ print "dist: " $NF ", " $5 " bytes" }'
