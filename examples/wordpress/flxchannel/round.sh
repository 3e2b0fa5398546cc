#!/bin/sh
# A round for a shop whose PHP may load no library and start no program: cron starts this, and this starts both.
#
#     round.sh /srv/www/wp-load.php --channel shop [more words for flx]
set -eu
[ $# -ge 1 ] || { echo "usage: $0 WP-LOAD [WORDS FOR FLX...]" >&2; exit 2; }
handler=$(cd "$(dirname "$0")" && pwd)/handler.php
wordpress=$1
shift

# What flx says, and how it ends, goes back to the shop: the merchant reads there why an order is not sent.
carry_out() {
    php "$handler" "$wordpress" wanted | while IFS="$(printf '\t')" read -r what number revision order; do
        status=0
        case $what in
        submit) said=$(printf '%s' "$order" | flx order submit - "$@" 2>&1) || status=$? ;;
        *) said=$(flx order "$what" "$@" -- "$number" 2>&1 < /dev/null) || status=$? ;;
        esac
        printf '%s' "$said" | php "$handler" "$wordpress" told "$what" "$number" "$revision" "$status"
    done
}

# Rounds may overlap, and one of them does this: else one could send an order that another one has just been told to cancel.
(flock -n 9 || exit 0; carry_out "$@") 9< "$handler" || true
exec flx sync "$@" --parts results,publish,sync,orders,shipments,gone --exec "php '$handler' '$wordpress'"
