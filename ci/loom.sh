#!/bin/bash
# Loom: every interleaving of the admission protocol with up to five preemptions (tests/loom.rs).
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

# A target directory of its own: other RUSTFLAGS would rebuild everything each time.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/loom"
export RUSTFLAGS="--cfg loom"
# Two would miss a suspension that does not wait for a thread on the pass path: that takes three.
LOOM_MAX_PREEMPTIONS="${LOOM_MAX_PREEMPTIONS:-5}" cargo test --release --test loom
