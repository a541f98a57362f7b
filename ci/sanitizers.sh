#!/bin/bash
# The programs of tests/programs under the address, leak and undefined-behaviour sanitizers, with
# gcc and with clang. Arguments go to ctest.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

flags="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0
export UBSAN_OPTIONS=print_stacktrace=1

# A sanitizer that is asked for and not there finds nothing and says nothing: these must be caught.
broken=$(mktemp -d)
trap 'rm -rf "$broken"' EXIT
cat >"$broken/address.c" <<'EOF'
#include <stdlib.h>
int main(void) { char *volatile p = malloc(1); free(p); return p[0]; }
EOF
cat >"$broken/leak.c" <<'EOF'
#include <stdlib.h>
int main(void) { char *volatile p = malloc(1); p = NULL; return p != NULL; }
EOF
cat >"$broken/undefined.c" <<'EOF'
int main(int argc, char **argv) { (void)argv; return (0x7fffffff + argc) == 0; }
EOF

check_caught() { # compiler program message
    # shellcheck disable=SC2086 # a list of flags
    "$1" $flags "$broken/$2.c" -o "$broken/$2"
    if "$broken/$2" >"$broken/output" 2>&1 || ! grep -q "$3" "$broken/output"; then
        echo "$1: the sanitizer does not catch $2.c" >&2
        cat "$broken/output" >&2
        exit 1
    fi
    echo "$1 catches $2.c"
}

failed=0
for compiler in gcc clang; do
    cxx=${compiler/gcc/g}++
    check_caught "$compiler" address "AddressSanitizer: heap-use-after-free"
    check_caught "$compiler" leak "LeakSanitizer: detected memory leaks"
    check_caught "$compiler" undefined "runtime error: signed integer overflow"
    build="build/sanitizers-$compiler"
    echo "$compiler and $cxx in $build"
    cmake -S . -B "$build" -DCMAKE_C_COMPILER="$compiler" -DCMAKE_CXX_COMPILER="$cxx" \
        -DCMAKE_BUILD_TYPE=RelWithDebInfo -DXSCHED_BUILD_TESTS=ON -DXSCHED_BUILD_EXAMPLES=OFF -DXSCHED_HIP=OFF \
        -DCMAKE_C_FLAGS="$flags" -DCMAKE_CXX_FLAGS="$flags" >/dev/null
    cmake --build "$build" --parallel "$(nproc)"
    # Without fork.c: a sanitizer's own locks and leak check do not survive the fork of a process
    # with threads.
    ctest --test-dir "$build" --output-on-failure --no-tests=error --exclude-regex '^fork$' "$@" ||
        failed=1
done
exit "$failed"
