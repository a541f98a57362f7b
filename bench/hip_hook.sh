#!/usr/bin/env bash
# What a hook costs per launch, in front of a runtime that does nothing (times, instructions) and of
# hipsim (instructions only: its locks make its times vary by more than a hook takes).
# Usage: bench/hip_hook.sh [REPETITIONS, default 7] [LAUNCHES, default 5000000]
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

command -v valgrind >/dev/null || { echo "valgrind is missing: run ci/install_deps.sh test" >&2; exit 1; }

repetitions=${1:-7}
launches=${2:-5000000}
counted=10000 # launches under callgrind
build=${BUILD:-build/bench}
runtimes=${HIPSIM_DIR:-$PWD/build/hipsim}
out=reports/bench

hipsim/build.sh "$runtimes" >/dev/null
cmake -S bench -B "$build" -DCMAKE_BUILD_TYPE=Release -DHIPSIM_DIR="$runtimes" >/dev/null
cmake --build "$build" --target hip_launches hip_launches_embedded null_runtime xsched_hip_shared >/dev/null
build=$(cd "$build" && pwd)
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# WAY RUNTIME-FOLDER COUNT STREAM THREADS [COMMAND IN FRONT...]: prints what the program prints.
# no_queue: the hooks are in front, but nothing on the stream is scheduled.
launches() {
    local way=$1 program=hip_launches auto=ON expected=admitted preload=
    case $way in
    plain) expected=unscheduled ;;
    preloaded) preload=$build/libxsched/hip/libxsched_hip.so ;;
    no_queue) preload=$build/libxsched/hip/libxsched_hip.so auto=OFF expected=unscheduled ;;
    embedded) program=hip_launches_embedded ;;
    esac
    "${@:6}" env LD_LIBRARY_PATH="$2" LD_PRELOAD="$preload" XSCHED_AUTO_XQUEUE="$auto" XLOG_LEVEL=ERRO \
        "$build/$program" "$3" "$4" "$5" "$expected"
}

for repetition in $(seq "$repetitions"); do
    echo "repetition $repetition of $repetitions" >&2
    for stream in null created; do
        for threads in 1 2; do
            for way in plain preloaded no_queue embedded; do
                ns=$(launches "$way" "$build/null_runtime" "$launches" "$stream" "$threads")
                echo "$stream,$threads,$way,$ns"
            done
        done
    done
done >"$work/times"

echo "counting instructions ..." >&2
for runtime in null hipsim; do
    folder=$build/null_runtime
    [ "$runtime" = hipsim ] && folder=$runtimes/7.2
    for stream in null created; do
        for way in plain preloaded no_queue embedded; do
            profile=$work/$runtime-$stream-$way
            launches "$way" "$folder" "$counted" "$stream" 1 valgrind --tool=callgrind --trace-children=yes \
                --callgrind-out-file="$profile" --toggle-collect=launch_loop >/dev/null 2>"$work/log" ||
                { cat "$work/log" >&2; exit 1; }
            total=$(sed -n 's/^summary: //p;s/^totals: //p' "$profile" | tail -n 1)
            echo "$runtime,$stream,$way,$(awk "BEGIN { print $total / $counted }")"
        done
    done
done >"$work/instructions"

# Names of all functions that a profile has a cost for.
functions() {
    callgrind_annotate --auto=no --threshold=100 "$1" |
        sed -n 's/^ *[0-9,]* *([0-9. ]*%)  [^:]*:\([^ ]*\).*/\1/p' | sort -u
}

echo
awk -F, -f bench/hip_hook/table.awk "$work/times" "$work/instructions"

for way in preloaded embedded; do
    echo
    echo "functions that $counted launches ran, $way, null runtime, created stream:"
    functions "$work/null-created-$way" >"$work/functions"
    sed 's/^/  /' "$work/functions"
    grep -q '^hipLaunchKernel$' "$work/functions" || { echo "the hook is not among them" >&2; exit 1; }
    if grep -E 'alloc|free' "$work/functions" >&2; then
        echo "a launch allocates" >&2
        exit 1
    fi
done

# The same as JSON, every repetition.
{
    printf '{"report":"hip_hook","date":"%s","launches":%s,"runs":[' "$(date -u +%F)" "$launches"
    awk -F, '{ printf "%s{\"stream\":\"%s\",\"threads\":%s,\"way\":\"%s\",\"ns\":%s}", (NR > 1 ? "," : ""), $1, $2, $3, $4 }' \
        "$work/times"
    printf '],"instructions":['
    awk -F, '{ printf "%s{\"runtime\":\"%s\",\"stream\":\"%s\",\"way\":\"%s\",\"per_launch\":%s}", (NR > 1 ? "," : ""), $1, $2, $3, $4 }' \
        "$work/instructions"
    printf ']}\n'
} >"$out/hip_hook.json"
echo "$out/hip_hook.json" >&2
