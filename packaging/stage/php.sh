#!/bin/sh
# Builds PHP's extension and puts it, the PHP package on it and its setting below a folder; and says what is to be done when
# the package comes and goes.
#
#     packaging/stage/php.sh STAGE API        STAGE has the library and its header below usr
set -eu
stage=$1
api=$2
version=$(php-config --version | cut -d. -f1-2)
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT

# build.sh takes a prefix with include and lib.
mkdir "$built/prefix"
ln -s "$stage/usr/include" "$built/prefix/include"
ln -s "$(dirname "$(find "$stage/usr/lib" -name libflxchannel.so)")" "$built/prefix/lib"
CFLAGS="-g0 -O2 -ffile-prefix-map=$built=." bindings/php-extension/build.sh "$built/prefix" "$built/extension"
install -D -m 644 -s "$built/extension/modules/flxchannel.so" "$stage/usr/lib/php/$api/flxchannel.so"
DESTDIR=$stage bindings/php/install.sh /usr
# Where the library is depends on the architecture: the loader finds it.
bindings/php/header.sh include/flxchannel.h libflxchannel.so.1 > "$stage/usr/share/flxchannel/flxchannel.php.h"
install -d "$stage/etc/php/$version/mods-available"
printf '; priority=20\nextension=flxchannel.so\n' > "$stage/etc/php/$version/mods-available/flxchannel.ini"

cat > debian/php-flxchannel.postinst <<END
#!/bin/sh
set -e
[ "\$1" != configure ] || phpenmod -v $version flxchannel
#DEBHELPER#
END
cat > debian/php-flxchannel.prerm <<END
#!/bin/sh
set -e
[ "\$1" != remove ] || phpdismod -v $version flxchannel
#DEBHELPER#
END
