#!/bin/bash
# Writes a line for each hook, "HOOK(symbol, parameter types...)", as cover_every_hook.cpp includes them.
#
#   hooks.sh TABLE.RS FUNCTIONS.CSV
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
awk -F, '
    BEGIN {
        type["pointer"] = "void *"; type["stream"] = "CUstream"; type["event"] = "CUevent"
        type["i32"] = "int"; type["u32"] = "unsigned"; type["u64"] = "uint64_t"
        type["usize"] = "size_t"; type["u8"] = "uint8_t"; type["u16"] = "uint16_t"; type["f32"] = "float"
        type["CUmemLocation_v1"] = "CUmemLocation"; type["CUipcMemHandle_v1"] = "CUipcMemHandle"
        type["CUeglFrame_v1"] = "EglFrame"
    }
    NR == FNR { if (match($0, /^        cu[A-Za-z0-9_]+\(/)) hooked[substr($0, 9, RLENGTH - 9)]; next }
    $1 in hooked {
        line = "HOOK(" $1
        count = split($6, parameters, " ")
        for (i = 1; i <= count; i++) {
            if (!(parameters[i] in type)) {
                print $1 ": what is " parameters[i] "?" >"/dev/stderr"
                exit 1
            }
            line = line ", " type[parameters[i]]
        }
        print line ")"
    }' "$1" "$2"
