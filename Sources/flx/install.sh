#!/bin/sh
# Installs flx, its manual pages and its completions.
#
#     Sources/flx/install.sh FLX MANUAL PREFIX        MANUAL is the folder that `make man` filled
#
# With DESTDIR set, files go under it, as packagers want it.
set -eu
[ $# -eq 3 ] || { echo "usage: [DESTDIR=...] $0 FLX MANUAL PREFIX" >&2; exit 2; }

flx=$1
manual=$2
prefix=${3%/}
case $prefix in /?*) ;; *) echo "$0: PREFIX must be an absolute path, not '$3'" >&2; exit 2 ;; esac
share=${DESTDIR:-}$prefix/share

install -d "${DESTDIR:-}$prefix/bin" "$share/man/man1" "$share/bash-completion/completions" "$share/zsh/site-functions" \
    "$share/fish/vendor_completions.d"
install -m 755 "$flx" "${DESTDIR:-}$prefix/bin/flx"
install -m 644 "$manual"/flx*.1 "$share/man/man1/"
# Bash reads it, nobody runs it.
sed '1{/^#!/d;}' "$manual/flx.bash" > "$share/bash-completion/completions/flx"
chmod 644 "$share/bash-completion/completions/flx"
install -m 644 "$manual/flx.zsh" "$share/zsh/site-functions/_flx"
install -m 644 "$manual/flx.fish" "$share/fish/vendor_completions.d/flx.fish"
echo "installed flx below ${DESTDIR:-}$prefix"
