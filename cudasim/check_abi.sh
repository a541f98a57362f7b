#!/usr/bin/env bash
# Fails unless each of the libraries exports the functions of its release, without a version, and nothing
# else. Usage: cudasim/check_abi.sh [OUT]. SPDX-License-Identifier: Apache-2.0
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$(dirname "$here")/build/cudasim}

expected() { # RELEASE
    "$here/rows.sh" "$1" | cut -d, -f1
    printf '%s\n' cuProfilerInitialize cuProfilerStart cuProfilerStop
    sed -n 's/^CUDASIM_API .*\b\(cudasim_[a-z_]*\)(.*/\1/p' "$here/include/cudasim.h"
}

for release in 11.4 12.8 13.0; do
    library=$out/$release/libcuda.so.1
    [ "$(readelf -d "$library" | sed -n 's/.*Library soname: \[\(.*\)\]/\1/p')" = libcuda.so.1 ] ||
        { echo "$library: wrong SONAME" >&2; exit 1; }
    diff <(expected "$release" | sort) \
        <(readelf --dyn-syms -W "$library" | awk '$1 ~ /^[0-9]+:/ && $7 != "UND" { print $8 }' | sort) ||
        { echo "$library: exports differ from what rows.sh lists" >&2; exit 1; }
    echo "$library: $(expected "$release" | wc -l) symbols"
done
