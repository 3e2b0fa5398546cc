#!/bin/bash
# Makes the tarball: a tree to be put below any prefix by the install.sh in it.
#
#     packaging/tarball.sh BUILT FOLDER        called by dist.sh
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/packaging/version.sh"
built=$1
folder=$2
name=flxchannel-$version-linux-$(uname -m)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

export DESTDIR=$scratch/stage
"$root/bindings/c/install.sh" "$built/standard/libflxchannel.so.1" /usr/local > /dev/null
"$root/Sources/flx/install.sh" "$built/flx" "$built/man" /usr/local > /dev/null
install -m 755 "$built/flx-sandbox" "$DESTDIR/usr/local/bin/"
mv "$DESTDIR/usr/local" "$scratch/$name"
# Wherever the tree is, pkg-config knows it by its own file.
sed -i "s|^prefix=.*|prefix=\${pcfiledir}/../..|" "$scratch/$name/lib/pkgconfig/flxchannel.pc"
install -m 755 "$root/packaging/install.sh" "$scratch/$name/"
install -m 644 "$root/LICENSE" "$root/CHANGELOG.md" "$built/flx-sandbox.licenses" "$scratch/$name/"
tar -C "$scratch" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --format=ustar -c "$name" |
    gzip -n > "$folder/$name.tar.gz"
