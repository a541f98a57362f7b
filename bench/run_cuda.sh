#!/usr/bin/env bash
# Runs the CUDA benchmarks on a GPU machine, from what bench/build_cuda.sh built: medians of interleaved
# repetitions, as JSON, tables and pictures in the folder RESULTS. Nothing is built, and no setting of the
# device is changed. A part that fails is reported at the end; the others are run all the same.
# Usage: bench/run_cuda.sh [OPTION VALUE]... RESULTS
#   --parts LIST       some of launch_path,gate_cost,preemption,contention,overhead,dual_model [all],
#                      or soak and dual_model_soak, which best have ten minutes of their own
#   --repetitions N    of each part, if the time allows it [5]
#   --seconds S        for all of it; each part gets its share [540]
#   --bin DIR          where bench/build_cuda.sh put the programs [build/cuda-bench]
#   --stale            although the programs are older than the sources
#   --quick            a moment of everything, once: does it run at all?
#   --stand-in DIR     on the stand-in driver whose libcuda.so.1 is there (cudasim/build.sh)
#
# SPDX-License-Identifier: Apache-2.0
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)

all_parts=(launch_path gate_cost preemption contention overhead dual_model)
parts=("${all_parts[@]}")
repetitions=5 total_s=540 bin=$here/../build/cuda-bench quick=no stale=no stand_in='' results=''

fail() {
    printf '%s\n' "run_cuda: $*" >&2
    exit 2
}
while [ $# -gt 0 ]; do
    case $1 in
    --quick) quick=yes repetitions=1 && shift && continue ;;
    --stale) stale=yes && shift && continue ;;
    -h | --help) sed -n '2,/^#$/s/^# \{0,1\}//p' "$0" && exit ;;
    -*) [ $# -gt 1 ] || fail "$1 needs a value" ;;
    *) [ -z "$results" ] || fail "one folder for the results, please" ;;
    esac
    case $1 in
    --parts) IFS=, read -ra parts <<<"$2" && shift ;;
    --repetitions) repetitions=$2 && shift ;;
    --seconds) total_s=$2 && shift ;;
    --bin) bin=$2 && shift ;;
    --stand-in) stand_in=$2 && shift ;;
    -*) fail "what is $1? See --help" ;;
    *) results=$1 ;;
    esac
    shift
done
[ -n "$results" ] || fail "where do the results go? See --help"
bin=$(cd "$bin" 2>/dev/null && pwd) || fail "there are no programs: run bench/build_cuda.sh"
mkdir -p "$results" && results=$(cd "$results" && pwd) || exit 2
preload=$bin/libxsched_cuda.so
export XLOG_LEVEL=${XLOG_LEVEL:-WARN}

# Seconds of 100 that a part needs, roughly.
declare -A share=([launch_path]=10 [gate_cost]=8 [preemption]=24 [contention]=17 [overhead]=26
    [dual_model]=21 [soak]=100 [dual_model_soak]=100)
shares=0
for part in "${parts[@]}"; do
    [ -n "${share[$part]:-}" ] || fail "'$part' is none of ${all_parts[*]} soak dual_model_soak"
    shares=$((shares + share[$part]))
done
# shellcheck source=bench/cuda/machine.sh
. "$here/cuda/machine.sh"
check_programs

# --- what the parts use ---------------------------------------------------------------------------

say() { printf '[%3d s] %s\n' "$SECONDS" "$*" >&2; }

# MODE PROGRAM [OPTION...], with VARIABLE=VALUE in front: one run of `part` in this repetition.
run() {
    local mode=$1 program=$2 status=0
    local report="$results/$part-${mode//[ ,]/_}-$repetition.json"
    # A program that hangs must not take the time of the others.
    timeout --kill-after=5 $((part_end - SECONDS + 30)) "$bin/$program" --mode "$mode" \
        --repetition "$repetition" --json "$report" "${@:3}" 2>>"$results/$part.log" || status=$?
    [ "$status" = 0 ] && return
    rm -f "$report"
    say "$part, $mode: failed with $status"
    tail -n 3 "$results/$part.log" >&2
    failures+=("$part, $mode, repetition $repetition: $status")
}

preloaded() { LD_PRELOAD=$preload run "$@"; }

tables() {
    local reports=("$results/$part"-*.json)
    [ -e "${reports[0]}" ] || return
    if "$bin/xsched-report" --medians --plot "$results/$part.svg" "${reports[@]}" >"$results/$part.md"; then
        cat "$results/$part.md"
    else
        failures+=("$part: no table")
    fi
}

# Repeats a part while there is time for another repetition as long as the longest; once in any case.
repeat() {
    local longest=0 begin
    for repetition in $(seq "$repetitions"); do
        if [ "$repetition" -gt 1 ] && [ $((SECONDS + longest)) -gt "$part_end" ]; then
            say "$part: no time for more than $((repetition - 1)) of $repetitions repetitions"
            return
        fi
        say "$part: repetition $repetition of $repetitions"
        begin=$SECONDS
        "$part"
        [ $((SECONDS - begin)) -le "$longest" ] || longest=$((SECONDS - begin))
    done
}

# --- the parts --------------------------------------------------------------------------------------

# shellcheck source=bench/cuda/parts.sh
. "$here/cuda/parts.sh"

find_driver
failures=()
{
    echo "## Machine"
    echo
    machine
} | tee "$results/machine.md"
for part in "${parts[@]}"; do
    rm -f "$results/$part"[-_.]*.json "$results/$part"[-_.]*svg "$results/$part".{log,md}
    part_end=$((SECONDS + (total_s - SECONDS) * share[$part] / shares))
    shares=$((shares - share[$part]))
    printf '\n## %s\n\n' "$part"
    if declare -F "${part}_all" >/dev/null; then
        "${part}_all"
    else
        repeat
    fi
    tables
done

printf '\n%s\n' "results: $results, after $SECONDS s"
if [ ${#failures[@]} -gt 0 ]; then
    printf 'FAILED: %s\n' "${failures[@]}"
    exit 1
fi
