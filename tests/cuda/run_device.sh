#!/bin/bash
# Runs the programs of tests/cuda on the GPU of this machine, each plain, preloaded, with the host gate,
# embedded and both, several at once, and compares. From the folder that build_device.sh made, wherever that
# was carried.
#
#   run_device.sh [--log DIR] [--seconds N] [--jobs N] [--ways WAY,...] [--stand-in DIR] [PATTERN...]
#
# PATTERN: only tests whose name has one of these in it. --log: what the tests print (default: a new
# folder in /tmp). --seconds: start no test after so long (default 240). --jobs: processes at once (default 4;
# those marked alone in tests.list run by themselves). --ways: only these. --stand-in: on cudasim's driver
# in DIR, to try this script without a GPU. A test that cannot apply to the driver skips, and says why; a part of
# one that cannot says NOT TESTED.
#
# A test that hangs is ended after 40 s. One that fails beside others is run again by itself, as processes that
# share a GPU get it in turns: if it passes then it is counted as that, and named. What it printed beside
# others stays in the log's folder beside_others.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

log='' stand_in='' seconds=240 jobs=4 ways=plain,preload,host_gate,embedded,both
while [[ ${1:-} == --* ]]; do
    case $1 in
    --log) log=$2 ;;
    --seconds) seconds=$2 ;;
    --jobs) jobs=$2 ;;
    --ways) ways=$2 ;;
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
outcomes=$work/outcomes # a line per test that was run: outcome, test
: >"$outcomes"

wanted() { # NAME
    [[ ${#patterns[@]} = 0 ]] && return
    local pattern
    for pattern in "${patterns[@]}"; do
        [[ $1 == *"$pattern"* ]] && return
    done
    return 1
}

# Runs the test of a line of tests.list, says how it ended, and notes that.
run_test() { # LINE
    local name way program environment arguments variables words begin took code=0 outcome
    IFS='|' read -r name way program environment arguments _ <<<"$1"
    local test=$name.$way
    arguments=${arguments//LIBRARY/$programs/libcuda_library.so}
    arguments=${arguments//SCHEDULER/$programs/libxsched_cuda.so}
    arguments=${arguments//NEIGHBOUR/$programs/libcuda_neighbour.so}
    read -ra variables <<<"$environment"
    read -ra words <<<"$arguments"
    begin=$EPOCHREALTIME
    timeout --kill-after=5 40 env "${variables[@]}" "$programs/way.sh" "$way" "$log/$name.txt" \
        "$programs/libxsched_cuda.so" "$programs/$program" "${words[@]}" \
        >"$log/$test.out" 2>"$log/$test.err" </dev/null || code=$?
    took=$(awk -v b="$begin" -v e="$EPOCHREALTIME" 'BEGIN { printf "%.1f s", e - b }')
    case $code in
    0) outcome=passed ;;
    77) outcome=skipped ;;
    124 | 137) outcome=hung ;;
    *) outcome=failed ;;
    esac
    echo "$outcome $test" >>"$outcomes"
    case $outcome in
    passed) echo "passed   $test ($took)" ;;
    skipped) echo "SKIPPED  $test: $(grep -ho 'SKIPPED: .*' "$log/$test.out" | head -n 1)" ;;
    *) # in one piece
        printf '%s\n' "FAILED   $test ($outcome, $took, code $code)
$(tail -n 5 "$log/$test.out" "$log/$test.err" | sed 's/^/    /')"
        ;;
    esac
}

running=0
run_beside_others() { # LINE
    ((SECONDS < seconds)) || return 0
    if ((running == jobs)); then
        wait -n
        running=$((running - 1))
    fi
    run_test "$1" &
    running=$((running + 1))
}
wait_for_all() {
    wait
    running=0
}
run_alone() { # LINE
    wait_for_all
    ((SECONDS >= seconds)) || run_test "$1"
}

# The tests that a run noted so, a name per line.
that() { # OUTCOME
    sed -n "s/^$1 //p" "$outcomes"
}
say_which() { # TITLE NAMES
    local name
    while [[ -n $2 ]] && read -r name; do echo "$1: $name"; done <<<"$2"
}
number_of() { # NAMES
    grep -c . <<<"$1" || true
}

if [[ -n $stand_in ]]; then
    export LD_LIBRARY_PATH=$stand_in CUDASIM_UNITS=4
    echo "driver: the stand-in of $stand_in; this says nothing about a GPU"
else
    nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2>/dev/null | sed 's/^/device: /' ||
        echo "device: nvidia-smi does not say"
fi
[[ ! -e $programs/revision ]] || echo "programs of revision $(cat "$programs/revision")"

# The lines of tests.list that are wanted, way by way.
lines=()
for way in ${ways//,/ }; do
    while IFS= read -r line; do
        IFS='|' read -r name its_way _ <<<"$line"
        [[ $its_way != "$way" ]] || ! wanted "$name" || lines+=("$line")
    done <"$programs/tests.list"
done

SECONDS=0
for plain in yes no; do # what plain prints must be there when the others begin
    last=()
    for line in "${lines[@]}"; do
        IFS='|' read -r name way _ _ _ mark <<<"$line"
        if [[ $plain == yes && $way != plain || $plain == no && $way == plain ]]; then
            continue
        elif grep -qx "hung $name.plain" "$outcomes"; then
            echo "FAILED   $name.$way (there is nothing to compare with: plain hung)"
            echo "failed $name.$way" >>"$outcomes"
        elif [[ $mark == alone ]]; then
            last+=("$line")
        else
            run_beside_others "$line"
        fi
    done
    for line in "${last[@]}"; do
        run_alone "$line"
    done
    wait_for_all
done

first=$(cat "$outcomes")
late=''
: >"$outcomes"
for line in "${lines[@]}"; do
    IFS='|' read -r name way _ _ _ mark <<<"$line"
    test=$name.$way
    outcome=$(sed -n "s/^\([a-z]*\) $name\.$way\$/\1/p" <<<"$first")
    if [[ -z $outcome ]]; then
        late+=$test$'\n'
    elif [[ $outcome == failed && $mark != alone && $jobs != 1 && -e $log/$test.out ]] && ((SECONDS < seconds)); then
        echo "again, alone:"
        mkdir -p "$log/beside_others"
        mv "$log/$test".{out,err} "$log/beside_others"
        run_test "$line"
        sed -i "s/^passed $name\.$way\$/alone $name.$way/" "$outcomes"
    else
        echo "$outcome $test" >>"$outcomes"
    fi
done

passed=$(that passed) alone=$(that alone) failed=$(that failed) hung=$(that hung) skipped=$(that skipped)
echo
printf '%d passed, %d passed by themselves only, %d failed, %d hung, %d skipped, %d not started, %d s; logs in %s\n' \
    "$(number_of "$passed")" "$(number_of "$alone")" "$(number_of "$failed")" "$(number_of "$hung")" \
    "$(number_of "$skipped")" "$(number_of "$late")" "$SECONDS" "$log"
say_which failed "$failed"
say_which hung "$hung"
say_which 'passed by itself only' "$alone"
say_which skipped "$skipped"
say_which 'not started' "${late%$'\n'}"
for printed in "$log"/*.out "$log"/*.err; do
    sed -n "s/^NOT TESTED:/in part: $(basename "$printed" | cut -d. -f1):/p" "$printed"
done | sort -u
[[ -n $passed && -z $failed && -z $hung && -z ${late%$'\n'} ]]
