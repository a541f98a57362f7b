#!/bin/bash
# Fails unless hip/functions.h is what declare.sh makes of the table.
#
#   declared.sh hipsim/include
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
diff "$1/hip/functions.h" <("$1/declare.sh") >&2 || {
    echo "run hipsim/include/declare.sh > hipsim/include/hip/functions.h" >&2
    exit 1
}
