# The parts of bench/run_cuda.sh: what one repetition of each does. Modes of a repetition follow each other,
# so that a drift of the machine is in all of them.
#
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154 # the variables are bench/run_cuda.sh's

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

# Not among the parts that run by default: ten minutes of it are --parts soak --seconds 600, of which a
# tenth are without the library.
soak_all() {
    local seconds=$((part_end - SECONDS))
    [ "$quick" = no ] || seconds=3
    repetition=1
    run "native" soak --seconds $((seconds / 10 + 1))
    run "embedded" soak_embedded --seconds $((seconds * 8 / 10 + 1))
    # Streams take turns, so that they are held although nobody gave them a priority.
    XSCHED_POLICY=CFS preloaded "preloaded" soak --seconds $((seconds / 10 + 1))
}

# Takes turns by itself.
overhead_all() {
    local options=(--preload "$preload" --results "$results" --limit $((part_end - SECONDS)))
    [ "$quick" = no ] || options+=(--rounds 1 --seconds 0.05)
    [ -z "$stand_in" ] || options+=(--dry-run)
    "${PYTHON:-python3}" "$here/cuda/overhead.py" "${options[@]}" 2>&1 | tee "$results/overhead.log" >&2 ||
        failures+=("overhead: it failed, see $results/overhead.log")
}
