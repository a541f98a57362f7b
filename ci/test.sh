#!/bin/bash
# Rust tests, in debug (with its overflow checks and debug assertions) and as released.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

failed=0
echo "debug"
cargo test --workspace --no-fail-fast || failed=1
echo "release"
cargo test --workspace --no-fail-fast --release || failed=1
exit "$failed"
