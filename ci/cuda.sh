#!/bin/bash
# CUDA: the test programs of tests/cuda on the stand-in driver (cudasim; no GPU), each plain, preloaded,
# embedded and both. Arguments go to ctest, for example -R null_stream.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

build=build/cuda-tests
ci/cuda_headers.sh
echo "stand-in drivers in build/cudasim"
cudasim/build.sh build/cudasim
echo "programs in $build"
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=None -DXSCHED_BUILD_TESTS=ON -DXSCHED_BUILD_EXAMPLES=OFF \
    -DXSCHED_HIP=OFF -DCUDASIM_DIR="$PWD/build/cudasim" >/dev/null
cmake --build "$build" --parallel "$(nproc)" --target cuda_programs
ctest --test-dir "$build/tests/cuda" --parallel "$(nproc)" --output-on-failure --no-tests=error "$@"

# Python, which finds every function by its name.
if [ $# = 0 ]; then
    python3 -B tests/cuda_python/test_programs.py --preload "$build/cuda/libxsched_cuda.so" \
        --library "$build/tests/cuda/libcuda_library.so" --driver build/cudasim/13.0
fi
