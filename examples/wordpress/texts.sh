#!/bin/bash
# The texts of both plugins for translators: writes languages/*.pot, or checks that they are those of the code.
#
#     examples/wordpress/texts.sh write|check
set -euo pipefail
case ${1-} in write | check) ;; *) echo "usage: $0 write|check" >&2; exit 2 ;; esac
command -v xgettext > /dev/null || { echo "$0: there is no xgettext; it is in Debian's package gettext" >&2; exit 2; }
cd "$(dirname "$0")"

# Without lines and dates, which change where no text does.
texts() { # plugin
    (cd "$1" && find . -name '*.php' | LC_ALL=C sort | sed 's|^\./||' | xgettext --language=PHP --from-code=UTF-8 --files-from=- --output=- \
        --keyword --keyword=__ --keyword=_n:1,2 --keyword=esc_html__ --keyword=esc_attr__ --add-comments=translators: \
        --add-location=file --package-name="$1" --package-version="$(sed -n 's/^ \* Version: *//p' "$1.php")" --copyright-holder=) |
        sed -e '/^"POT-Creation-Date: /d' -e '/^# SOME DESCRIPTIVE TITLE\.$/,/^#$/d' -e 's/charset=CHARSET/charset=UTF-8/'
}

status=0
for plugin in flxchannel flxchannel-woocommerce; do
    file=$plugin/languages/$plugin.pot
    if [ "$1" = write ]; then
        mkdir -p "${file%/*}"
        texts "$plugin" > "$file"
    elif ! diff -u "$file" <(texts "$plugin"); then
        echo "$file is not of this code: make texts" >&2
        status=1
    fi
done
exit $status
