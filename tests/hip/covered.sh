#!/bin/bash
# Fails unless each function that does something with a stream was called by the programs that wrote the
# transcripts, as far as the release has it.
#
#   covered.sh FUNCTIONS.CSV COLUMN TRANSCRIPT...
#
# COLUMN is that of the release, for example rocm_7_2.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
table=$1 column=$2
shift 2

# Of the graph functions, those that make and change nodes touch no stream.
expected=$(awk -F, -v column="$column" '
    NR == 1 { for (i = 1; i <= NF; i++) offset[$i] = NF - i; next }
    $(NF - offset[column]) == 1 && $2 != "query" &&
        ($2 != "capture/graph" || $3 >= 0 || $4 != "" || $1 ~ /^hipGraphInstantiate/) { print $1 }' \
    "$table" | sort -u)
called=$(sed -nE 's/^([A-Za-z_0-9]+): -?[0-9]+$/\1/p' "$@" | sort -u)
missing=$(comm -23 <(echo "$expected") <(echo "$called"))
if [ -n "$missing" ]; then
    printf 'not called in %s:\n%s\n' "$column" "$missing" >&2
    exit 1
fi
echo "$column: all $(wc -l <<<"$expected") functions were called"
