#!/bin/bash
# The scenarios, and PHP's own tests, with a PHP that is built as the official image builds it: position-independent by -fpie and
# linked with copy relocations, which is where loading a library by RTLD_DEEPBIND once ended the program.
#
#     FLX_SANDBOX=... Tests/scenarios/php-image.sh FOLDER PYTHON LIBRARY...
#
# FOLDER keeps the PHP between runs. Its sources are Debian's (apt), or the archive that PHP_SOURCE names.
set -euo pipefail
[ $# -ge 3 ] && [ -n "${FLX_SANDBOX:-}" ] || { echo "usage: FLX_SANDBOX=... $0 FOLDER PYTHON LIBRARY..." >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
python=$2
shift 2

# As docker-library/php has them.
flags="-fstack-protector-strong -fpic -fpie -O2 -D_LARGEFILE_SOURCE -D_FILE_OFFSET_BITS=64"
options=(--disable-all --with-pic --enable-cli --enable-fpm --disable-cgi --disable-phpdbg --enable-opcache --enable-pcntl --enable-posix
    --enable-filter --enable-ctype --enable-tokenizer --with-ffi --with-curl --with-openssl)

fetch() {
    [ -z "${PHP_SOURCE:-}" ] || { cp "$PHP_SOURCE" "$folder/"; return; }
    mkdir -p "$folder/apt/lists/partial" "$folder/apt/parts"
    printf 'Types: deb-src\nURIs: %s\nSuites: bookworm\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
        "${FLX_MIRROR:-http://deb.debian.org/debian}" > "$folder/apt/parts/debian.sources"
    apt=(apt-get -q -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$folder/apt/parts" -o "Dir::State::lists=$folder/apt/lists")
    "${apt[@]}" update > /dev/null
    (cd "$folder" && "${apt[@]}" source --download-only php8.2 > /dev/null)
}

build() {
    echo "php: building it as the official image does"
    compgen -G "$folder/*orig.tar.*" > /dev/null || fetch
    mkdir -p "$folder/source"
    tar -C "$folder/source" --strip-components=1 -xf "$(compgen -G "$folder/*orig.tar.*" | grep -v asc | head -1)"
    (
        cd "$folder/source"
        CFLAGS=$flags CPPFLAGS=$flags LDFLAGS="-Wl,-O1 -pie" ./configure "--prefix=$folder/php" "${options[@]}"
        make -j"$(nproc)"
        make install-cli install-fpm install-build install-headers install-programs
    ) > "$folder/build.log" 2>&1 || { tail -20 "$folder/build.log"; exit 1; }
}

[ -x "$folder/php/bin/php" ] || build
# Else nothing is shown.
readelf -rW "$folder/php/bin/php" | grep -q 'R_X86_64_COPY.* environ' || { echo "FAILED this PHP has no copy of environ"; exit 1; }

export PATH="$folder/php/bin:$folder/php/sbin:$PATH"
status=0
for library; do
    library=$(readlink -f "$library")
    built=$folder/extension-$(basename "$(dirname "$library")")
    rm -rf "$built" "$folder/prefix"
    "$root/bindings/c/install.sh" "$library" "$folder/prefix" > /dev/null
    "$root/bindings/php-extension/build.sh" "$folder/prefix" "$built"
    echo "$(php -r 'echo "PHP ", PHP_VERSION;') with $library"
    "$python" "$root/Tests/scenarios/play.py" "$library" "$built" --hosts php-ffi,php-extension || status=1
    "$root/bindings/php/test.sh" "$library" "$built" || status=1
done
exit $status
