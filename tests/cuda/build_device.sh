#!/bin/bash
# Puts everything that run_device.sh needs into build/cuda-tests-device: the programs, the preload library
# and the list of tests. To be carried to a machine with a GPU, which needs neither a compiler nor Rust.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/../.."

build=build/cuda-tests
out=build/cuda-tests-device
ci/cuda_headers.sh
cudasim/build.sh build/cudasim # to link with; it stays here
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=None -DXSCHED_BUILD_TESTS=ON -DXSCHED_BUILD_EXAMPLES=OFF \
    -DXSCHED_HIP=OFF -DCUDASIM_DIR="$PWD/build/cudasim" >/dev/null
cmake --build "$build" --parallel "$(nproc)" --target cuda_programs

rm -rf "$out"
mkdir -p "$out"
# The programs of which run_device.sh runs all ways are those in the list.
cut -d'|' -f3 "$build/tests/cuda/tests.list" | sort -u | while read -r program; do
    strip -o "$out/$program" "$build/tests/cuda/$program"
done
strip -o "$out/libcuda_library.so" "$build/tests/cuda/libcuda_library.so"
strip --strip-debug -o "$out/libxsched_cuda.so" "$build/cuda/libxsched_cuda.so"
cp "$build/tests/cuda/tests.list" tests/interposed/way.sh tests/cuda/run_device.sh "$out"
if command -v git >/dev/null && git rev-parse --git-dir >/dev/null 2>&1; then
    git rev-parse --short HEAD >"$out/revision"
fi
du -sh "$out"
