#!/usr/bin/env bash
# Builds hipsim's own tests for each release and runs them, and checks the ABI of the libraries.
# Usage: hipsim/tests/run.sh [OUT], default build/hipsim, where hipsim/build.sh puts the libraries.
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$(dirname "$(dirname "$here")")/build/hipsim}
cc=${CC:-cc}
"$here/../build.sh" "$out"
"$here/../check_abi.sh" "$out"

# Two units: a kernel that a test holds leaves one for the others.
export HIPSIM_UNITS=2

run() { # RELEASE PROGRAM [SETTING]...
    echo "$1 $2 ${*:3}"
    env "${@:3}" LD_LIBRARY_PATH="$out/$1" timeout 120 "$out/$1/tests/$2" 2>"$out/$1/tests/$2.log" ||
        { cat "$out/$1/tests/$2.log" >&2; echo "$2 failed with release $1 ${*:3}" >&2; exit 1; }
}

for release in 5.2 5.7 6.4 7.2; do
    mkdir -p "$out/$release/tests"
    for source in "$here"/*.c; do
        name=$(basename "$source" .c)
        # loaded.c links nothing: it loads the library itself.
        libraries=(-L"$out/$release" -lamdhip64)
        [ "$name" = loaded ] && libraries=(-ldl)
        "$cc" -std=gnu11 -O1 -g -Wall -Wextra -Wpedantic -Werror -I"$here/../include" "$source" \
            -o "$out/$release/tests/$name" "${libraries[@]}" -lpthread
        case $name in
        values)
            for mode in shared own never unsupported; do
                run "$release" values HIPSIM_WAIT_VALUE=$mode
            done
            ;;
        settings)
            run "$release" settings HIPSIM_VIOLATION=abort \
                HIPSIM_FAULT=hipMalloc:2:1,hipCtxSynchronize:3:0
            ;;
        *) run "$release" "$name" ;;
        esac
    done
done
echo "hipsim: all tests passed"
