#!/bin/bash
# Documentation: rustdoc without a warning, so no broken link and nothing public undocumented.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --features xsched/interpose-hip,xsched/interpose-cuda
