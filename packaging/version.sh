# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154
# Sourced, with $root: the version that the header has, as $version, and the next that its ABI may differ in, as $next.
version=$(awk '$2 == "FLX_VERSION" { printf "%d.%d.%d", $3 / 1000000, $3 / 1000 % 1000, $3 % 1000 }' "$root/include/flxchannel.h")
next=$(echo "$version" | awk -F. '{ print $1 + 1 }')
