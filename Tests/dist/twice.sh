#!/bin/bash
# What is handed out: made twice under other circumstances and equal to the byte, in good form, and complete.
#
#     Tests/dist/twice.sh BUILT        BUILT is what `make dist` fills first, .build-lib
#
# Each of its checkers is shown to fail as well: a build of another day, a package without its papers, a page that troff warns of.
set -u
[ $# -eq 1 ] || { echo "usage: $0 BUILT" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
built=$(cd "$1" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0

# Runs a command; its output is shown only if it fails.
check() { # claim, command...
    local claim=$1
    shift
    if "$@" > "$scratch/out" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $claim"
        sed 's/^/    /' "$scratch/out" | head -30
    fi
}
fails() { ! "$@"; }
. "$root/packaging/version.sh"
SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct)
# Packed quickly: how well says nothing about whether twice is the same.
export SOURCE_DATE_EPOCH DPKG_DEB_COMPRESSOR_LEVEL=0

# ---- Made twice ------------------------------------------------------------------------------------------------------

# The second time by another person: a copy in another folder, modes of another umask, another time zone, other numbers.
elsewhere() (
    umask 077
    mkdir -p "$scratch/a place of another name"
    git -C "$root" ls-files -z --cached --others --exclude-standard | tar -C "$root" --null -T - -c |
        tar -C "$scratch/a place of another name" --no-same-permissions -x
    cd "$scratch/a place of another name" || exit 1
    find . -exec touch -h -d "@$((SOURCE_DATE_EPOCH - 86400))" '{}' + # checked out yesterday
    TZ=Pacific/Auckland LC_ALL=C LANG=de_DE DPKG_DEB_THREADS_MAX=1 packaging/dist.sh "$built" "$scratch/second"
)
all_equal() { # one folder, another
    [ -s "$1/SHA256SUMS" ] && diff <(cd "$1" && ls) <(cd "$2" && ls) && diff "$1/SHA256SUMS" "$2/SHA256SUMS" && return
    for deb in $(cd "$1" && ls -- *.deb); do # what is other in them
        diff <(dpkg-deb -c "$1/$deb") <(dpkg-deb -c "$2/$deb")
        diff <(dpkg-deb -I "$1/$deb" md5sums) <(dpkg-deb -I "$2/$deb" md5sums)
    done
    return 1
}
one_equal() { # a file of each
    cmp "$1" "$2"
}
check "it is made" "$root/packaging/dist.sh" "$built" "$scratch/first"
check "it is made elsewhere" elsewhere
check "both are equal" all_equal "$scratch/first" "$scratch/second"
mkdir "$scratch/third"
SOURCE_DATE_EPOCH=$((SOURCE_DATE_EPOCH + 86400)) LC_ALL=C.UTF-8 TZ=UTC check "a tarball of another day is made" \
    "$root/packaging/tarball.sh" "$built" "$scratch/third"
tarball=flxchannel-$version-linux-$(uname -m).tar.gz
check "a tarball of another day is told apart" fails one_equal "$scratch/first/$tarball" "$scratch/third/$tarball"
nowhere() { # a folder of this machine, files...
    local folder=$1
    shift
    ! grep -lF "$folder" -r "$@"
}

# ---- The packages ----------------------------------------------------------------------------------------------------

cd "$scratch/first" || exit 2
mkdir "$scratch/out-of"
for deb in *.deb; do dpkg-deb -x "$deb" "$scratch/out-of/${deb%%_*}"; done
check "lint" lintian --fail-on error,warning --no-cfg --allow-root -- *.deb
# Without its papers.
mkdir "$scratch/planted"
dpkg-deb -R "libflxchannel1_$version-1_$(dpkg --print-architecture).deb" "$scratch/planted/tree"
rm -r "$scratch/planted/tree/usr/share/doc"
dpkg-deb --root-owner-group -Znone -b "$scratch/planted/tree" "$scratch/planted/bad.deb" > /dev/null
check "lint finds a package without its papers" fails lintian --fail-on error,warning --no-cfg --allow-root "$scratch/planted/bad.deb"
check "no folder of the build is named" nowhere "$scratch" "$scratch/out-of"

field() { dpkg-deb -f "$1"_*.deb "$2"; }
says() { # package, field, pattern
    field "$1" "$2" | grep -qE "$3" || { echo "$1: $2 is '$(field "$1" "$2")', not like '$3'"; return 1; }
}
has() { # package, files...
    local package=$1 file
    shift
    for file in "$@"; do
        [ -e "$scratch/out-of/$package/$file" ] || [ -L "$scratch/out-of/$package/$file" ] || { echo "$package has no $file"; return 1; }
    done
}
here=$(dpkg-architecture -q DEB_HOST_MULTIARCH)
for package in libcurl4 libjansson4 libsqlite3-0 libstdc++6 libgcc-s1 libc6; do
    check "the library wants $package" says libflxchannel1 Depends "(^|, )${package/+/\\+}( |,|$)"
done
check "the library may stand beside that of another architecture" says libflxchannel1 Multi-Arch '^same$'
check "flx wants a library of its own minor version" says flxchannel-tools Depends "libflxchannel1 \(>= $version\).*libflxchannel1 \(<< "
check "flx wants no library of Swift" fails says flxchannel-tools Depends swift
check "the package of Python wants the library" says python3-flxchannel Depends "python3.*libflxchannel1 \(>= $version\)"
check "that for development wants the same library" says libflxchannel-dev Depends "libflxchannel1 \(= $version-1\)"
check "the library is where its architecture's are" has libflxchannel1 "usr/lib/$here/libflxchannel.so.1"
check "for development" has libflxchannel-dev usr/include/flxchannel.h usr/include/flxchannel.hpp "usr/lib/$here/libflxchannel.so" \
    "usr/lib/$here/pkgconfig/flxchannel.pc" "usr/lib/$here/cmake/flxchannel/flxchannel-config.cmake" \
    usr/share/flxchannel/flxchannel.ffi.h usr/share/man/man3/flxchannel.3.gz
check "the commands" has flxchannel-tools usr/bin/flx usr/bin/flx-sandbox usr/share/man/man1/flx.1.gz \
    usr/share/man/man1/flx-sandbox.1.gz usr/share/doc/flxchannel-tools/flx-sandbox.licenses.gz usr/share/bash-completion/completions/flx
check "Python" has python3-flxchannel usr/lib/python3/dist-packages/flxchannel/py.typed
check "systemd's units" has flxchannel-tools lib/systemd/system/flx-sync@.service lib/systemd/system/flx-sync@.timer \
    lib/systemd/system/flx-.service.d/hardening.conf
check "they run the flx of the package" grep -q '^ExecStart=/usr/bin/flx ' \
    "$scratch/out-of/flxchannel-tools/lib/systemd/system/flx-sync@.service"
api=$(php-config --phpapi)
check "the package of PHP wants a PHP of its interface" says php-flxchannel Depends "libflxchannel1 \(>= $version\).*phpapi-$api"
check "PHP" has php-flxchannel "usr/lib/php/$api/flxchannel.so" usr/share/flxchannel/php/autoload.php usr/share/flxchannel/flxchannel.php.h
for package in "$scratch"/out-of/*; do
    name=$(basename "$package")
    check "$name has its papers" has "$name" "usr/share/doc/$name/copyright" "usr/share/doc/$name/changelog.Debian.gz"
done
known() { # what pip and importlib make of the folder of Debian's packages
    PYTHONPATH=$scratch/out-of/python3-flxchannel/usr/lib/python3/dist-packages python3 -c \
        "import importlib.metadata as m, sys; sys.exit(m.version('flxchannel') != '$version')"
}
check "Python knows its version" known
a_page_for_each() {
    diff <(sed -n 's/^FLX_API .*[ *]\(flx_[a-z0-9_]*\)(.*/\1/p' "$root/include/flxchannel.h" | sort) \
        <(cd "$scratch/out-of/libflxchannel-dev/usr/share/man/man3" && printf '%s\n' flx_*.3.gz | sed 's/\.3\.gz//' | sort)
}
check "each function has a page" a_page_for_each
builds() { # in C, from the files of the package alone
    local usr=$scratch/out-of/libflxchannel-dev/usr
    ln -sf "$scratch/out-of/libflxchannel1/usr/lib/$here/libflxchannel.so.1" "$usr/lib/$here/"
    make -s -C "$root/examples/c" BUILD="$scratch/c" CFLAGS="-Werror -I$usr/include -L$usr/lib/$here" \
        PKG_CONFIG="env PKG_CONFIG_LIBDIR=$usr/lib/$here/pkgconfig pkg-config"
}
check "the examples build" builds

# ---- The manual pages ------------------------------------------------------------------------------------------------

quiet() { # pages...
    local said
    said=$(for page in "$@"; do zcat -f "$page" | groff -man -ww -Kutf8 -Tutf8 -z 2>&1 | sed "s|^|$(basename "$page"): |"; done)
    [ -z "$said" ] || { echo "$said"; return 1; }
}
in_whatis() { # pages...
    local page
    for page in "$@"; do lexgrog "$page" > /dev/null || { echo "$page has no name"; return 1; }; done
}
pages=("$scratch"/out-of/*/usr/share/man/man[13]/*.gz)
check "troff has nothing to say about ${#pages[@]} pages" quiet "${pages[@]}"
check "whatis knows them" in_whatis "${pages[@]}"
printf '.TH BAD 3\n.SH NAME\nbad\n.XX\n' > "$scratch/bad.3"
check "troff has something to say about a bad page" fails quiet "$scratch/bad.3"
check "whatis does not know it" fails in_whatis "$scratch/bad.3"

# ---- The tarball -----------------------------------------------------------------------------------------------------

tree=$scratch/${tarball%.tar.gz}
from_the_tarball() {
    tar -C "$scratch" -xzf "$tarball" && "$tree/install.sh" "$scratch/opt" &&
        LD_LIBRARY_PATH=$scratch/opt/lib "$scratch/opt/bin/flx" --version | grep -qF "$version" &&
        PKG_CONFIG_PATH=$scratch/opt/lib/pkgconfig pkg-config --cflags flxchannel | grep -qF "$scratch/opt/lib/pkgconfig/../../include"
}
check "the tarball installs anywhere" from_the_tarball
# A machine on which the loader does not find some of them.
names_what_is_missing() {
    mkdir "$scratch/poor"
    printf '#!/bin/sh\n%s "$@" | sed -E "s/(libcurl.so.4|libjansson.so.4) => .*/\\1 => not found/"\n' "$(command -v ldd)" > "$scratch/poor/ldd"
    chmod +x "$scratch/poor/ldd"
    PATH=$scratch/poor:$PATH "$tree/install.sh" "$scratch/nowhere" > "$scratch/said" 2>&1 && return 1
    cat "$scratch/said"
    head -1 "$scratch/said" | grep -qE 'package lib(curl|jansson)4$' && grep -q 'apt-get install .*libcurl4' "$scratch/said" &&
        grep -q 'apt-get install .*libjansson4' "$scratch/said" && [ ! -e "$scratch/nowhere" ]
}
check "the tarball names the packages that are missing, and puts nothing anywhere" names_what_is_missing

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
