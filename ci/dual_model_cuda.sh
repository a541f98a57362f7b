#!/bin/bash
# The part of dual_model that is CUDA's own, and with it torch.hpp: compiles and links. See --help.
#
# The rest needs PyTorch for CUDA, a download of 530 MB that is 1.1 GB on the disk, and with it one to three
# minutes of two cores, where the first part takes seconds. So it runs only with --all: not in ci/all.sh.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    cat <<'TEXT'
Usage: ci/dual_model_cuda.sh [--all]

Compiles torch.hpp and dual_model's device for CUDA, with gcc and clang, the headers of the LibTorch that
is there and those of CUDA's runtime; and links it with CUDA's runtime and without libxsched. No GPU takes
part in this or the following.

  --all   With PyTorch 2.11 for CUDA 13: dual_model links, starts plain, preloaded, embedded and both, and
          says that there is no device; torch.hpp works with PyTorch's own libraries on cudasim. PyTorch
          is fetched once, unless TORCH_DIR names the folder torch of one.
TEXT
}

all=no
case "${1:-}" in
'') ;;
--all) all=yes ;;
--help) usage && exit ;;
*) usage >&2 && exit 2 ;;
esac

root=$PWD
build=build/dual_model_cuda
headers=$root/build/cuda_headers/13
drivers=$root/build/cudasim
torch=${TORCH_DIR:-$root/build/torch_cuda/torch}

fail() {
    printf '%s\n' "dual_model_cuda: $*" >&2
    exit 1
}

# Only the folder torch: the CUDA libraries that PyTorch computes with are gigabytes.
fetch_torch() {
    [ ! -e "$torch/lib/libtorch_cuda.so" ] || return 0
    local to=build/torch_cuda
    rm -rf "$to.part"
    build/cuda_headers/pip/bin/python -m pip --disable-pip-version-check install --no-deps \
        --only-binary :all: --target "$to.part" torch==2.11.0 >&2 ||
        fail "PyTorch cannot be had: no network?"
    grep -q "^cuda.*'13" "$to.part/torch/version.py" || fail "this PyTorch is not for CUDA 13"
    rm -rf "$to" && mkdir "$to" && mv "$to.part/torch" "$to/torch" && rm -rf "$to.part"
}

# Empty ones of the libraries that are loaded with PyTorch, and not called here.
make_empty_libraries() {
    local library name
    mkdir -p "$build/empty"
    for library in "$torch"/lib/lib*.so; do
        readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
    done | sort -u | grep -E '^lib(cu|nccl|nv)' | grep -v -e '^libcudart' -e '^libcuda\.' |
        while read -r name; do
            [ -e "$build/empty/$name" ] ||
                cc -shared -x c /dev/null -o "$build/empty/$name" "-Wl,-soname,$name"
        done
}

# starts WAY PROGRAM [VARIABLE=VALUE...]
starts() {
    local way=$1 program=$build/cpp-examples/$2 status=0
    shift 2
    env CUDA_VISIBLE_DEVICES='' LD_LIBRARY_PATH="$torch/lib:$headers/lib:$root/$build/empty" "$@" \
        "$program" --json '' >"$build/$way.log" 2>&1 || status=$?
    if [ "$status" != 3 ] || ! grep -q 'there is no CUDA device' "$build/$way.log"; then
        cat "$build/$way.log" >&2
        fail "$way: ended with $status"
    fi
    printf '   %s: %s\n' "$way" "$(grep 'there is no CUDA device' "$build/$way.log")"
}

ci/install_deps.sh test
ci/cuda_headers.sh

for compiler in gcc clang; do
    cxx=${compiler/gcc/g}++
    echo "dual_model's device for CUDA: $cxx"
    cmake -S tests/torch -B "$build/$compiler" -DCMAKE_CXX_COMPILER="$cxx" \
        -DXSCHED_BUILD_EXAMPLES=OFF "-DCUDA_RUNTIME_DIR=$headers" >/dev/null
    cmake --build "$build/$compiler" --parallel "$(nproc)" --target dual_model_cuda_device >/dev/null
done
[ "$all" = yes ] || exit 0

fetch_torch
cudasim/build.sh "$drivers" >/dev/null
options=(-DCMAKE_BUILD_TYPE=Release -DXSCHED_HIP=OFF "-DTorch_DIR=$torch" "-DCUDA_RUNTIME_DIR=$headers")

echo "dual_model"
cmake -S . -B "$build" "${options[@]}" -DCMAKE_CXX_FLAGS=-Werror >/dev/null
cmake --build "$build" --parallel "$(nproc)" \
    --target dual_model_cuda --target dual_model_cuda_plain --target xsched_cuda_shared >/dev/null
make_empty_libraries
preload=LD_PRELOAD=$root/$build/cuda/libxsched_cuda.so
starts plain dual_model_cuda_plain
starts preloaded dual_model_cuda_plain "$preload"
starts embedded dual_model_cuda
starts both dual_model_cuda "$preload"

echo "torch.hpp with PyTorch's libraries on cudasim"
export LD_LIBRARY_PATH="$torch/lib:$headers/lib:$root/$build/empty"
cmake -S tests/torch -B "$build/streams" "${options[@]}" -DXSCHED_BUILD_EXAMPLES=OFF \
    "-DCUDASIM_DIR=$drivers" >/dev/null
cmake --build "$build/streams" --parallel "$(nproc)" --target cudart_stand_in --target libtorch_cuda \
    >/dev/null
ctest --test-dir "$build/streams" --output-on-failure --no-tests=error -R libtorch_cuda
