#!/bin/sh
# Copies the state of a channel while it is in use, and keeps the newest 14 copies. As the user that the state belongs to.
#
#     flx-backup CHANNEL      of FLX_STATE (/var/lib/flxchannel/CHANNEL) into FLX_BACKUPS (/var/backups/flxchannel)
#
# CHANNEL.db is all there is to keep. A copy of the file by cp may be torn, and one of the directory brings the locks along.
set -eu
[ $# -eq 1 ] || { echo "usage: flx-backup CHANNEL" >&2; exit 2; }
umask 077
state=${FLX_STATE:-/var/lib/flxchannel/$1}/$1.db
folder=${FLX_BACKUPS:-/var/backups/flxchannel}

# Named by the second in which it begins. A name that another copy has, or is to have, is left to it.
takes_name() {
    copy=$folder/$1-$(date -u +%Y%m%dT%H%M%SZ).db
    draft=$copy.draft
    (set -C && : > "$draft") 2> /dev/null || return 1
    [ ! -e "$copy" ] || { rm "$draft"; return 1; }
}
until takes_name "$1"; do
    [ -e "$copy" ] || [ -e "$draft" ] || { echo "flx-backup: $folder cannot be written to" >&2; exit 1; }
    sleep 1
done
trap 'rm -f "$draft" "$draft-journal"' EXIT

# All in one transaction: a writer waits for it (state.wait_ms), rather than that its commits make the copy begin anew.
sqlite3 -readonly -bail "$state" '.timeout 30000' 'BEGIN' 'SELECT count(*) FROM meta' ".backup '$draft'" > /dev/null
[ "$(sqlite3 -readonly "$draft" 'PRAGMA integrity_check')" = ok ] || { echo "flx-backup: $state is damaged: flx doctor" >&2; exit 1; }
sync "$draft"
mv "$draft" "$copy"
sync "$folder"
find "$folder" -name "$1-????????T??????Z.db" | sort | head -n -14 | xargs -r -d '\n' rm -f --
echo "$copy"
