#!/bin/bash
# NVIDIA's own drivers and runtime libraries with the interposer in front, as distributions package them: no
# NVIDIA device is needed, and none is there. See tests/cuda_real/README.md.
# --preload FILE: the interposer; drivers by number (535 580), or --all: others than the usual ones, and
# cuBLAS and cuRAND too.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

preload=build/cuda/cuda/libxsched_cuda.so
if [[ ${1:-} == --preload ]]; then
    preload=$2
    shift 2
fi

# Driver, the suite that has it, its package. The releases of CUDA are 12.2, 12.4, 12.5, 13.0, 13.2 and 13.4.
drivers=(
    "535 bookworm/non-free libcuda1"
    "550 trixie/non-free libcuda1"
    "555 experimental/non-free libcuda1"
    "580 ubuntu:noble-updates/restricted libnvidia-compute-580"
    "595 ubuntu:noble-updates/restricted libnvidia-compute-595"
    "615 ubuntu:noble-updates/multiverse libnvidia-compute-615"
)
# What each fetches is kept; a list may be given that is enough for the day.
libraries=()
case ${1:-} in
'') set -- 535 550 580 ;;
--all)
    libraries=(--libraries)
    set -- 535 550 555 580 595 615
    ;;
esac
required=
if grep -q '^ID=debian' /etc/os-release || [[ -n ${DEBIAN_MIRROR:-} ]]; then
    required=535
fi

say() { printf '%s\n' "cuda_real: $*"; }

for tool in python3 cc nm dpkg-deb; do
    command -v "$tool" >/dev/null || {
        say "there is no $tool: run ci/install_deps.sh test" >&2
        exit 1
    }
done
[[ -e $preload ]] || {
    say "there is no $preload: build the interposer first" >&2
    exit 1
}
ci/cuda_headers.sh "${libraries[@]}"
CUDA_PRELOAD=$(realpath "$preload")
export CUDA_PRELOAD CUDA_HEADERS=build/cuda_headers PYTHONPATH=tests/real

failed=0 summary=()
for driver in "${drivers[@]}"; do
    read -r number suite package <<<"$driver"
    if [[ " $* " != *" $number "* ]]; then
        continue
    fi
    say "NVIDIA's driver $number: $package of $suite"
    # The driver needs nothing but the C library; compilers and OpenCL are not asked about here.
    export CUDA_REAL_ROOT=build/cuda_real/$number
    if ! ci/fetch_packages.sh --alone --exclude=./usr/share --exclude=./etc --exclude='*/libnvidia-*' \
        --exclude='*/libcudadebugger*' "$CUDA_REAL_ROOT" "$suite" "$package"; then
        summary+=("$number: SKIPPED, its package is not to be had here")
        if [[ $number == "$required" ]]; then
            failed=1
        fi
        continue
    fi
    result=passed
    for tests in test_driver test_runtime; do
        python3 -B "tests/cuda_real/$tests.py" || result=FAILED failed=1
    done
    summary+=("$number: $result")
done

if [[ ${#summary[@]} -ne $# ]]; then
    say "not every one of $* is a driver of the list" >&2
    exit 2
fi
printf '\n'
printf 'cuda_real: %s\n' "${summary[@]}"
exit "$failed"
