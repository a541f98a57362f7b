#!/bin/bash
# Lints: clippy on every target of the workspace, warnings are errors.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

cargo clippy --workspace --all-targets -- -D warnings
# The hooks, which would take over the calls of a test program, are only in the products.
for features in interpose-hip interpose-cuda interpose-hip,interpose-cuda; do
    cargo clippy --package xsched --features "$features" --target-dir "${CARGO_TARGET_DIR:-target}/hooks" -- \
        -D warnings
done
