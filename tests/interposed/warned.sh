#!/bin/bash
# Where two schedulers meet in one process, one of them says so in one line of the log; with one there
# is no such line.
#
#   warned.sh LIBRARY PLAIN_PROGRAM EMBEDDED_PROGRAM
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
library=$1 plain=$2 embedded=$3

# COUNT NAME=VALUE... PROGRAM
warns() {
    local expected=$1 count
    shift
    count=$(env XSCHED_AUTO_XQUEUE=ON "$@" 2>&1 >/dev/null | grep -c 'two interposers' || true)
    if [ "$count" != "$expected" ]; then
        echo "$*: $count lines instead of $expected" >&2
        exit 1
    fi
}
warns 0 "LD_PRELOAD=$library" "$plain"
warns 0 "$embedded"
warns 1 "LD_PRELOAD=$library" "$embedded"
