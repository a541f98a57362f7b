#!/bin/bash
# Puts everything that run_device.sh needs into build/cuda-tests-device: the programs, the preload library
# and the list of tests, packed (about 20 MB), and the script. To be carried to a machine with a GPU, which
# needs neither a compiler nor Rust nor this repository.
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
mkdir -p "$out/programs"
cut -d'|' -f3 "$build/tests/cuda/tests.list" | sort -u | while read -r program; do
    strip -o "$out/programs/$program" "$build/tests/cuda/$program"
done
for library in libcuda_library.so libcuda_neighbour.so; do
    strip -o "$out/programs/$library" "$build/tests/cuda/$library"
done
strip --strip-debug -o "$out/programs/libxsched_cuda.so" "$build/cuda/libxsched_cuda.so"
cp tests/interposed/way.sh "$build/tests/cuda/tests.list" "$out/programs"
if command -v git >/dev/null && git rev-parse --git-dir >/dev/null 2>&1; then
    git describe --always --dirty >"$out/programs/revision"
fi
# The embedded ones are 4 MB each and nearly the same: a dictionary that two of them fit into.
tar -C "$out" -c programs | xz --lzma2=preset=1,dict=16MiB >"$out/programs.tar.xz"
rm -r "$out/programs"
cp tests/cuda/run_device.sh "$out"
du -sh "$out"
