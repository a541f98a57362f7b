#!/bin/bash
# CUDA functions: the list of the driver's functions is what NVIDIA's headers say; --write writes it.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

list=src/interpose/cuda/functions.csv
headers=build/cuda_headers

command -v clang >/dev/null || {
    echo "cuda_functions: there is no clang, which reads the headers: run ci/install_deps.sh test" >&2
    exit 1
}
ci/cuda_headers.sh
made=$(mktemp)
trap 'rm -f "$made"' EXIT
python3 -B ci/cuda_functions.py "12.8=$headers/12/include" "13.0=$headers/13/include" \
    "13.5=$headers/13.5/include" >"$made"

if [[ ${1:-} == --write ]]; then
    cp "$made" "$list"
elif ! diff "$list" "$made"; then
    echo "$list is out of date: ci/cuda_functions.sh --write makes it" >&2
    exit 1
fi
echo "$list: $(($(wc -l <"$list") - 1)) symbols, $(grep -c ',yes,' "$list") of them take a stream," \
    "$(grep -c ',struct,' "$list") may carry one in a structure"
