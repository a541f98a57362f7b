#!/bin/bash
# Headers: include/xsched.h is what build.rs generates, and each header compiles alone, in C11 and
# C++17, with gcc and clang. With --write the generated header replaces the committed one.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

# Cargo says where build.rs wrote to, also when nothing had to be built. It leaves out the name of a package whose
# folder has the same.
out_dir=$(cargo build --release --lib --package xsched --message-format=json |
    sed -nE '/"build-script-executed".*(#xsched@|\/xsched#)/s/.*"out_dir":"([^"]*)".*/\1/p' | tail -n 1)
generated="$out_dir/xsched.h"
if [ "${1:-}" = --write ]; then
    cp "$generated" include/xsched.h
    echo "include/xsched.h is up to date"
    exit
fi
echo "include/xsched.h against the generated one"
diff -u include/xsched.h "$generated" || {
    echo "they differ: run 'make header'" >&2
    exit 1
}

# Included twice, in a file that includes nothing else.
check() { # compiler language standard header
    printf '#include <%s>\n#include <%s>\n' "$4" "$4" |
        "$1" -x "$2" -std="$3" -Wall -Wextra -Wpedantic -Werror -Iinclude -fsyntax-only -
}

cd include
mapfile -t c_headers < <(find . -name '*.h' -printf '%P\n' | sort)
mapfile -t cpp_headers < <(find . -name '*.hpp' ! -path ./xsched/torch.hpp -printf '%P\n' | sort)
cd ..
for header in "${c_headers[@]}"; do
    echo "$header"
    for compiler in gcc clang; do check "$compiler" c c11 "$header"; done
    for compiler in g++ clang++; do check "$compiler" c++ c++17 "$header"; done
done
for header in "${cpp_headers[@]}"; do
    echo "$header"
    for compiler in g++ clang++; do check "$compiler" c++ c++17 "$header"; done
done
# The C++ headers promise to work without exceptions.
printf '#include <xsched.hpp>\n' |
    g++ -x c++ -std=c++17 -fno-exceptions -Wall -Wextra -Werror -Iinclude -fsyntax-only -
