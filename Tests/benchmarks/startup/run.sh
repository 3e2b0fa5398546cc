#!/bin/sh
# What it costs a program to load the library: dlopen and first call, in fresh processes, against a C stub that links
# the same libraries. All are measured in one run, taking turns, so that the machine's mood hits them alike.
#
#     Tests/benchmarks/startup/run.sh STANDARD SLIM [ROUNDS [FOLDER]]      two libflxchannel.so.1; 101 rounds
#
# It prints a table and judges nothing; sections/startup.py does. Into FOLDER go a file for each library, with a line for each
# round: microseconds and kB.
set -eu
[ $# -ge 2 ] || { echo "usage: $0 STANDARD SLIM [ROUNDS [FOLDER]]" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
standard=$(realpath "$1") slim=$(realpath "$2") rounds=${3:-101}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cc -O2 -o "$scratch/load" "$here/load.c" -ldl
cc -O2 -fPIC -shared -Wl,--no-as-needed -o "$scratch/stub.so" "$here/stub.c" -lcurl -ljansson -lsqlite3

for round in $(seq 0 "$rounds"); do
    for what in stub slim standard; do
        case $what in stub) library=$scratch/stub.so ;; slim) library=$slim ;; standard) library=$standard ;; esac
        line=$("$scratch/load" "$library")
        [ "$round" -eq 0 ] || echo "$line" >> "$scratch/$what" # the first round warms the page cache
    done
done

# Column $2 of the rows at the given share of the sorted list.
quantile() { # file, column, share in percent
    sort -n -k"$2,$2" "$1" | awk -v column="$2" -v share="$3" '
        { value[NR] = $column } END { print value[int((NR - 1) * share / 100 + 0.5) + 1] }'
}

echo "dlopen and first call, $rounds fresh processes each, taking turns"
printf '%-10s %10s %10s %10s %12s %10s %14s\n' library "median ms" "10 % ms" "90 % ms" "over stub ms" "RSS kB" "file kB"
floor=$(quantile "$scratch/stub" 1 50)
for what in stub slim standard; do
    case $what in stub) file=$scratch/stub.so ;; slim) file=$slim ;; standard) file=$standard ;; esac
    awk -v name="$what" -v median="$(quantile "$scratch/$what" 1 50)" -v low="$(quantile "$scratch/$what" 1 10)" \
        -v high="$(quantile "$scratch/$what" 1 90)" -v floor="$floor" -v rss="$(quantile "$scratch/$what" 2 50)" \
        -v bytes="$(stat -c %s "$file")" 'BEGIN {
            printf "%-10s %10.2f %10.2f %10.2f %+12.2f %10d %14d\n",
                name, median / 1000, low / 1000, high / 1000, (median - floor) / 1000, rss, bytes / 1024 }'
done
[ $# -lt 4 ] || cp "$scratch/stub" "$scratch/slim" "$scratch/standard" "$4"
