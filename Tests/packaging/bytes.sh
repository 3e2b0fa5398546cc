#!/bin/bash
# No text of the core or the sandbox is compared by Unicode equivalence (decision 25): asked of the compiler, which
# knows what each `==`, set and dictionary was resolved to, by the symbols that its object files need.
#
#     Tests/packaging/bytes.sh FLXCHANNEL SANDBOX        two folders of object files of a debug build, a file for each source
#
# Fails when it finds one, and when it does not find those of a file in which they are planted.
set -u
[ $# -eq 2 ] || { echo "usage: $0 FLXCHANNEL SANDBOX" >&2; exit 2; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# String ==, String <, the same of parts of texts, hasPrefix and hasSuffix; and what a set, a dictionary or generic code compares a String by: Hashable, Equatable, Comparable.
compared='\$sSS2eeoiySbSS_SStFZ|\$sSS1loiySbSS_SStFZ|\$sSysE(2ee|1l)oi|\$sSS9has(Prefix|Suffix)|\$sSysE9has(Prefix|Suffix)|\$ss14_stringCompare'
keyed='\$sSSSHsW|\$sSSSHsMc|\$sSSSQsW|\$sSSSQsMc|\$sSSSLsW|\$sSSSLsMc'

# Names the files of a folder that need one of these symbols.
hits() { # pattern, files...
    local pattern=$1
    shift
    for file in "$@"; do
        nm -u "$file" | grep -qE "$pattern" && basename "$file" .swift.o
    done
}

status=0
say() { # what, names
    [ -z "$2" ] && return
    status=1
    echo "FAILED $1: ${2//$'\n'/ }"
}

[ -e "$1/Client.swift.o" ] && [ -e "$2/Hub.swift.o" ] || { echo "FAILED there are no object files in $1 or $2"; exit 1; }
say "the core compares texts by Unicode equivalence in" "$(hits "$compared|$keyed" "$1"/*.swift.o)"
say "the sandbox compares texts by Unicode equivalence in" "$(hits "$compared" "$2"/*.swift.o)"
# The sandbox's enums and command line have texts as raw values, which are ours: there the sources say what is a key.
root=$(cd "$(dirname "$0")/../.." && pwd)
say "the sandbox has texts as keys in" "$(grep -rlE '\[String: |Set<String>' "$root/Sources/flx-sandbox" | xargs -r -n 1 basename)"

# One file for each way to compare.
plant() { # name, source
    echo "$2" > "$scratch/$1.swift"
    swiftc -parse-as-library -Onone -c "$scratch/$1.swift" -o "$scratch/$1.swift.o" || exit 1
}
plant equal 'func f(_ a: String, _ b: String) -> Bool { a == b }'
plant order 'func f(_ a: String, _ b: String) -> Bool { a < b }'
plant unequal 'func f(_ a: String?, _ b: String?) -> Bool { a != b }'
plant list 'func f(_ a: [String], _ b: String) -> Bool { a.contains(b) }'
plant part 'func f(_ a: Substring, _ b: String) -> Bool { a == b }'
plant parts 'func f(_ a: Substring, _ b: Substring) -> Bool { a == b }'
plant begin 'func f(_ a: String) -> Bool { a.hasPrefix("x") }'
plant end 'func f(_ a: Substring) -> Bool { a.hasSuffix("x") }'
plant key 'func f(_ a: [String: Int], _ b: String) -> Int? { a[b] }'
plant set 'func f(_ a: Set<String>, _ b: String) -> Bool { a.contains(b) }'
plant choice 'func f(_ a: String) -> Bool { switch a { case "x": true; default: false } }'
plant member 'struct S: Equatable { let a: String }'
planted=("$scratch"/*.swift)
found=$(hits "$compared|$keyed" "$scratch"/*.swift.o | wc -l)
[ "${#planted[@]}" = "$found" ] || { echo "FAILED only $found of ${#planted[@]} planted comparisons were found"; status=1; }
[ $status = 0 ] && echo "bytes: no text is compared by Unicode equivalence; all $found planted comparisons were found"
exit $status
