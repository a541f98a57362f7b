#!/usr/bin/env bash
# Builds cudasim, a stand-in for libcuda.so.1 for tests: three libraries with the exported symbols of CUDA
# 11.4, 12.8 and 13.0. Usage: cudasim/build.sh [OUT], default build/cudasim.
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
functions=$root/src/interpose/cuda/functions.csv
mkdir -p "${1:-$root/build/cudasim}"
out=$(cd "${1:-$root/build/cudasim}" && pwd)
cc=${CC:-cc}

# Functions of the real libraries that no header of the list has.
extra=(cuProfilerInitialize cuProfilerStart cuProfilerStop)

version_script() { # RELEASE
    printf '{\n    global:\n'
    sed -n 's/^CUDASIM_API .*\b\(cudasim_[a-z_]*\)(.*/        \1;/p' "$here/include/cudasim.h"
    "$here/rows.sh" "$1" | awk -F, '{ print "        " $1 ";" }'
    printf '        %s;\n' "${extra[@]}"
    printf '    local: *;\n};\n'
}

# RELEASE: weak definitions of every name, which the archive's replace, and the table that
# cuGetProcAddress answers from, with a second address for each function.
generated() {
    { "$here/rows.sh" "$1" | cut -d, -f1; printf '%s\n' "${extra[@]}"; } | awk '
        BEGIN { print "#include <stddef.h>\n\nextern int cudasim_unsupported(const char *name);\n" }
        { printf "__attribute__((weak)) int %s(void) { return cudasim_unsupported(\"%s\"); }\n", $1, $1 }'
    "$here/rows.sh" "$1" | awk -F, '
        BEGIN {
            print "\n#if defined(__x86_64__)\n#define GO_ON(name) \"jmp \" #name \"@PLT\\n\""
            print "#elif defined(__aarch64__)\n#define GO_ON(name) \"b \" #name \"\\n\"\n#endif"
            print "#define OTHER(name) __asm__(\".text\\ncudasim_other_\" #name \": \" GO_ON(name)); \\"
            print "    extern const char cudasim_other_##name[] __attribute__((visibility(\"hidden\")));\n"
        }
        {
            print "OTHER(" $1 ")"
            per_thread = $4 == "legacy" ? 0 : 1
            table = table sprintf("    {\"%s\", %s, %d, (const void *)%s, cudasim_other_%s},\n", \
                $2, $3, per_thread, $1, $1)
        }
        END {
            print "\nstruct cudasim_symbol {\n    const char *base;\n    int version;\n    int per_thread;"
            print "    const void *address;\n    const void *other;\n};\n"
            print "extern const struct cudasim_symbol cudasim_symbols[];"
            print "const struct cudasim_symbol cudasim_symbols[] = {\n" table "};"
            print "const size_t cudasim_symbol_count = sizeof cudasim_symbols / sizeof *cudasim_symbols;"
        }'
    echo "const int cudasim_version = $2;"
}

link() { # RELEASE NUMBER
    local dir=$out/$1 library=$out/$1/libcuda.so.1
    mkdir -p "$dir"
    if [ "$library" -nt "$archive" ] && [ "$library" -nt "$0" ] && [ "$library" -nt "$here/rows.sh" ] &&
        [ "$library" -nt "$functions" ]; then
        return
    fi
    version_script "$1" >"$dir/map"
    generated "$1" "$2" >"$dir/functions.c"
    # Never unloaded: its threads run its code. Symbolic: its own addresses, not an interposer's.
    "$cc" -shared -fPIC -O1 -o "$library.new" "$dir/functions.c" \
        -Wl,--whole-archive "$archive" -Wl,--no-whole-archive -Wl,--version-script="$dir/map" \
        -Wl,-soname=libcuda.so.1 -Wl,-Bsymbolic -Wl,-z,nodelete -Wl,-z,defs -Wl,--gc-sections \
        -lpthread -ldl -lm -lgcc_s
    mv "$library.new" "$library"
    ln -sf libcuda.so.1 "$dir/libcuda.so"
    echo "$library"
}

(cd "$root" && cargo build -q -p cudasim --profile stand-in)
archive=${CARGO_TARGET_DIR:-$root/target}/stand-in/libcudasim.a
link 11.4 11040
link 12.8 12080
link 13.0 13000
