#!/bin/bash
# Makes targets side by side, as many at a time as JOBS says. The output of each is kept whole and printed when it is over;
# all are made, whatever fails; what failed is told once more at the end, with the last lines that it said.
#
#     Tests/together.sh TARGET...         targets of the Makefile of this directory
#     Tests/together.sh --check           shows that it does so, with targets of its own of which one fails
set -u
make=(make) jobs=${JOBS:-3}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

together() { # targets...
    local status
    "${make[@]}" --no-print-directory --keep-going --jobs="$jobs" --output-sync=recurse "$@" 2>&1 | tee "$scratch/log"
    status=${PIPESTATUS[0]}
    [ "$status" = 0 ] || failures
    return "$status"
}

# The last lines before each "*** [Makefile:12: target] Error 1" of the outermost make, which stands below its output.
failures() {
    echo "----"
    awk -v lines=12 '
        { said[NR] = $0 }
        /^make(\[[0-9]+\])?: \*\*\* \[.*\] (Error|[A-Z])/ {
            target = $0
            sub(/^[^:]*: \*\*\* \[[^ ]* /, "", target); sub(/\].*/, "", target)
            if (told[target]++) next
            print "FAILED " target ":"
            for (n = NR > lines ? NR - lines : 1; n < NR; n++) print "    " said[n]
        }' "$scratch/log"
}

check() {
    local wrong=0
    printf 'good next late:\n\t@for n in 1 2 3; do echo "$@ $$n"; sleep 0.2; done\n' > "$scratch/Makefile"
    printf 'bad:\n\t@echo "the reason"; sleep 0.1; false\nlate: bad\n' >> "$scratch/Makefile"
    make=(make -C "$scratch") jobs=2
    said=$(together good bad late next) && { echo "FAILED together: a target that fails is passed over"; wrong=1; }
    expect() { # claim, pattern of lines that follow each other
        printf '%s' "$said" | tr '\n' '|' | grep -qE "$2" || { echo "FAILED together: $1: $said"; wrong=1; }
    }
    expect "the output of each stays whole" 'good 1\|good 2\|good 3'
    expect "all are made, whatever failed before" 'next 1\|next 2\|next 3'
    expect "what failed is named at the end, with its reason" '\|----\|FAILED bad:\|(    [^|]*\|)*    the reason$'
    ! printf '%s' "$said" | grep -q '^late' || { echo "FAILED together: what needs a failed target is made"; wrong=1; }
    [ $wrong = 0 ] && echo "together: outputs stay whole, all are made, a planted failure is told at the end"
    return $wrong
}

if [ "${1:-}" = --check ]; then check; else together "$@"; fi
