#!/bin/bash
# Two processes at a time, each on its null stream, with one variable of difference. There is no scheduler
# over several processes yet: each by itself behaves, and says that it is local.
#
#   two_processes.sh LIBRARY PROGRAM
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
library=$1 program=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run() { # PRIORITY
    LD_PRELOAD=$library TEST_SCHEDULED=1 XSCHED_AUTO_XQUEUE_PRIORITY=$1 \
        "$program" >"$work/$1.out" 2>"$work/$1.log"
}

run 1 &
low=$!
run 10 &
high=$!
failed=0
wait "$low" || failed=1
wait "$high" || failed=1
for priority in 1 10; do
    grep -q 'scheduler LCL (this process only)' "$work/$priority.log" || {
        echo "the process of priority $priority does not say that it is local:"
        failed=1
    }
done
cmp "$work/1.out" "$work/10.out" || failed=1
[ "$failed" = 0 ] || cat "$work"/*.log
exit "$failed"
