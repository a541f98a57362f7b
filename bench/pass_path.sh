#!/usr/bin/env bash
# Instructions per admitted command on the pass path, counted by callgrind: the same on every run,
# whatever else the machine does. Lists every function that is called on the way.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

command -v valgrind >/dev/null || { echo "valgrind is missing: run ci/install_deps.sh test" >&2; exit 1; }

binary=$(cargo bench --bench pass_path --no-run --message-format=json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*pass_path[^"]*\)".*/\1/p' | tail -n 1)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

count() { # name of the function that holds the loop
    echo "counting $1 ..." >&2
    valgrind --tool=callgrind --callgrind-out-file="$out/$1" --toggle-collect="*$1*" \
        "$binary" count >"$out/log" 2>&1 || { cat "$out/log" >&2; exit 1; }
    local total
    total=$(sed -n 's/^summary: //p;s/^totals: //p' "$out/$1" | tail -n 1)
    awk -v name="$1" -v total="$total" 'BEGIN { printf "%-22s %6.1f instructions per command\n", name, total / 1e6 }'
}

count pass_path::empty_loop
count pass_path::queue_admits
count pass_path::handle_admits
echo
echo "functions that run for every command (a lock, an allocation or a system call would be here):"
callgrind_annotate --auto=no --threshold=100 "$out/pass_path::handle_admits" 2>/dev/null |
    awk '$1 ~ /^[0-9,]+$/ && /:/ { gsub(",", "", $1); if ($1 >= 1000000) { sub(/.*:/, ""); sub(/ \[.*/, ""); print "  " $0 } }' |
    sort -u
