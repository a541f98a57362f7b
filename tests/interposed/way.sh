#!/bin/bash
# Runs one test program one way, and compares what it prints with what the plain program printed.
#
#   way.sh plain|preload|embedded|both|device_gate|host_gate TRANSCRIPT LIBRARY PROGRAM [ARGUMENT...]
#
# The plain way writes the transcript, the others read it. For "embedded" and "both" the program is the
# one that has libxsched inside. The program itself fails on whatever else is wrong.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
way=$1 transcript=$2 library=$3
shift 3

# What a preloaded scheduler does by itself.
environment=(TEST_SCHEDULED=1 XSCHED_AUTO_XQUEUE=ON)
case $way in
plain)
    TEST_SCHEDULED=0 "$@" | tee "$transcript"
    exit
    ;;
embedded) ;;
preload | both) environment+=("LD_PRELOAD=$library") ;;
device_gate | host_gate) environment+=("LD_PRELOAD=$library" "XSCHED_GATE=${way%_gate}") ;;
*)
    echo "unknown way: $way" >&2
    exit 2
    ;;
esac

printed=$(mktemp)
trap 'rm -f "$printed"' EXIT
env "${environment[@]}" "$@" | tee "$printed"
diff "$transcript" "$printed" >&2 || {
    echo "$way prints something else than plain" >&2
    exit 1
}
