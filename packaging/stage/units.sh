#!/bin/sh
# Puts examples/production into a package: its units where systemd looks, with flx where the package has it, and all of it as
# examples. User and handler of a unit are the shop's (systemctl edit flx-sync@shop.service), and a backup wants the script of
# the examples.
set -eu
units=$1/lib/systemd/system
install -d "$units/flx-.service.d" "$1/usr/share/doc/flxchannel-tools/examples"
install -m 644 examples/production/systemd/flx-sync@.* "$units/"
install -m 644 examples/production/systemd/flx-.service.d/*.conf "$units/flx-.service.d/"
sed -i 's|/usr/local/bin/|/usr/bin/|g' "$units"/flx-sync@.service
cp -R examples/production "$1/usr/share/doc/flxchannel-tools/examples/"
