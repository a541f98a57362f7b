#!/bin/bash
# HIP: the test programs of tests/hip on the stand-in runtime (hipsim; no AMD GPU), each plain, preloaded,
# embedded and both. Arguments go to ctest, for example -R null_stream.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

build=build/hip-tests
echo "stand-in runtimes in build/hipsim"
hipsim/build.sh build/hipsim
echo "programs in $build"
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=RelWithDebInfo -DXSCHED_BUILD_TESTS=ON \
    -DXSCHED_BUILD_EXAMPLES=OFF -DHIPSIM_DIR="$PWD/build/hipsim" >/dev/null
cmake --build "$build" --parallel "$(nproc)" --target hip_programs
ctest --test-dir "$build/tests/hip" --parallel "$(nproc)" --output-on-failure --no-tests=error "$@"
