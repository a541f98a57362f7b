#!/bin/bash
# Every check, the quick ones first. Goes on after a failure, ends with a summary.
# Arguments choose checks by name: ci/all.sh fmt clippy.
#
# SPDX-License-Identifier: Apache-2.0
set -uo pipefail
cd "$(dirname "$0")/.." || exit

checks=("$@")
if [ $# = 0 ]; then
    checks=(fmt layers clippy doc test header exports programs sanitizers consumers loom
        hipsim hip hip_python hip_real cudasim cuda cuda_functions cuda_real cuda_bench torch
        dual_model_hip dual_model_cuda)
fi

summary=()
failed=0
for check in "${checks[@]}"; do
    printf '\n=== %s: %s\n' "$check" "$(sed -n 's/^# //p;2q' "ci/$check.sh")"
    start=$SECONDS
    if "ci/$check.sh"; then
        result=passed
    else
        result=FAILED
        failed=1
    fi
    summary+=("$(printf '%-12s %s  %4d s' "$check" "$result" $((SECONDS - start)))")
done

printf '\n'
printf '%s\n' "${summary[@]}"
printf '%-12s %s  %4d s\n' all "$([ "$failed" = 0 ] && echo passed || echo FAILED)" "$SECONDS"
exit "$failed"
