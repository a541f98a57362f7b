#!/usr/bin/env bash
# The demo's two models with launch configurations automatic, 1 and 8, interleaved; prints medians.
# Usage: bench/dual_model.sh [REPETITIONS, default 5] [SECONDS PER MODE, default 12]
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

repetitions=${1:-5}
seconds=${2:-12}
build=build/demo
out=reports/bench

ci/install_deps.sh demo
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Release -DXSCHED_BUILD_EXAMPLES=ON >/dev/null
cmake --build "$build" --target dual_model --parallel >/dev/null
cargo build --quiet --release --package xsched-report

mkdir -p "$out"
rm -f "$out"/dual_model-*.json
for repetition in $(seq "$repetitions"); do
    for threshold in 0 1 8; do
        echo "repetition $repetition of $repetitions, threshold $threshold (0 is automatic)" >&2
        "$build/cpp-examples/dual_model" --threshold "$threshold" --duration "$seconds" --rounds 1 \
            --quiet --json "$out/dual_model-$threshold-$repetition.json" >/dev/null
    done
done
cargo run --quiet --release --package xsched-report -- --medians "$out"/dual_model-*.json
