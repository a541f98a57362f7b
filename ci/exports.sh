#!/bin/bash
# Symbols: libxsched.a defines exactly the functions of xsched.h, each of which has its bad-input test,
# and none of a vendor or the dynamic linker, which would take over the application's own calls.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release --lib --package xsched
archive="${CARGO_TARGET_DIR:-target}/release/libxsched.a"

# readelf: nm hands objects that also carry Rust's bitcode to a plugin that may not know it.
defined() { # visibility
    readelf --wide --symbols "$archive" |
        awk -v visibility="$1" \
            '$5 ~ /GLOBAL|WEAK|UNIQUE/ && $6 ~ visibility && $7 != "UND" { print $8 }' | sort -u
}

# Hidden ones, too: they take part in static linking.
if defined . | grep -E '^(hip[A-Z]|cu[A-Z]|cuda|dlv?sym)'; then
    echo "the archive defines symbols of a driver or of the dynamic linker" >&2
    exit 1
fi

# What Rust itself brings along is mangled or starts with an underscore.
api=$(defined DEFAULT | grep -vE '^(_|rust_eh_personality)')
declared=$(sed -nE 's/^(XResult|const char \*) ?([A-Za-z]+)\(.*/\2/p' include/xsched.h | sort -u)
diff <(echo "$declared") <(echo "$api") || {
    echo "'<' is declared in xsched.h and not defined, '>' is defined and not declared" >&2
    exit 1
}
# A function without a test of its wrong arguments is not finished.
for function in $declared; do
    grep -qE "\\b$function\\(|CALL\\($function," tests/programs/bad_*.c || {
        echo "$function is not in tests/programs/bad_handle.c or bad_input.c" >&2
        exit 1
    }
done
echo "$archive: $(wc -l <<<"$api") functions of the API, as declared in xsched.h, and nothing else"

# The preload libraries: exactly the hooks, at their nodes, the C API, and what look-ups need.
exported() { # library
    # The nodes themselves are absolute symbols.
    nm --dynamic --defined-only --with-symbol-versions "$1" | awk '$2 != "A" { print $3 }'
}
hip() {
    awk '/ [{]$/ { node = $1 } /^    [A-Za-z_][A-Za-z0-9_]*;$/ { sub(/;/, "", $1); print $1 "@@" node }' \
        hip_version.map
    printf '%s\n' dlsym dlvsym
}
cuda() {
    local unhooked=src/interpose/cuda/unhooked.csv
    # What is not listed with a reason is hooked; tests/cuda_table.rs compares it with the table.
    comm -23 <(cut -d, -f1 src/interpose/cuda/functions.csv | tail -n +2 | LC_ALL=C sort) \
        <(cut -d, -f1 $unhooked | LC_ALL=C sort)
    printf '%s\n' dlsym dlvsym xsched_interposes_cuda "$declared"
}
for vendor in hip cuda; do
    cmake -S . -B "build/$vendor" -DXSCHED_BUILD_EXAMPLES=OFF >/dev/null
    cmake --build "build/$vendor" --target "xsched_${vendor}_shared" >/dev/null
    library=build/$vendor/$vendor/libxsched_$vendor.so
    diff <("$vendor" | LC_ALL=C sort) <(exported "$library" | LC_ALL=C sort) || {
        echo "'<' is hooked or declared and not exported, '>' is exported and nobody expects it" >&2
        exit 1
    }
    echo "$library: $(exported "$library" | wc -l) names, as expected"
done
