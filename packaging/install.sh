#!/bin/sh
# Installs flxchannel from the tree that this file is in: library, headers, pkg-config, CMake, manual pages, flx.
#
#     sudo ./install.sh [PREFIX]        /usr/local, if it is left out
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=${1:-/usr/local}

# Libraries of the distribution that are missing, each with the Debian package that has it.
package_of() {
    case $1 in
        libcurl.so.4) echo libcurl4 ;;
        libjansson.so.4) echo libjansson4 ;;
        libsqlite3.so.0) echo libsqlite3-0 ;;
        libstdc++.so.6) echo libstdc++6 ;;
        libgcc_s.so.1) echo libgcc-s1 ;;
        *) echo "the package that has $1" ;;
    esac
}
lib=$here/lib/libflxchannel.so.1
if ! found=$(ldd "$lib" 2>&1) || ! echo "$found" | grep -q 'libc\.so\.6'; then
    echo "install.sh: this needs Linux with glibc 2.34 or newer on the machine it was built for: $found" >&2
    exit 1
fi
missing=
for library in $(echo "$found" | awk '/=> not found/ { print $1 }'); do
    echo "install.sh: $library is missing; it is in the package $(package_of "$library")" >&2
    missing="$missing $(package_of "$library")"
done
[ -z "$missing" ] || { echo "install.sh: apt-get install$missing" >&2; exit 1; }
if echo "$found" | grep -q 'not found'; then
    echo "$found" | grep 'not found' >&2
    exit 1
fi

mkdir -p "$prefix"
for part in bin include lib share; do cp -R "$here/$part" "$prefix/"; done
if [ "$(id -u)" -eq 0 ] && command -v ldconfig > /dev/null; then
    case $prefix in /usr | /usr/local) ldconfig ;; esac
fi
echo "installed flxchannel below $prefix"
