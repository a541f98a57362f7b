#!/bin/bash
# The main job from a clean checkout: installs what is missing, builds the reference application,
# runs it in all modes and draws its report. Arguments are dual_model's options.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

build=build/demo
report=reports/dual_model.json

say() { printf '\n%s\n' "demo: $*"; }

ci/install_deps.sh demo

say "building the library, the reference application and the report renderer"
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Release -DXSCHED_BUILD_EXAMPLES=ON
cmake --build "$build" --target dual_model --parallel
cargo build --release --package xsched-report

say "running ResNet-18 beside ResNet-50: alone, native, scheduled"
"$build/cpp-examples/dual_model" "$@" --json "$report"

cargo run --quiet --release --package xsched-report -- "$report" >/dev/null
say "the numbers are in $report, the picture is ${report%.json}.svg"
