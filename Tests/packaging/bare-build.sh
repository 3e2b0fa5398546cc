#!/bin/sh
# A builder's first minute: a Debian 12 with the Swift toolchain, make and git, and nothing else; a fresh clone; and
# one make command as the very first thing that happens there.
#
#     Tests/packaging/bare-build.sh demo        or: test
#
# The toolchain of this machine is mounted read-only. Packages that git gets from a mirror on this machine (its
# `insteadOf` rules) come along the same way, and so does how this machine reaches Debian's and Python's packages.
# What is committed is what is built. Takes a quarter of an hour.
set -eu
[ $# -eq 1 ] || { echo "usage: $0 demo|test" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/Tests/packaging/bare-tree.sh"

swift=$(dirname "$(dirname "$(readlink -f "$(command -v swiftc)")")")
[ -x "$swift/bin/swiftc" ] || { echo "$0: no swiftc in PATH" >&2; exit 2; }
fresh_tree build make,git,ca-certificates

# The toolchain itself needs these of Debian; swift.org lists them as its requirements.
toolchain="libxml2 libncurses6 libedit2 libpython3.11 libcurl4 zlib1g tzdata binutils libc6-dev libgcc-12-dev libstdc++-12-dev"

set -- "$1" "$swift:opt/swift/usr"
reach_packages
# Of git's settings only where it is sent for packages.
git config --get-regexp '^url\..*\.insteadof$' | while read -r key value; do
    git config --file "$tree/etc/gitconfig" --add "$key" "$value"
done
for place in $(git config --get-regexp '^url\..*\.insteadof$' | sed -n 's/^url\.\(\/.*\)\.insteadof .*/\1/p' | sort -u) \
    $(pip config get global.find-links 2> /dev/null || true); do
    [ ! -d "$place" ] || set -- "$@" "$place:${place#/}"
done
what=$1
shift

git clone -q "$root" "$tree/root/flxchannel"
[ ! -d "$root/../shared" ] || cp -r "$root/../shared" "$tree/root/shared"
inside "$@" <<EOF
apt-get update -q > /dev/null
DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $toolchain > /tmp/toolchain.log
export PATH=/opt/swift/usr/bin:\$PATH
cd /root/flxchannel
start=\$(date +%s)
make $what
echo "make $what took \$((\$(date +%s) - start)) s on a bare Debian \$(cat /etc/debian_version), package installation included"
EOF
echo "bare build: make $what passed"
