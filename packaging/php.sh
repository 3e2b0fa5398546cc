#!/bin/bash
# Packs PHP's part for those who do not take Debian's package: the classes as Composer takes them from a folder of archives, and
# the sources of the extension for phpize.
#
#     packaging/php.sh FOLDER        called by dist.sh
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/packaging/version.sh"
folder=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

pack() { # name of what is in the folder of that name
    find "$scratch/$1" \( -type d -o -name '*.sh' \) -exec chmod 755 {} + -o -type f -exec chmod 644 {} +
    tar -C "$scratch" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --format=ustar -c "$1" |
        gzip -n > "$folder/$1.tgz"
}

# Composer wants the version in the archive, which a repository tells by its tags.
classes=flxchannel-php-$version
mkdir "$scratch/$classes"
cp -r "$root"/bindings/php/{src,autoload.php,preload.php,header.sh,install.sh,README.md} "$root/LICENSE" "$scratch/$classes/"
sed "s|^  \"type\":|  \"version\": \"$version\",\n&|" "$root/bindings/php/composer.json" > "$scratch/$classes/composer.json"
pack "$classes"

extension=flxchannel-php-extension-$version
mkdir "$scratch/$extension"
cp -r "$root"/bindings/php-extension/{*.c,*.h,config.m4} "$root/LICENSE" "$scratch/$extension/"
pack "$extension"
