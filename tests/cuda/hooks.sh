#!/bin/bash
# Writes a line for each hook as cover_every_hook.cpp includes them: its symbol, and the call of one with
# these types of parameters.
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
        line = ""
        count = split($6, parameters, " ")
        for (i = 1; i <= count; i++) {
            if (!(parameters[i] in type)) {
                print $1 ": what is " parameters[i] "?" >"/dev/stderr"
                exit 1
            }
            line = line (i > 1 ? ", " : "") type[parameters[i]]
        }
        print "{\"" $1 "\", pass<" line ">},"
    }' "$1" "$2"
