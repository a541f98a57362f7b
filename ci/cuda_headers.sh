#!/bin/bash
# CUDA's headers and its runtime library under build/cuda_headers: release 12, 13.0 as 13, and the newest 13.
# With --libraries cuBLAS and cuRAND too, which are 700 MB. All are NVIDIA's: fetched from the Python package
# index, never part of this repository. Once there, they stay.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

build=build/cuda_headers
# Release, its packages (crt: what runtime's own headers include), and where they keep their files.
releases=(
    "12 nvidia/cuda_runtime nvidia-cuda-runtime-cu12==12.8.90"
    "13 nvidia/cu13 nvidia-cuda-runtime==13.0.96 nvidia-cuda-crt==13.0.88"
    "13.5 nvidia/cu13 nvidia-cuda-runtime==13.5.37"
)

if [[ ${1:-} == --libraries ]]; then
    releases+=("libraries nvidia/cu13 nvidia-cublas==13.0.2.14 nvidia-curand==10.4.0.35
        nvidia-cuda-runtime==13.0.96")
fi

say() { printf '%s\n' "cuda_headers: $*" >&2; }
fail() {
    say "$*"
    exit 1
}

# Of its own: Debian's Python has no pip, or one that installs nothing outside of an environment.
make_pip() {
    [[ -x $build/pip/bin/python ]] && return
    python3 -c 'import ensurepip, venv' 2>/dev/null ||
        fail "python3 lacks venv: run ci/install_deps.sh test"
    python3 -m venv "$build/pip" >&2
}

unpack() { # release, place, packages
    local to=$build/$1 place=$2
    shift 2
    [[ -e $to/packages && $(<"$to/packages") == "$*" ]] && return
    make_pip
    say "fetching $*"
    rm -rf "$to" "$to.part"
    "$build/pip/bin/python" -m pip --disable-pip-version-check install --no-deps --only-binary :all: \
        --target "$to.part" "$@" >&2 ||
        fail "$* cannot be had: no network, or PIP_INDEX_URL names an index without NVIDIA's packages"
    [[ -e $to.part/$place/include/cudaTypedefs.h ]] || fail "no headers in $*"
    mv "$to.part/$place" "$to"
    rm -rf "$to.part"
    echo "$*" >"$to/packages"
    say "$to: $(sed -n 's/^#define CUDA_VERSION/CUDA_VERSION/p' "$to/include/cuda.h")"
}

mkdir -p "$build"
# Several checks may want them at the same time.
exec {lock}>"$build/lock"
flock "$lock"
for release in "${releases[@]}"; do
    # shellcheck disable=SC2086 # words
    unpack $release
done
