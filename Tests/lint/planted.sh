#!/bin/bash
# Shows that the lint finds what is planted, and that `format` leaves only what a person has to put right.
#
#     Tests/lint/planted.sh VENV
set -u
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for settings in .swift-format .clang-format .ruff.toml .shellcheckrc .phpcs.xml; do cp "$here/../../$settings" "$scratch/"; done

plant() { # file, its text
    printf '%b' "$2" > "$scratch/$1"
}
plant form.swift 'let a=1\n'
plant force.swift 'func f(_ a: Int?) -> Int { a! }\n'
plant trap.swift 'func f() {\n    fatalError("never")\n}\n'
plant made.swift '// Made from a table.\nlet a=1\n'
plant form.c 'int main(void){return 0;}\n'
plant imports.py 'import os\n'
plant default.py 'def f(a=[]):\n    return a\n'
plant long.py "a = '$(printf 'x%.0s' {1..140})'\n"
plant quotes.sh '#!/bin/sh\necho $1\n'
plant form.php '<?php\nfunction f(){\n}\n'
plugin() { # file, a line of a plugin that is wrong in one way
    plant "examples/wordpress/$1" "<?php\n/**\n * Planted.\n *\n * @package Flxchannel\n */\n\n$2\n"
}
mkdir -p "$scratch/examples/wordpress"
plugin tabs.php "if ( \$flxchannel_a ) {\n    exit;\n}"
plugin yoda.php "if ( \$flxchannel_a === 'b' ) {\n\texit;\n}"
plugin loose.php "if ( 'b' == \$flxchannel_a ) {\n\texit;\n}"
plugin escape.php "echo \$flxchannel_a;"
plugin nonce.php "/** Reads a form. */\nfunction flxchannel_read() {\n\treturn absint( \$_POST['a'] );\n}"
plugin unclean.php "/** Reads a form. */\nfunction flxchannel_read() {\n\tcheck_admin_referer( 'a' );\n\treturn \$_POST['a'];\n}"
plugin query.php "\$wpdb->query( \"DELETE FROM a WHERE b = '\$flxchannel_b'\" );"
plugin parts.php "\$wpdb->query( 'DELETE FROM a WHERE b = ' . \$flxchannel_b );"
plugin called.php "\$wpdb->query( sprintf( 'DELETE FROM a WHERE b = %s', \$flxchannel_b ) );"
plugin mapped.php "/** Reads a form. */\nfunction flxchannel_read() {\n\tcheck_admin_referer( 'a' );\n\treturn array_map( 'trim', wp_unslash( \$_POST['a'] ) );\n}"
plugin slashed.php "/** Reads a form. */\nfunction flxchannel_read() {\n\tcheck_admin_referer( 'a' );\n\treturn sanitize_text_field( \$_POST['a'] );\n}"
plugin printed.php "printf( '%s', \$flxchannel_a );"
plugin flushed.php "wp_cache_flush();"
plugin plural.php "echo esc_html( _n( 'A text.', 'Texts.', 2, 'other' ) );"
plugin global.php "\$planted = 1;"
plugin camel.php "/** Is called wrongly. */\nfunction flxchannel_readForm() {\n}"
plugin domain.php "echo esc_html__( 'A text.', 'other' );"
plugin place.php "echo esc_html( sprintf( __( 'A %s.', 'flxchannel' ), 'text' ) );"
plugin close.php "exit(1);"
plugin undocumented.php "function flxchannel_read() {\n}"
plant cut.mjs 'export function f( {\n'
plant blanks.md 'A line. \n'

failures=0
# What the lint says of the folder is just these files.
names() { # claim, files...
    local claim=$1 status=0 wanted found
    shift
    "$here/lint.sh" check "$venv" "$scratch" > "$scratch/said" 2>&1 || status=$?
    wanted=$(printf '%s\n' "$@" | sort -u)
    found=$(grep -oE '[a-z]+\.(swift|c|py|sh|php|mjs|md):[0-9]' "$scratch/said" | cut -d: -f1 | sort -u)
    [ "$status" = 1 ] && [ "$found" = "$wanted" ] && return
    echo "FAILED $claim: it ended with $status and named ${found//$'\n'/ } instead of $*"
    failures=$((failures + 1))
}

venv=$(cd "$1" && pwd)
plugins=(yoda.php loose.php escape.php nonce.php unclean.php query.php parts.php called.php mapped.php slashed.php printed.php flushed.php
    plural.php global.php camel.php domain.php place.php undocumented.php)
names "what is planted is found" form.swift force.swift trap.swift form.c imports.py default.py long.py quotes.sh form.php cut.mjs blanks.md "${plugins[@]}" tabs.php close.php
"$here/lint.sh" format "$venv" "$scratch" > /dev/null 2>&1
names "what a program can put right is right after it" force.swift trap.swift default.py long.py quotes.sh cut.mjs "${plugins[@]}"
grep -qx 'let a=1' "$scratch/made.swift" || { echo "FAILED a generated file was formatted"; failures=$((failures + 1)); }
[ $failures = 0 ] && echo "lint: all that is planted is found"
exit $((failures > 0))
