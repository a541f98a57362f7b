#!/bin/bash
# Python programs on the stand-in HIP runtime, alone and preloaded: ctypes, hip-python, Triton; threads,
# fork, spawn, exec. See tests/hip_python/README.md. --preload FILE: the interposer; --runtime DIR: the
# stand-in runtime; further arguments go to the tests, for example Programs.test_triton.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

preload=build/hip/hip/libxsched_hip.so
runtime=build/hipsim/7.2
while [[ ${1:-} == --* ]]; do
    case $1 in
    --preload) preload=$2 ;;
    --runtime) runtime=$2 ;;
    *)
        echo "hip_python: what is $1?" >&2
        exit 2
        ;;
    esac
    shift 2
done
build=build/hip_python
tests=tests/hip_python

fail() {
    printf '%s\n' "hip_python: $*" >&2
    exit 1
}

for needed in "$preload" "$runtime/libamdhip64.so.7"; do
    [[ -e $needed ]] || fail "there is no $needed: build it first"
done
# Triton compiles its driver when it is used.
python3 -c 'import ensurepip, sysconfig, venv
open(sysconfig.get_path("include") + "/Python.h")' 2>/dev/null ||
    fail "python3 lacks venv or its headers: run ci/install_deps.sh test"

# An environment of its own for each generation of hip-python; kept until its list changes.
environment() { # 7 or 10
    local directory=$build/$1 list=$tests/requirements-$1.txt
    if ! cmp --silent "$list" "$directory/installed"; then
        echo "hip_python: installing $(grep -v '^#' "$list" | xargs) in $directory" >&2
        rm -rf "$directory"
        python3 -m venv "$directory" >&2
        "$directory/bin/python" -m pip install --quiet --requirement "$list" >&2 ||
            fail "the packages of $list cannot be had; without them there is no test"
        cp "$list" "$directory/installed"
    fi
    realpath --no-symlinks "$directory/bin/python"
}
HIP_PYTHON_7=$(environment 7)
HIP_PYTHON_10=$(environment 10)

library() { # name
    cc -std=c11 -O1 -Wall -Wextra -Wpedantic -Werror -Ihipsim/include -shared -fPIC \
        "$tests/$1.c" -o "$build/$1.so" "$runtime/libamdhip64.so.7"
    realpath "$build/$1.so"
}
HIP_KERNELS=$(library kernels)
HIP_EARLY=$(library early)
HIP_RUNTIME=$(realpath "$runtime")
HIP_PRELOAD=$(realpath "$preload")
export HIP_KERNELS HIP_EARLY HIP_RUNTIME HIP_PRELOAD HIP_PYTHON_7 HIP_PYTHON_10

exec "$HIP_PYTHON_7" -B "$tests/test_programs.py" "$@"
