# The parts of bench/run_cuda.sh: what one repetition of each does. Modes of a repetition follow each other,
# so that a drift of the machine is in all of them.
#
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # the variables are bench/run_cuda.sh's

# Options that make a part short enough to try whether it runs.
quickly() { [ "$quick" = no ] || printf '%s\n' "$@"; }

# WAY... ('NAME: COMMAND') -- OPTION...: processes that take turns (bench/cuda/take_turns.py).
take_turns() {
    local ways=()
    while [ "$1" != -- ]; do ways+=(--way "$1") && shift; done
    # A process that hangs must not take the time of the other parts.
    timeout --kill-after=5 $((part_end - SECONDS + 60)) "${PYTHON:-python3}" "$here/cuda/take_turns.py" \
        --part "$part" --results "$results" --repetitions "$repetitions" \
        --limit $((part_end - SECONDS)) "${ways[@]}" "${@:2}" 2>&1 | tee "$results/$part.log" >&2 ||
        failures+=("$part: it failed, see $results/$part.log")
}

launch_path_all() {
    local options factor
    mapfile -t options < <(quickly --rounds 1 --turn 0.002)
    # The same kernels in all processes; and one that calibrates needs the device for itself.
    factor="--clock-factor $("$bin/launch_path" --calibrate)"
    take_turns "native: $bin/launch_path $factor" \
        "preloaded: env LD_PRELOAD=$preload $bin/launch_path $factor" \
        "embedded: $bin/launch_path_embedded $factor" \
        "native again: $bin/launch_path $factor" \
        -- --sets 2 --turn 0.02 "${options[@]}"
}

gate_cost() {
    local options
    mapfile -t options < <(quickly --kernels 20 --burst-ms 1 --rounds 1 --stores 3)
    run "native" gate_cost "${options[@]}"
}

preemption() {
    local options level
    mapfile -t options < <(quickly --kernels 100,500 --seconds 0.05)
    for level in 1 2; do
        XSCHED_BUDGET_US=0 run "level $level, budget 0" preemption_embedded --level "$level" \
            --gate device "${options[@]}"
        run "level $level, default budget" preemption_embedded --level "$level" --gate device \
            "${options[@]}"
    done
    # As XSched does it at Level 1.
    XSCHED_GATE=host run "host gate, threshold 8" preemption_embedded --threshold 8 --gate host \
        "${options[@]}"
}

contention() {
    local options
    mapfile -t options < <(quickly --kernels 100 --burst-ms 2 --bursts 2 --warm-up-ms 5)
    run "native" contention "${options[@]}"
    run "nobody competes" contention_embedded "${options[@]}"
    run "competitor" contention_embedded --competitor "${options[@]}"
    XSCHED_BUDGET_US=0 run "competitor, budget 0" contention_embedded --competitor "${options[@]}"
    run "native again" contention "${options[@]}"
}

# Not among the parts that run by default. Most of the time is the embedded library's.
soak_all() {
    local seconds=$((part_end - SECONDS))
    [ "$quick" = no ] || seconds=3
    repetition=1
    run "native" soak --seconds $((seconds / 12 + 1))
    run "embedded" soak_embedded --seconds $((seconds * 10 / 12))
    # Streams take turns, so that they are held although nobody gave them a priority.
    XSCHED_POLICY=CFS preloaded "preloaded" soak --seconds $((seconds / 12 + 1))
}

overhead_all() {
    local options load="${PYTHON:-python3} $here/cuda/torch_load.py"
    mapfile -t options < <(quickly --rounds 1 --turn 0.01 --sets 1)
    if [ -n "$stand_in" ]; then
        load+=" --device none"
        options+=(--unchecked)
    fi
    # A seed of its own would give each process another layout of everything that Python looks up.
    load="env PYTHONHASHSEED=0 OMP_NUM_THREADS=1 $load"
    take_turns "native: $load" "native again: $load" "preloaded: ${load/env /env LD_PRELOAD=$preload }" \
        -- --sets 3 --turn 0.1 "${options[@]}"
}

# LibTorch's libraries and those of CUDA are PyTorch's own.
torch_libraries() {
    "${PYTHON:-python3}" - <<'END'
import glob, os, importlib.util
torch = importlib.util.find_spec("torch").submodule_search_locations[0]
print(":".join([torch + "/lib", *sorted(glob.glob(os.path.dirname(torch) + "/nvidia/*/lib"))]))
END
}

# WAY LOAD OPTION...: dual_model with the library inside, or in front of the plain program.
dual_model_run() {
    local way=$1 load=$2 program=dual_model_cuda environment=() high high_batch low low_batch status=0
    read -r high high_batch low low_batch <<<"$load"
    [ "$way" = embedded ] || {
        program=dual_model_cuda_plain
        environment=("LD_PRELOAD=$preload")
    }
    say "$part: $load, $way"
    timeout --kill-after=5 $((part_end - SECONDS + 60)) env "${environment[@]}" \
        "LD_LIBRARY_PATH=$(torch_libraries)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" \
        "$bin/$program" --quiet --high "$high" --high-batch "$high_batch" --low "$low" \
        --low-batch "$low_batch" --high-rate 20 --json "$results/${part}_$way-${load// /_}.json" \
        "${@:3}" >>"$results/$part.log" 2>&1 || status=$?
    [ "$status" = 0 ] && return
    tail -n 3 "$results/$part.log" >&2
    failures+=("$part, $load, $way: $status")
}

dual_model_tables() {
    local way reports
    for way in embedded preloaded; do
        reports=("$results/${part}_$way"-*.json)
        [ -e "${reports[0]}" ] || continue
        printf '%s:\n\n' "$way"
        "$bin/xsched-report" --medians "${reports[@]}" && echo
        "$bin/xsched-report" "${reports[@]}" >/dev/null
    done | tee "$results/$part.md"
}

# The modes take turns in rounds within a process, a process for each load and way.
dual_model_all() {
    local load seconds
    local loads=("resnet18 4 resnet50 16" "resnet18 4 resnet50 64" "products1024 4 products2048 16")
    # A process starts for 6 s, and runs for 4.25 or 3.25 times the length of a mode.
    seconds=$(awk -v all=$((part_end - SECONDS)) -v loads=${#loads[@]} \
        'BEGIN { s = (all / loads - 12) / 7.5; print (s < 1 ? 1 : s) }')
    [ "$quick" = no ] || seconds=1
    for load in "${loads[@]}"; do
        dual_model_run embedded "$load" --modes standalone,native,priority,scheduled \
            --rounds "$repetitions" --duration "$seconds"
        dual_model_run preloaded "$load" --modes standalone,priority,scheduled \
            --rounds "$repetitions" --duration "$seconds"
    done
    dual_model_tables
}

# Not by default either: the two models exchange their priorities every second.
dual_model_soak_all() {
    local seconds=$(((part_end - SECONDS - 15) * 10 / 11))
    [ "$quick" = no ] || seconds=2
    dual_model_run embedded "resnet18 4 resnet50 16" --modes native,scheduled --swap 1 --rounds 1 \
        --duration $((seconds / 2))
    dual_model_tables
}
