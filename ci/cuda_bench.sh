#!/bin/bash
# The CUDA benchmarks on the stand-in driver: whether every part runs, checks itself and makes its table.
# What they would measure there means nothing. dual_model has a check of its own.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

bin=build/cuda-bench-check
drivers=${CUDASIM_DIR:-$PWD/build/cudasim}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

CUDASIM_DIR=$drivers bench/build_cuda.sh --without-dual-model --out "$bin" >/dev/null
bench/run_cuda.sh --quick --stand-in "$drivers/13.0" --bin "$bin" \
    --parts launch_path,gate_cost,preemption,contention,overhead,soak "$results"

# A table says on what it was measured, and every mode is in it.
for part in launch_path gate_cost preemption contention overhead soak; do
    grep -q '^stand-in driver' "$results/$part.md"
done
for mode in "native again" preloaded embedded; do
    grep -q "| $mode |" "$results/launch_path.md"
done
grep -q '| level 2, budget 0 |' "$results/preemption.md"
if grep 'DIFFER' "$results/soak.md"; then
    exit 1
fi
