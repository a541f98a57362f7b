#!/usr/bin/env bash
# Fails unless each of the four libraries exports exactly the symbols of its release, each at its node,
# and calls its own exports through the PLT where AMD's library does. Usage: hipsim/check_abi.sh [OUT].
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$(dirname "$here")/build/hipsim}

expected() { # RELEASE
    awk -F, -v column="rocm_${1/./_}" '
        NR == 1 { for (i = 0; i < 4; i++) if ($(NF - i) == column) offset = i; next }
        $(NF - offset) == 1 { print $1 "@@" $(NF - 4) }' "$here/abi/functions.csv" | sort
}

exported() { # LIBRARY
    # Functions only: each node is a symbol too.
    readelf --dyn-syms -W "$1" | awk '$4 == "FUNC" && $7 != "UND" { print $8 }' | grep -v '@@hipsim$' | sort
}

check() { # RELEASE SONAME
    local library=$out/$1/$2 relocations
    relocations=$(readelf -r -W "$library")
    [ "$(readelf -d "$library" | sed -n 's/.*Library soname: \[\(.*\)\]/\1/p')" = "$2" ] ||
        { echo "$library: wrong SONAME" >&2; exit 1; }
    diff <(expected "$1") <(exported "$library") ||
        { echo "$library: exports differ from hipsim/abi/functions.csv" >&2; exit 1; }
    for name in hipModuleLaunchKernel hipMemcpyAsync hipMemGetInfo hipGetDevice \
        hipGetDevicePropertiesR0600; do
        expected "$1" | grep "^$name@@" >/dev/null || continue
        grep -q "JUMP_SLOT.* $name@" <<<"$relocations" ||
            { echo "$library: $name is not called through the PLT" >&2; exit 1; }
    done
    echo "$library: $(expected "$1" | wc -l) symbols, each at its node"
}

check 5.2 libamdhip64.so.5
check 5.7 libamdhip64.so.5
check 6.4 libamdhip64.so.6
check 7.2 libamdhip64.so.7
