#!/usr/bin/env bash
# Builds cudasim's own tests with the headers of each release and runs them on its library, and checks what
# the libraries export. Usage: cudasim/tests/run.sh [OUT], default build/cudasim, where cudasim/build.sh puts
# the libraries. SPDX-License-Identifier: Apache-2.0
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$(dirname "$here")")
out=${1:-$root/build/cudasim}
cc=${CC:-cc}
"$here/../build.sh" "$out"
"$here/../check_abi.sh" "$out"

# Two units: a kernel that a test holds leaves one for the others.
export CUDASIM_UNITS=2

run() { # RELEASE PROGRAM [SETTING]...
    echo "$1 $2 ${*:3}"
    env "${@:3}" LD_LIBRARY_PATH="$out/$1" timeout 120 "$out/$1/tests/$2" 2>"$out/$1/tests/$2.log" ||
        { cat "$out/$1/tests/$2.log" >&2; echo "$2 failed with release $1 ${*:3}" >&2; exit 1; }
}

# RELEASE-OF-HEADERS SOURCE PROGRAM [LIBRARIES]...
compile() {
    "$cc" -std=gnu11 -O1 -g -Wall -Wextra -Wpedantic -Werror -rdynamic -I"$here/../include" \
        -isystem "$root/build/cuda_headers/$1/include" "$2" -o "$3" "${@:4}" -lpthread -ldl
}

mkdir -p "$out/11.4/tests"
compile 12 "$here/old.c" "$out/11.4/tests/old"
run 11.4 old

for release in 12.8 13.0; do
    mkdir -p "$out/$release/tests"
    for source in "$here"/*.c; do
        name=$(basename "$source" .c)
        [ "$name" = old ] && continue
        compile "${release%.*}" "$source" "$out/$release/tests/$name" -L"$out/$release" -lcuda
        case $name in
        backlog) run "$release" backlog CUDASIM_BACKLOG=16 ;;
        contexts)
            version=${release/./0}0
            run "$release" contexts CUDASIM_DEVICES=2 CUDASIM_TEST_VERSION="$version"
            ;;
        faults)
            run "$release" faults CUDASIM_FAULT=cuMemAlloc_v2:2:2 CUDASIM_TRAP=store:700:1
            ;;
        loading) run "$release" loading CUDASIM_LOADING=lazy ;;
        lookup)
            run "$release" lookup
            run "$release" lookup CUDASIM_PROC_ADDRESS=other
            ;;
        values)
            for mode in own shared never ignored unsupported; do
                run "$release" values CUDASIM_WAIT_VALUE=$mode
            done
            ;;
        *) run "$release" "$name" ;;
        esac
    done
done
echo "cudasim: all tests passed"
