#!/usr/bin/env bash
# Requests beside a flood of kernels on the stand-in HIP runtime, and how long it takes to stop the
# flood: alone, native, and with each gate; modes interleaved, medians printed.
# Usage: bench/hip_preemption.sh [REPETITIONS, default 5] [SECONDS PER PART, default 0.6]
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

repetitions=${1:-5}
seconds=${2:-0.6}
build=${BUILD:-build/bench}
runtimes=${HIPSIM_DIR:-$PWD/build/hipsim}
out=reports/bench

hipsim/build.sh "$runtimes" >/dev/null
cmake -S bench -B "$build" -DCMAKE_BUILD_TYPE=Release -DHIPSIM_DIR="$runtimes" >/dev/null
cmake --build "$build" --target hip_preemption hip_preemption_embedded >/dev/null
cargo build --quiet --release --package xsched-report

reports=()
mkdir -p "$out"
rm -f "$out"/hip_preemption-*.json

# LABEL PROGRAM [OPTION...]: one run of `repetition` with kernels of `kernel_us`.
run() {
    local label=$1 program=$2
    local report="$out/hip_preemption-$kernel_us-${label//[ ,]/_}-$repetition.json"
    XLOG_LEVEL=WARN "$build/$program" "$label" "$kernel_us" "$seconds" "${@:3}" >"$report"
    reports+=("$report")
}

for repetition in $(seq "$repetitions"); do
    for kernel_us in 100 500 2000; do
        echo "repetition $repetition of $repetitions, kernels of $kernel_us us" >&2
        run "standalone" hip_preemption --alone
        run "native" hip_preemption
        export XSCHED_GATE=host
        run "host gate" hip_preemption_embedded --gate host
        run "host gate, threshold 1" hip_preemption_embedded --gate host --threshold 1
        run "host gate, threshold 8" hip_preemption_embedded --gate host --threshold 8
        # As with AMD's newer runtimes, where the probe finds the device gate working.
        export XSCHED_GATE=auto HIPSIM_WAIT_VALUE=own
        run "device gate" hip_preemption_embedded --gate device
        unset XSCHED_GATE HIPSIM_WAIT_VALUE
    done
done
cargo run --quiet --release --package xsched-report -- --medians "${reports[@]}"
