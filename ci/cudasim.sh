#!/bin/bash
# Stand-in CUDA drivers: their symbols, and their own tests compiled with NVIDIA's headers, for each release.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

ci/cuda_headers.sh
cudasim/tests/run.sh build/cudasim
