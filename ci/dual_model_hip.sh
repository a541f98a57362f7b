#!/bin/bash
# The reference application on the stand-in HIP runtime, run plain, preloaded, embedded and both.
# The outputs of all ways have the same bits, and each way did what it is there for. Times are not
# looked at.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

build=build/dual_model_hip
hipsim=$PWD/build/hipsim
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    printf '%s\n' "$way: $*" >&2
    cat "$work/$way.out" "$work/$way.log" >&2
    exit 1
}

# run WAY PROGRAM MODES [VARIABLE=VALUE...]
run() {
    way=$1
    local program=$build/cpp-examples/$2 modes=$3
    shift 3
    printf '%s\n' "-- $way: $modes"
    env HIPSIM_VIOLATION=abort "$@" "$program" --modes "$modes" --duration 1 --rounds 1 --quiet \
        --json '' >"$work/$way.out" 2>"$work/$way.log" || fail "ended with status $?"
    grep '^digests of the outputs' "$work/$way.out" >"$work/$way.digests" || fail "no digests"
    cmp -s "$work/plain.digests" "$work/$way.digests" || fail "other outputs than plain"
}

says() { grep -q "$1" "$work/$way.log" || fail "does not say '$1'"; }
is_silent() { [ ! -s "$work/$way.log" ] || fail "has something to say"; }
suspends() {
    awk '$1 == "scheduled" && $(NF - 1) > 0 { found = 1 } END { exit !found }' "$work/$way.out" ||
        fail "nothing was suspended"
}

ci/install_deps.sh demo
hipsim/build.sh "$hipsim"
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS=-Werror \
    -DHIPSIM_DIR="$hipsim" >/dev/null
cmake --build "$build" --parallel "$(nproc)" \
    --target dual_model_hip --target dual_model_hip_plain --target xsched_hip_shared >/dev/null

preload=LD_PRELOAD=$PWD/$build/hip/libxsched_hip.so
every=standalone,native,priority,scheduled

run plain dual_model_hip_plain standalone,native,priority
is_silent
run preloaded dual_model_hip_plain $every "$preload"
suspends
says 'libxsched .* device HIP device 0'
run embedded dual_model_hip $every
is_silent
suspends
run both dual_model_hip $every "$preload"
says 'libxsched_hip.so stays silent'
suspends
run device_gate dual_model_hip $every XSCHED_GATE=device HIPSIM_WAIT_VALUE=own XLOG_LEVEL=INFO
says 'gate device'
suspends
sed 's/^/   /' "$work/plain.digests"
