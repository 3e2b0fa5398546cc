#!/bin/sh
# Writes the plain header: flxchannel.h without anything that PHP FFI and cffi cannot read.
#
#     bindings/c/plain-header.sh include/flxchannel.h > flxchannel.ffi.h
#
# Comments, preprocessor lines, FLX_API and extern "C" go. Every FLX_ macro with an integer value becomes a member of
# one enum, so that PHP reads $ffi->FLX_OK and cffi lib.FLX_OK. FLX_NUL, which no 32-bit enum can hold, is left out:
# bindings pass lengths.
set -eu
[ $# -eq 1 ] || { echo "usage: $0 HEADER" >&2; exit 2; }

awk '
# The line without its comments; a comment that goes on is remembered in `inside`.
function code(line,    out, at) {
    out = ""
    while (line != "") {
        if (inside) {
            at = index(line, "*/")
            if (!at) return out
            line = substr(line, at + 2)
            inside = 0
        } else {
            at = index(line, "/*")
            if (!at) return out line
            out = out substr(line, 1, at - 1)
            line = substr(line, at + 2)
            inside = 1
        }
    }
    return out
}

# The integer that a macro stands for as decimal text, or "" when it is none: 12, (-101), (1u << 4).
function integer(text,    part) {
    gsub(/[()uU ]/, "", text)
    if (text ~ /^-?[0-9]+$/) return text
    if (text ~ /^[0-9]+<<[0-9]+$/) {
        split(text, part, "<<")
        return sprintf("%d", part[1] * 2 ^ part[2])
    }
    return ""
}

{
    line = code($0)
    sub(/[ \t]+$/, "", line)
}

line ~ /^#[ \t]*define[ \t]+FLX_[A-Z0-9_]+[ \t]/ {
    split(line, word, /[ \t]+/)
    text = line
    sub(/^#[ \t]*define[ \t]+FLX_[A-Z0-9_]+[ \t]+/, "", text)
    value = integer(text)
    if (value != "") constants = constants sprintf("    %s = %s,\n", word[2], value)
    next
}
line ~ /^#/ || line ~ /^extern "C"/ { next }
# The brace that closes extern "C" stands alone between preprocessor lines; a struct ends with "};" or "} name;".
line ~ /^}$/ { next }
line ~ /^$/ { next }
{
    sub(/^FLX_API /, "", line)
    declarations = declarations line "\n"
}

END {
    print "/* Made from flxchannel.h by plain-header.sh. Do not edit. */"
    printf "enum {\n%s};\n%s", constants, declarations
}
' "$1"
