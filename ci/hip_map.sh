#!/bin/bash
# Version map: hip_version.map is what src/interpose/hip makes of it; --write brings it up to date.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

# The chain of nodes of the real runtimes, oldest first. No symbol is at two of them, or ever moved.
nodes="hip_4.2 hip_4.3 hip_4.4 hip_4.5 hip_5.0 hip_5.1 hip_5.2 hip_5.3 hip_5.5 hip_5.6 hip_6.0 hip_6.1
    hip_6.2 hip_6.4 hip_6.5 hip_7.1 hip_7.2"

hooked() { # node
    sed -nE "s/^ *\"$1\" ([A-Za-z0-9_]+)\(.*/    \1;/p" src/interpose/hip/table.rs
    sed -nE "s/^ *node: \"$1\", name: \"([A-Za-z0-9_]+)\".*/    \1;/p" src/interpose/hip/hooks.rs
}

generate() {
    cat <<'END'
# Made by ci/hip_map.sh from the table of hooks; do not edit. Each hook is exported at the version node at
# which every real runtime has that function: at any other node the dynamic linker would pass over it
# without a word. dlsym and dlvsym stay without a version, which every client's own version matches; so
# the patterns at the end hide everything but those two.
#
# SPDX-License-Identifier: Apache-2.0
END
    parent=
    for node in $nodes; do
        printf '%s {\n' "$node"
        symbols=$(hooked "$node")
        if [ -n "$symbols" ]; then printf '  global:\n%s\n' "$symbols"; fi
        printf '}%s;\n' "${parent:+ $parent}"
        parent=$node
    done
    printf 'xsched_1 {\n  global:\n    xsched_interposes_hip;\n'
    sed -nE 's/^(XResult|const char \*) ?([A-Za-z]+)\(.*/    \2;/p' include/xsched.h | LC_ALL=C sort
    cat <<'END'
  local:
    [!d]*; d; d[!l]*; dl; dl[!sv]*;
    dls; dls[!y]*; dlsy; dlsy[!m]*; dlsym?*;
    dlv; dlv[!s]*; dlvs; dlvs[!y]*; dlvsy; dlvsy[!m]*; dlvsym?*;
};
END
}

if [ "${1:-}" = --write ]; then
    generate >hip_version.map
elif ! diff hip_version.map <(generate); then
    echo "hip_version.map is out of date: make header writes it" >&2
    exit 1
fi
echo "hip_version.map: $(grep -c '^    [a-zA-Z_].*;$' hip_version.map) names at $(wc -w <<<"$nodes") nodes of HIP and one of ours"
