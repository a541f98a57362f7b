#!/bin/bash
# C and C++ programs of tests/programs, and the examples that need no LibTorch, with gcc and clang,
# against the static archive: C11 and C++17, all warnings are errors. Arguments go to ctest, for
# example -R suspend.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

failed=0
for compiler in gcc clang; do
    cxx=${compiler/gcc/g}++
    build="build/programs-$compiler"
    echo "$compiler and $cxx in $build"
    cmake -S . -B "$build" -DCMAKE_C_COMPILER="$compiler" -DCMAKE_CXX_COMPILER="$cxx" \
        -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_FLAGS=-Werror -DCMAKE_CXX_FLAGS=-Werror \
        -DXSCHED_BUILD_TESTS=ON -DXSCHED_BUILD_EXAMPLES=ON -DXSCHED_HIP=OFF \
        -DCMAKE_DISABLE_FIND_PACKAGE_LibTorch=ON >/dev/null
    cmake --build "$build" --parallel "$(nproc)"
    ctest --test-dir "$build" --output-on-failure --no-tests=error "$@" || failed=1
    for example in hello quickstart intra_process manual_suspend; do
        echo "cpp-examples/$example"
        "$build/cpp-examples/$example" || failed=1
    done
done
exit "$failed"
