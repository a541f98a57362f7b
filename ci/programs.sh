#!/bin/bash
# C and C++ programs of tests/programs against the static archive, with gcc and with clang: C11 and
# C++17, all warnings are errors. Arguments go to ctest, for example -R suspend.
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
        -DCMAKE_BUILD_TYPE=RelWithDebInfo -DXSCHED_BUILD_TESTS=ON -DXSCHED_BUILD_EXAMPLES=OFF >/dev/null
    cmake --build "$build" --parallel "$(nproc)"
    ctest --test-dir "$build" --output-on-failure --no-tests=error "$@" || failed=1
done
exit "$failed"
