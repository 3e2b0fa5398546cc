#!/bin/sh
# Writes what the header declares as X-macro rows, so that no test list can forget a function or a code.
#
#     names.sh functions HEADER      FUNCTION(flx_version) ...
#     names.sh codes HEADER          CODE(FLX_OK) ...
set -eu
case $1 in
functions) sed -n 's/^FLX_API .*[ *]\(flx_[a-z0-9_]*\)(.*/FUNCTION(\1)/p' "$2" ;;
codes)     sed -n -E 's/^#define (FLX_(OK|AGAIN|DONE|BUSY|E_[A-Z0-9_]+)) .*/CODE(\1)/p' "$2" ;;
*)         echo "usage: $0 functions|codes HEADER" >&2; exit 2 ;;
esac
