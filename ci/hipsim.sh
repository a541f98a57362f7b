#!/bin/bash
# Stand-in HIP runtimes: symbols at their nodes, and their own tests, for each release.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

hipsim/tests/run.sh build/hipsim
