#!/bin/bash
# Layers: which module may use which. Every arrow points down; see the diagram in src/lib.rs.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

leaves="error config log sync clock thread"
declare -A may_use=(
    [abi]="process runtime queue sched device observe"
    [interpose]="process runtime queue device observe"
    [process]="runtime queue device observe"
    [runtime]="queue sched device observe"
    [queue]="device observe"
    [sched]=""
    [device]=""
    [observe]=""
    [config]="sched" # the environment names a policy
)
# Not even leaves: it decides without clock, log or environment.
pure=" sched "

failed=0
complain() {
    echo "$1" >&2
    failed=1
}

while IFS= read -r file; do
    module=${file#src/}
    module=${module%%/*}
    module=${module%.rs}
    if [ "$module" = lib ]; then continue; fi
    # Without comments, so that documentation may link anywhere.
    code=$(sed 's://.*$::' "$file")
    if grep -qE 'crate::\{|super::super::' <<<"$code"; then
        complain "$file: one 'use crate::module' per line, so that this check can read it"
    fi
    allowed=" $module ${may_use[$module]:-} "
    if [[ $pure != *" $module "* ]]; then allowed+="$leaves "; fi
    mapfile -t used_modules < <(grep -oE '\bcrate::[a-z_]+' <<<"$code" | cut -c8- | sort -u)
    for used in "${used_modules[@]}"; do
        if [[ $allowed != *" $used "* ]]; then
            complain "$file: $module must not use $used (may use:${allowed% })"
        fi
    done
    case $module in
    sched | queue | runtime)
        if grep -nE '\bunsafe\b' <<<"${code//unsafe_code/}"; then
            complain "$file: no unsafe code in $module"
        fi
        if grep -niE '\b(hip|cuda|amd|nvidia)' <<<"$code"; then
            complain "$file: no vendor's name in $module"
        fi
        ;;
    esac
    if [ "$module" != config ] && grep -nE '\benv::(var|vars|set_var)' <<<"$code"; then
        complain "$file: only config reads the environment"
    fi
done < <(find src -name '*.rs' | sort)

if [ "$failed" = 0 ]; then
    echo "$(find src -name '*.rs' | wc -l) files keep to the layers"
fi
exit "$failed"
