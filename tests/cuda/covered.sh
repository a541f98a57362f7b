#!/bin/bash
# Fails unless every hooked function that the release has was called by the programs that wrote the
# transcripts.
#
#   covered.sh TABLE.RS FUNCTIONS.CSV COLUMN TRANSCRIPT...
#
# COLUMN is that of the release, for example cuda_13_0.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
table=$1 functions=$2 column=$3
shift 3

in_release=$(awk -F, -v column="$column" '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) offset = i; next }
    $offset == 1 { print $1 }' "$functions" | sort -u)
hooked=$(sed -nE 's/^        (cu[A-Za-z0-9_]+)\(.*/\1/p' "$table" | sort -u)
expected=$(comm -12 <(echo "$in_release") <(echo "$hooked"))
called=$(sed -nE 's/^(cu[A-Za-z0-9_]+): -?[0-9]+$/\1/p' "$@" | sort -u)
missing=$(comm -23 <(echo "$expected") <(echo "$called"))
if [ -n "$missing" ]; then
    printf 'not called in %s:\n%s\n' "$column" "$missing" >&2
    exit 1
fi
echo "$column: all $(wc -l <<<"$expected") hooked functions were called"
