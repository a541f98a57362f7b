#!/usr/bin/env bash
# Builds all that bench/run_cuda.sh needs on a GPU machine, into build/cuda-bench: programs, the library to
# preload, the report's program; dual_model too where there is a LibTorch for CUDA. The folder is carried
# there with the sources; nothing is compiled on that machine. It says of which commit it is, and of which
# sources, so that run_cuda.sh can tell when they have changed since.
# Usage: bench/build_cuda.sh [--libtorch DIR] [--without-dual-model] [--out DIR]
#   --libtorch DIR   torch/ of an unpacked PyTorch of the GPU machine's release [TORCH_DIR]
#   --out DIR        where the folder is made instead
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

libtorch=${TORCH_DIR:-}
dual_model=yes
out=build/cuda-bench
while [ $# -gt 0 ]; do
    case $1 in
    --libtorch) libtorch=${2:?--libtorch needs a folder} && shift ;;
    --without-dual-model) dual_model=no ;;
    --out) out=${2:?--out needs a folder} && shift ;;
    -h | --help) sed -n '2,/^#$/s/^# \{0,1\}//p' "$0" && exit ;;
    *) echo "build_cuda: what is $1? See --help" >&2 && exit 2 ;;
    esac
    shift
done
build=${BUILD:-build/cuda-bench-build}
drivers=${CUDASIM_DIR:-$PWD/build/cudasim}
headers=$PWD/build/cuda_headers/13
sources=(src include Cargo.toml Cargo.lock build.rs CMakeLists.txt cmake 'bench/cuda/*.[ch]pp'
    bench/cuda/CMakeLists.txt bench/report cpp-examples/dual_model 'tests/cuda/kernels.*' ':!*.md')

# Before the first of them is compiled: who changes one meanwhile gets what is older than the sources.
commit=$(git rev-parse --short=12 HEAD)
[ -z "$(git status --porcelain -- "${sources[@]}")" ] || commit+=', modified'
checksums=$(git ls-files -z --cached --others --exclude-standard -- "${sources[@]}" | xargs -0 sha256sum)

rm -rf "$out" # unless all goes well there is nothing to run
ci/cuda_headers.sh
cudasim/build.sh "$drivers" >/dev/null
configure=(-DCMAKE_BUILD_TYPE=Release "-DCUDASIM_DIR=$drivers" "-DCUDA_HEADERS=$headers/include")
cmake -S bench/cuda -B "$build" "${configure[@]}" >/dev/null
cmake --build "$build" --target all xsched_cuda_shared --parallel "$(nproc)"
cargo build --quiet --release --package xsched-report

mkdir -p "$out"
programs=(launch_path{,_embedded} contention{,_embedded} soak{,_embedded} preemption_embedded gate_cost)
cp "${programs[@]/#/$build/}" "$out"
cp "$build/libxsched/cuda/libxsched_cuda.so" "${CARGO_TARGET_DIR:-target}/release/xsched-report" "$out"

if [ "$dual_model" = no ]; then
    echo "build_cuda: without dual_model, as asked" >&2
elif [ -z "$libtorch" ]; then
    echo "build_cuda: without dual_model: no LibTorch for CUDA was named (--libtorch)" >&2
else
    cmake -S . -B "$build/dual_model" -DCMAKE_BUILD_TYPE=Release -DXSCHED_HIP=OFF -DCMAKE_SKIP_RPATH=ON \
        "-DTorch_DIR=$libtorch" "-DCUDA_RUNTIME_DIR=$headers" >/dev/null
    cmake --build "$build/dual_model" --target dual_model_cuda dual_model_cuda_plain \
        --parallel "$(nproc)"
    cp "$build"/dual_model/cpp-examples/dual_model_cuda{,_plain} "$out"
fi

strip --strip-unneeded "$out"/*
printf '%s\n' "$commit" >"$out/commit"
printf '%s\n' "$checksums" >"$out/sources.sha256"
du -sh "$out" >&2
