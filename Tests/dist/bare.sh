#!/bin/sh
# A stranger's first minutes with what is handed out: a Debian 12 without Swift, compilers and our tree; each package comes by
# its one command, as README.md prints it, and the first sample of its README runs as printed, against the sandbox outside.
#
#     FLX_SANDBOX=<flx-sandbox> Tests/with-sandbox.sh Tests/dist/bare.sh DIST        DIST is what `make dist` filled
#
# Ends with a table of the commands and what they took. Needs root, and the way to Debian's packages that this machine has.
set -eu
[ $# -eq 1 ] && [ -n "${FLX_URL:-}" ] && [ -n "${FLX_TOKEN:-}" ] || { echo "usage: with-sandbox.sh $0 DIST" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
dist=$(cd "$1" && pwd)
. "$root/Tests/packaging/bare-tree.sh"
samples=$(mktemp -d)
python3 "$root/Tests/dist/samples.py" "$samples/all"
sku=$(curl -sS -f "$FLX_URL/_admin/listings" | python3 -c \
    'import json, sys; print(next(row["sku"] for row in json.load(sys.stdin) if (row["quantity"] or 0) >= 5 and not row["paused"]))')
printf '| what | command | s | then its first sample |\n|---|---|---|---|\n' > "$samples/table"

fail() {
    echo "FAILED $1"
    [ ! -e "${tree:-/nowhere}/root/log" ] || tail -20 "$tree/root/log" | sed 's/^/    /'
    exit 1
}

# A bare Debian with the packages in its folder, and nothing of ours besides.
bare_debian() {
    fresh_tree dist ca-certificates
    reach_packages
    mkdir "$tree/root/dist" "$tree/root/sample"
    cp "$dist"/*.deb "$dist"/*.t*gz "$dist"/*.whl "$tree/root/dist/"
    for tool in swift gcc cc php python3 node; do
        [ ! -e "$tree/usr/bin/$tool" ] || fail "the bare Debian has $tool"
    done
}

total() { curl -sS -f "$FLX_URL/_admin/totals" | grep -o "\"$1\":[0-9]*" | cut -d: -f2; }

try() { # name, its one command, sample, what the sample needs beside it
    bare_debian
    [ "$3" = none ] || cp -r "$samples/all/$3/." "$tree/root/sample/"
    curl -sS -f -X POST -d '{}' "$FLX_URL/_admin/reset" > /dev/null
    echo "$1: $2"
    inside <<END || fail "$1"
export DEBIAN_FRONTEND=noninteractive FLX_URL='$FLX_URL' FLX_TOKEN='$FLX_TOKEN' FLX_STATE_DIR=/var/tmp/flx FLX_SKU='$sku'
exec > /root/log 2>&1
apt-get update -q
cd /root/dist
start=\$(date +%s)
$2
echo \$((\$(date +%s) - start)) > /root/took
[ -z '$4' ] || apt-get install -y -q --no-install-recommends $4
cd /root/sample
start=\$(date +%s)
[ $3 = none ] || sh run
echo \$((\$(date +%s) - start)) > /root/ran
END
    then=-
    if [ "$3" != none ]; then
        [ "$(total order_posts)" = 1 ] || fail "$1: $(total order_posts) orders at the hub"
        [ "$(total waiting_for_sync)" = 0 ] || fail "$1: $(total waiting_for_sync) variants wait to be synced"
        then="runs as printed, $(cat "$tree/root/ran") s"
    fi
    echo "| $1 | \`$(echo "$2" | tr '\n' ';')\` | $(cat "$tree/root/took") | $then |" >> "$samples/table"
    rm -rf "$tree"
}

# The command that the README prints for a package; nobody is there to say yes, and who is root needs no sudo.
printed() {
    readme=$root/README.md
    sed -n "s/^sudo \\(apt-get install\\) \\(.*$1[^#]*[^# ]\\) *#.*/\\1 -y \\2/p" "$readme" | grep . || fail "README.md has no command for $1"
}

trap 'rm -rf "$samples"; [ -z "${tree:-}" ] || rm -rf "$tree"' EXIT
try "C" "$(printed libflxchannel-dev)" c "gcc libc6-dev pkg-config libjansson-dev"
try "C++" "$(printed libflxchannel-dev)" cpp "g++ pkg-config libjansson-dev"
try "Python" "$(printed python3-flxchannel)" python ""
try "flx, with a handler in PHP" "$(printed flxchannel-tools)" tools "php-cli"
try "PHP" "$(printed php-flxchannel)" php "php-cli"
try "php-fpm by the extension" "$(printed php-flxchannel) php-fpm" fpm "libfcgi-bin"
try "php-fpm by FFI, preloaded" "$(printed php-flxchannel) php-fpm" fpm-ffi "libfcgi-bin"
# Into the folder above the sample: npm installs where it is called.
libraries="libcurl4 libjansson4 libsqlite3-0"
try "Node" "apt-get install -y npm $libraries && cd /root && npm install --offline ./dist/flxchannel-[0-9]*.tgz" node ""
try "Python by pip" "apt-get install -y python3-pip $libraries && pip install --break-system-packages ./flxchannel-*.whl" python ""

# The extension from its sources, the classes as Composer unpacks them.
try "PHP from the archives" "apt-get install -y php-cli php-dev ./libflxchannel1_*.deb ./libflxchannel-dev_*.deb
mkdir -p /usr/share/flxchannel/php && tar xzf flxchannel-php-[0-9]*.tgz --strip-components=1 -C /usr/share/flxchannel/php
tar xzf flxchannel-php-extension-*.tgz && cd flxchannel-php-extension-* && phpize && ./configure && make install
echo extension=flxchannel > /etc/php/8.2/cli/conf.d/20-flxchannel.ini" php ""

# The tarball says first which packages are missing, and then needs nothing else.
try "tarball" 'tar xzf flxchannel-*.tar.gz; if flxchannel-*/install.sh 2> said; then exit 1; fi; cat said; grep -q "package libcurl4" said; apt-get install -y -q --no-install-recommends $(sed -n "s/.*apt-get install//p" said); flxchannel-*/install.sh; flx --version' none ""
cat "$samples/table"
echo "bare: passed"
