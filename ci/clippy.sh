#!/bin/bash
# Lints: clippy on every target of the workspace, warnings are errors.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

cargo clippy --workspace --all-targets -- -D warnings
