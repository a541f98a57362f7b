#!/usr/bin/env bash
# As bench/dual_model.sh on the stand-in HIP runtime, with libxsched in the executable: the host gate
# and the device gate, interleaved; prints medians.
# Usage: bench/dual_model_hip.sh [REPETITIONS, default 5] [SECONDS PER MODE, default 12]
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

repetitions=${1:-5}
seconds=${2:-12}
build=build/dual_model_hip
hipsim=$PWD/build/hipsim
out=reports/bench

ci/install_deps.sh demo
hipsim/build.sh "$hipsim"
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Release -DHIPSIM_DIR="$hipsim" >/dev/null
cmake --build "$build" --target dual_model_hip --parallel "$(nproc)" >/dev/null
cargo build --quiet --release --package xsched-report

mkdir -p "$out"
rm -f "$out"/dual_model_hip-*.json
export HIPSIM_WAIT_VALUE=own # or there is no device gate
for repetition in $(seq "$repetitions"); do
    for gate in host device; do
        echo "repetition $repetition of $repetitions, $gate gate" >&2
        XSCHED_GATE=$gate "$build/cpp-examples/dual_model_hip" --duration "$seconds" --rounds 1 \
            --quiet --json "$out/dual_model_hip-$gate-$repetition.json" >/dev/null
    done
done
for gate in host device; do
    printf '\n%s gate\n\n' "$gate"
    cargo run --quiet --release --package xsched-report -- --medians \
        "$out"/dual_model_hip-$gate-*.json
done
