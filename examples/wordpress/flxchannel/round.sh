#!/bin/sh
# A round for a shop whose PHP may load no library and start no program: cron starts this, and this starts both.
#
#     round.sh /srv/www/wp-load.php --channel shop [more words for flx]
set -eu
[ $# -ge 1 ] || { echo "usage: $0 WP-LOAD [WORDS FOR FLX...]" >&2; exit 2; }
handler=$(cd "$(dirname "$0")" && pwd)/handler.php
wordpress=$1
shift
php "$handler" "$wordpress" wanted | while IFS="$(printf '\t')" read -r what number order; do
    case $what in
    submit) printf '%s' "$order" | flx order submit - "$@" ;;
    *) flx order "$what" "$number" "$@" < /dev/null ;;
    esac > /dev/null && php "$handler" "$wordpress" "done" "$what" "$number" < /dev/null
done || true
exec flx sync "$@" --parts results,publish,sync,orders,shipments,gone --exec "php '$handler' '$wordpress'"
