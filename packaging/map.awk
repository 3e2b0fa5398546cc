# Writes the linker's version script from the header: each function under the release that brought it.
#
#     awk -f packaging/map.awk include/flxchannel.h
#
# A function is FLX_1.0 unless the comment in front of it says `@since 1.1`. A program that uses none of the newer ones then loads with
# an older library, and one that does is refused by the loader before it runs.

/^\/\*/ { since = "1.0" }
match($0, /@since [0-9]+\.[0-9]+/) { since = substr($0, RSTART + 7, RLENGTH - 7) }
/^FLX_API/ {
    if (!match($0, /flx_[a-z0-9_]+\(/)) { wrong("a function whose name is not on the line of FLX_API: " $0) }
    names[since] = names[since] "  " substr($0, RSTART, RLENGTH - 1) ";\n"
}

END {
    if (failed) exit 1
    for (release in names) releases[++count] = release
    for (i = 2; i <= count; i++)
        for (j = i; j > 1 && order(releases[j]) < order(releases[j - 1]); j--) {
            kept = releases[j]; releases[j] = releases[j - 1]; releases[j - 1] = kept
        }
    for (i = 1; i <= count; i++) {
        print "FLX_" releases[i] " {\nglobal:"
        printf "%s", names[releases[i]]
        print (i == 1 ? "local: *;\n};" : "} FLX_" releases[i - 1] ";")
    }
}

function order(release,   parts) {
    split(release, parts, ".")
    return parts[1] * 1000000 + parts[2]
}

function wrong(what) {
    print "map.awk: " what > "/dev/stderr"
    failed = 1
}
