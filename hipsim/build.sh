#!/usr/bin/env bash
# Builds hipsim, a stand-in for libamdhip64 for tests: four libraries with the names, version nodes and
# exported symbols of ROCm 5.2, 5.7, 6.4 and 7.2. Usage: hipsim/build.sh [OUT], default build/hipsim.
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
mkdir -p "${1:-$root/build/hipsim}"
out=$(cd "${1:-$root/build/hipsim}" && pwd)
cc=${CC:-cc}

# The chain of version nodes; each runtime ends at one of them.
nodes="4.2 4.3 4.4 4.5 5.0 5.1 5.2 5.3 5.5 5.6 6.0 6.1 6.2 6.4 6.5 7.1 7.2"

# RELEASE LAST-NODE: the version script, "global" for each symbol of the release.
version_script() {
    awk -F, -v column="rocm_${1/./_}" -v last="$2" -v nodes="$nodes" '
        NR == 1 { for (i = 0; i < 4; i++) if ($(NF - i) == column) offset = i; next }
        # Counted from the end of the line: a signature may contain commas.
        $(NF - offset) == 1 { symbols[$(NF - 4)] = symbols[$(NF - 4)] "        " $1 ";\n" }
        END {
            count = split(nodes, chain, " ")
            for (i = 1; i <= count; i++) {
                node = "hip_" chain[i]
                printf "%s {\n", node
                if (symbols[node] != "") printf "    global:\n%s", symbols[node]
                if (i == 1) printf "    local: *;\n"
                printf "}%s;\n", parent
                parent = " " node
                if (chain[i] == last) break
            }
            print "hipsim {\n    global:\n        hipsim_occupy_us;\n        hipsim_access;"
            print "        hipsim_stamp;\n        hipsim_violations;\n        hipsim_last_violation;"
            print "        hipsim_fault;\n        hipsim_commands;\n        hipsim_calls;\n};"
        }' "$here/abi/functions.csv"
}

# Weak definitions of every name: what the archive does not define stays like this.
stubs() {
    awk -F, '
        BEGIN { print "extern int hipsim_unsupported(const char *name);" }
        NR == 1 || $1 ~ /^__gnu_/ { next } # plt.c has those
        {
            kind = $5
            # hiprtcResult 11 is HIPRTC_ERROR_INTERNAL_ERROR.
            if (kind == "hipError_t") body = "int %s(void) { return hipsim_unsupported(\"%s\"); }\n"
            else if (kind == "hiprtcResult") body = "int %s(void) { hipsim_unsupported(\"%s\"); return 11; }\n"
            else if (kind == "void") body = "void %s(void) { hipsim_unsupported(\"%s\"); }\n"
            else body = "void *%s(void) { hipsim_unsupported(\"%s\"); return 0; }\n"
            printf "__attribute__((weak)) " body, $1, $1
        }' "$here/abi/functions.csv"
}

# RELEASE NUMBER SONAME: links one library.
link() {
    local dir=$out/$1 soname=$3
    local last=$1
    [ "$1" = 5.7 ] && last=5.6 # no symbol came with 5.7
    [ -e "$dir/$soname" ] && [ "$dir/$soname" -nt "$archive" ] && [ "$dir/$soname" -nt "$0" ] &&
        [ "$dir/$soname" -nt "$here/plt.c" ] && [ "$dir/$soname" -nt "$here/abi/functions.csv" ] &&
        return
    mkdir -p "$dir"
    version_script "$1" "$last" >"$dir/map"
    # Never unloaded: its threads run its code.
    "$cc" -shared -fPIC -O1 -o "$dir/$soname.new" -DHIPSIM_RELEASE="$2" "$here/plt.c" "$out/stubs.c" \
        -Wl,--whole-archive "$archive" -Wl,--no-whole-archive -Wl,--version-script="$dir/map" \
        -Wl,-soname="$soname" -Wl,-z,nodelete -Wl,-z,defs -Wl,--gc-sections -lpthread -ldl -lm -lgcc_s
    mv "$dir/$soname.new" "$dir/$soname"
    ln -sf "$soname" "$dir/libamdhip64.so"
    echo "$dir/$soname"
}

(cd "$root" && cargo build -q -p hipsim --profile stand-in)
target=${CARGO_TARGET_DIR:-$root/target}
built=$target/stand-in/libhipsim.a
archive=$out/libhipsim.a
if [ "$built" -nt "$archive" ] || [ "$0" -nt "$archive" ]; then
    # See plt.c.
    objcopy --redefine-sym __gnu_f2h_ieee=hipsim_builtin_f2h \
        --redefine-sym __gnu_h2f_ieee=hipsim_builtin_h2f "$built" "$archive"
fi
stubs >"$out/stubs.c"
link 5.2 502 libamdhip64.so.5
link 5.7 507 libamdhip64.so.5
link 6.4 604 libamdhip64.so.6
link 7.2 702 libamdhip64.so.7
