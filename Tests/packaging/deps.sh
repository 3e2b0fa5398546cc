#!/bin/bash
# Installs the Debian packages that are missing, says which and what for, and leaves those that are there as they are.
#
#     Tests/packaging/deps.sh 'to build the library: PACKAGE...' 'to test it: PACKAGE...'
#
# It asks first, where there is somebody to ask: with CI set, or without a terminal, it goes ahead.
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: $0 'what for: PACKAGE...' ..." >&2; exit 2; }

is_there() { dpkg-query -W -f='${Status}' "$1" 2> /dev/null | grep -q 'install ok installed'; }

missing=()
told=
for group in "$@"; do
    lacking=()
    for package in ${group#*:}; do is_there "$package" || lacking+=("$package"); done
    [ ${#lacking[@]} = 0 ] && continue
    missing+=("${lacking[@]}")
    told+="  ${group%%:*}: ${lacking[*]}"$'\n'
done
[ ${#missing[@]} != 0 ] || { echo "deps: nothing is missing"; exit 0; }

sudo=()
[ "$(id -u)" = 0 ] || sudo=(sudo)
printf 'deps: these Debian packages are missing, and %sapt-get installs them:\n%s' "${sudo[*]:+sudo }" "$told"
if [ -z "${CI-}" ] && [ -t 0 ]; then
    read -r -p "deps: install them? [Y/n] " answer
    case $answer in "" | [Yy]*) ;; *) echo "deps: nothing was installed" >&2; exit 1 ;; esac
fi
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends --no-upgrade "${missing[@]}"
