#!/bin/bash
# Every check, the quick ones first. Goes on after a failure, ends with a summary, and what failed checks
# complained of: the last lines are often all that is kept of a run. Their whole output is in build/checks.
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

# What a failed check may have said, with a line behind each for the reason.
complaint='panicked at|FAILED|^not ok|(^|[^a-z])error(\[|:)|(^|[^0].)[Ff]ailed'

mkdir -p build/checks
summary=()
failed=()
for check in "${checks[@]}"; do
    printf '\n=== %s: %s\n' "$check" "$(sed -n 's/^# //p;2q' "ci/$check.sh")"
    start=$SECONDS
    if "ci/$check.sh" 2>&1 | tee "build/checks/$check.log"; then
        result=passed
    else
        result=FAILED
        failed+=("$check")
    fi
    summary+=("$(printf '%-12s %s  %4d s' "$check" "$result" $((SECONDS - start)))")
done

for check in "${failed[@]}"; do
    printf '\n=== of build/checks/%s.log\n' "$check"
    grep -aE -A 1 "$complaint" "build/checks/$check.log" | tail -n 40
    echo "..."
    tail -n 10 "build/checks/$check.log"
done
printf '\n'
printf '%s\n' "${summary[@]}"
printf '%-12s %s  %4d s\n' all "$([ ${#failed[@]} = 0 ] && echo passed || echo FAILED)" "$SECONDS"
exit $((${#failed[@]} > 0))
