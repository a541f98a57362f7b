#!/bin/bash
# Lints: clippy on every target of the workspace, warnings are errors.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

cargo clippy --workspace --all-targets -- -D warnings
# The hooks, which would take over the calls of a test program, are only in the products.
cargo clippy --package xsched --features interpose-hip --target-dir "${CARGO_TARGET_DIR:-target}/hip" -- -D warnings
