#!/bin/bash
# Runs the programs of tests/cuda on the GPU of this machine, one after the other, each plain, preloaded,
# embedded and both, and compares. From the folder that build_device.sh made, wherever that was carried.
#
#   run_device.sh [--log DIR] [--seconds N] [--stand-in DIR] [PATTERN...]
#
# PATTERN: only tests whose name has one of these in it. --log: what the tests print (default: a new
# folder in /tmp). --seconds: start no test after so long (default 170). --stand-in: on cudasim's driver in
# DIR, to try this script without a GPU. Tests that need the stand-in's faults skip, and say so.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

log='' stand_in='' seconds=170
while [[ ${1:-} == --* ]]; do
    case $1 in
    --log) log=$2 ;;
    --seconds) seconds=$2 ;;
    --stand-in) stand_in=$(cd "$2" && pwd) ;;
    --help)
        sed -n '2,/^# SPDX/{/^# SPDX/d;s/^# \{0,1\}//p}' "$0"
        exit
        ;;
    *)
        echo "run_device: what is $1? (--help)" >&2
        exit 2
        ;;
    esac
    shift 2
done
patterns=("$@")
[[ -n $log ]] || log=$(mktemp -d /tmp/cuda-tests.XXXXXX)
mkdir -p "$log"
if [[ ! -e $here/programs.tar.xz ]]; then
    echo "run_device: there is no programs.tar.xz beside this script: run tests/cuda/build_device.sh" >&2
    exit 2
fi
# Python unpacks it also where there is no xz.
work=$(mktemp -d /tmp/cuda-programs.XXXXXX)
trap 'rm -rf "$work"' EXIT
tar -C "$work" -xJf "$here/programs.tar.xz" 2>/dev/null ||
    python3 -c 'import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[2])' \
        "$here/programs.tar.xz" "$work"
programs=$work/programs

wanted() { # NAME
    [[ ${#patterns[@]} = 0 ]] && return
    local pattern
    for pattern in "${patterns[@]}"; do
        [[ $1 == *"$pattern"* ]] && return
    done
    return 1
}

if [[ -n $stand_in ]]; then
    export LD_LIBRARY_PATH=$stand_in CUDASIM_UNITS=4
    echo "driver: the stand-in of $stand_in; this says nothing about a GPU"
else
    nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2>/dev/null | sed 's/^/device: /' ||
        echo "device: nvidia-smi does not say"
fi
[[ ! -e $programs/revision ]] || echo "programs of revision $(cat "$programs/revision")"

passed=0 skipped=() failed=() late=()
SECONDS=0
while IFS='|' read -r name way program environment arguments; do
    wanted "$name" || continue
    test=$name.$way
    if ((SECONDS >= seconds)); then
        late+=("$test")
        continue
    fi
    arguments=${arguments//LIBRARY/$programs/libcuda_library.so}
    arguments=${arguments//SCHEDULER/$programs/libxsched_cuda.so}
    read -ra variables <<<"$environment"
    read -ra words <<<"$arguments"
    code=0
    begin=$EPOCHREALTIME
    timeout --kill-after=5 60 env "${variables[@]}" "$programs/way.sh" "$way" "$log/$name.txt" \
        "$programs/libxsched_cuda.so" "$programs/$program" "${words[@]}" \
        >"$log/$test.out" 2>"$log/$test.err" </dev/null || code=$?
    took=$(awk -v b="$begin" -v e="$EPOCHREALTIME" 'BEGIN { printf "%.1f s", e - b }')
    case $code in
    0)
        passed=$((passed + 1))
        echo "passed   $test ($took)"
        ;;
    77)
        skipped+=("$test")
        echo "SKIPPED  $test: $(grep -ho 'SKIPPED: .*' "$log/$test.out" | head -n 1)"
        ;;
    *)
        failed+=("$test")
        echo "FAILED   $test ($took, code $code)"
        tail -n 5 "$log/$test.out" "$log/$test.err" | sed 's/^/    /'
        ;;
    esac
done <"$programs/tests.list"

echo
printf '%d passed, %d failed, %d skipped, %d not started, %d s; logs in %s\n' \
    "$passed" "${#failed[@]}" "${#skipped[@]}" "${#late[@]}" "$SECONDS" "$log"
((${#failed[@]} == 0)) || printf 'failed: %s\n' "${failed[@]}"
((${#skipped[@]} == 0)) || printf 'skipped: %s\n' "${skipped[@]}"
((${#late[@]} == 0)) || printf 'not started: %s\n' "${late[@]}"
((passed > 0 && ${#failed[@]} == 0 && ${#late[@]} == 0))
