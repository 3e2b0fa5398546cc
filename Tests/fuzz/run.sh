#!/usr/bin/env bash
# Fuzzes every target for SECONDS_EACH (60), two at a time; what is found stays in .build-fuzz/found/. First the rig shows
# that it finds a planted fault.
#
#     Tests/fuzz/run.sh [TARGET...]
set -euo pipefail
cd "$(dirname "$0")/../.."
fuzzer=$PWD/.build-fuzz/fuzz each=${SECONDS_EACH:-60} jobs=${JOBS:-2}
found=$PWD/.build-fuzz/found logs=$PWD/.build-fuzz/logs
mkdir -p "$found" "$logs"
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0

run() { # target, seconds
    local corpus=.build-fuzz/corpus/$1 seeds=Tests/fuzz/seeds/$1
    mkdir -p "$corpus"
    local folders=("$corpus")
    [ -d "$seeds" ] && folders+=("$seeds")
    FLX_FUZZ=$1 "$fuzzer" -dict=Tests/fuzz/words.dict -max_len=2000 -timeout=10 -rss_limit_mb=3000 -print_final_stats=1 \
        -max_total_time="$2" -artifact_prefix="$found/$1-" "${folders[@]}" > "$logs/$1" 2>&1
}

if run planted 120; then
    echo "fuzz: the planted fault was not found; the rig is broken"
    exit 1
fi
rm -f "$found"/planted-*
echo "fuzz: the planted fault was found"

targets=("$@")
[ $# -gt 0 ] || targets=(scanner page decimal date retry_after header url config order answer call)
failed=0
for ((start = 0; start < ${#targets[@]}; start += jobs)); do
    pids=() slice=("${targets[@]:start:jobs}")
    for target in "${slice[@]}"; do run "$target" "$each" & pids+=($!); done
    for index in "${!pids[@]}"; do
        target=${slice[index]}
        if wait "${pids[index]}"; then verdict="no finding"; else verdict="FINDING, see .build-fuzz/found and logs/$target"; failed=1; fi
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$logs/$target")
        edges=$(grep -oE 'cov: [0-9]+' "$logs/$target" | tail -1 || true)
        printf '%-12s %s: %s inputs, %s\n' "$target" "$verdict" "${runs:-?}" "${edges:-cov: ?}"
    done
done
exit $failed
