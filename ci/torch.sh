#!/bin/bash
# xsched/torch.hpp with gcc and clang: in front of stand-ins for CUDA, ROCm and PyTorch, and with a
# LibTorch for the CPU and the real library. Arguments go to ctest.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

ci/install_deps.sh test
failed=0
for compiler in gcc clang; do
    cxx=${compiler/gcc/g}++
    build="build/torch-$compiler"
    echo "$cxx in $build"
    cmake -S tests/torch -B "$build" -DCMAKE_C_COMPILER="$compiler" -DCMAKE_CXX_COMPILER="$cxx" \
        -DCMAKE_BUILD_TYPE=RelWithDebInfo -DXSCHED_BUILD_EXAMPLES=OFF >/dev/null
    cmake --build "$build" --parallel "$(nproc)" \
        --target cuda --target rocm_2_10 --target rocm_2_11 --target stream_pool \
        --target cpu >/dev/null
    ctest --test-dir "$build" --output-on-failure --no-tests=error "$@" || failed=1
done
exit "$failed"
