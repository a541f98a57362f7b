#!/usr/bin/env bash
# The functions of a release: the rows of src/interpose/cuda/functions.csv, without its head.
# Usage: cudasim/rows.sh 11.4|12.8|13.0. SPDX-License-Identifier: Apache-2.0
set -euo pipefail
functions=$(dirname "$(dirname "$(realpath "$0")")")/src/interpose/cuda/functions.csv

# An old driver is what a newer one had already: by the version in which each function came.
column=cuda_${1/./_} newest=99999
if [ "$1" = 11.4 ]; then column=cuda_12_8 newest=11040; fi
awk -F, -v name="$column" -v newest="$newest" '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) column = i; next }
    $column == 1 && $3 <= newest' "$functions"
