# The parts of bench/run_cuda.sh: what one repetition of each does. Modes of a repetition follow each other,
# so that a drift of the machine is in all of them.
#
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # the variables are bench/run_cuda.sh's

# Options that make a part short enough to try whether it runs.
quickly() { [ "$quick" = no ] || printf '%s\n' "$@"; }

launch_path() {
    local options
    mapfile -t options < <(quickly --kernels 0,20 --bursts 2 --wall-ms 4 --idle 20)
    run "native" launch_path "${options[@]}"
    preloaded "preloaded" launch_path --admitted "${options[@]}"
    run "embedded" launch_path_embedded --admitted "${options[@]}"
    run "native again" launch_path "${options[@]}" # how much is noise
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
    mapfile -t options < <(quickly --kernels 100 --burst-ms 2 --bursts 2)
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

# Takes turns by itself.
overhead_all() {
    local options=(--preload "$preload" --results "$results" --limit $((part_end - SECONDS)))
    [ "$quick" = no ] || options+=(--rounds 1 --seconds 0.05)
    [ -z "$stand_in" ] || options+=(--dry-run)
    "${PYTHON:-python3}" "$here/cuda/overhead.py" "${options[@]}" 2>&1 | tee "$results/overhead.log" >&2 ||
        failures+=("overhead: it failed, see $results/overhead.log")
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
