#!/bin/sh
# Puts a copy that flx-backup made in the place of a channel's state, which is kept beside it. As root.
#
#     flx-restore CHANNEL [COPY]      the newest of FLX_BACKUPS into FLX_STATE, if COPY is left out
set -eu
[ $# -eq 1 ] || [ $# -eq 2 ] || { echo "usage: flx-restore CHANNEL [COPY]" >&2; exit 2; }
channel=$1
backups=${FLX_BACKUPS:-/var/backups/flxchannel}
copy=${2:-$(find "$backups" -name "$channel-????????T??????Z.db" | sort | tail -n 1)}
folder=${FLX_STATE:-/var/lib/flxchannel/$channel}
state=$folder/$channel.db
refuse() { echo "flx-restore: $1; nothing was changed" >&2; exit 1; }

[ -d "$folder" ] || refuse "$folder is not there: install -d -m 700 -o USER $folder"
[ -n "$copy" ] || refuse "there is no copy in $backups"
[ "$(sqlite3 -readonly "$copy" 'PRAGMA integrity_check' 2> /dev/null)" = ok ] || refuse "$copy is not a sound state file"
of=$(sqlite3 -readonly "$copy" "SELECT value FROM meta WHERE key = 'channel'" 2> /dev/null) || of=
[ "$of" = "$channel" ] || refuse "$copy is not a state of channel $channel"
users=$(find /proc/[0-9]*/fd -lname "$folder/*" 2> /dev/null | cut -d/ -f3 | sort -un | tr '\n' ' ')
[ -z "$users" ] || refuse "stop what has $folder open: process ${users% }"

install -m 600 -o "$(stat -c %u "$folder")" -g "$(stat -c %g "$folder")" "$copy" "$state.draft"
sync "$state.draft"
# The journal belongs to the file that it is of: beside another it would be played back into it.
while kept=$state.$(date -u +%Y%m%dT%H%M%SZ) && [ -e "$kept" ]; do sleep 1; done  # what a restore before this one kept
for part in '' -journal; do [ ! -e "$state$part" ] || mv "$state$part" "$kept$part"; done
mv "$state.draft" "$state"
sync "$folder"
echo "flx-restore: $state is $copy; have the shop submit every order since then again"
