#!/bin/bash
# Makes the Debian packages from what is built, for Debian has no Swift to build it with.
#
#     packaging/debs.sh BUILT FOLDER        called by dist.sh
#
# debian/ has what each package holds and says; debhelper does the rest, without network and without root. DEBFULLNAME and
# DEBEMAIL are who publishes them.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/packaging/version.sh"
FLX_BUILT=$1
folder=$2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
publisher="${DEBFULLNAME:-flxchannel authors} <${DEBEMAIL:-flxchannel@localhost}>"

# A copy of what packages hold; no file of a build, and none that git does not know.
tree=$scratch/flxchannel-$version
mkdir "$tree"
tar -C "$root" --exclude=__pycache__ --exclude='.build*' --exclude='*.egg-info' \
    -c bindings examples include packaging Sources/flx LICENSE CHANGELOG.md README.md | tar -C "$tree" -x
cp -r "$root/packaging/debian" "$tree/debian"
sed -i -e "s|@VERSION@|$version|g" -e "s|@NEXT@|$next|g" -e "s|@PUBLISHER@|$publisher|g" \
    "$tree"/debian/control "$tree"/debian/copyright "$tree"/debian/*.symbols
# Each function with the release that brought it, as the linker has it.
awk -f "$root/packaging/map.awk" "$root/include/flxchannel.h" | sed -n 's/^FLX_\(.*\) {$/ (symver)FLX_\1 \1.0/p' \
    >> "$tree/debian/libflxchannel1.symbols"
# What is so in each of them.
sed -n 's/^Package: //p' "$tree/debian/control" | while read -r package; do
    cat "$tree/debian/lintian-overrides" >> "$tree/debian/$package.lintian-overrides"
done
rm "$tree/debian/lintian-overrides"
cat > "$tree/debian/changelog" <<END
flxchannel ($version-1) unstable; urgency=medium

  * Version $version: what hosts notice of it stands in changelog.gz.

 -- $publisher  $(date -R -d "@$SOURCE_DATE_EPOCH")
END

# dpkg-deb takes back what is younger; what is older would keep the day of its checkout.
find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" '{}' +

export FLX_BUILT DEB_BUILD_OPTIONS=noautodbgsym
if ! (cd "$tree" && debian/rules binary) > "$scratch/log" 2>&1; then
    tail -30 "$scratch/log" >&2
    exit 1
fi
mv "$scratch"/*.deb "$folder/"
