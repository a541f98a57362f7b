#!/bin/bash
# Formatting: rustfmt, clang-format, shellcheck.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0

echo "rustfmt"
cargo fmt --all --check || failed=1

# include/xsched.h is as cbindgen writes it.
mapfile -t sources < <(find include cpp-examples tests bench hipsim cudasim -type f \
    \( -name '*.c' -o -name '*.h' -o -name '*.cpp' -o -name '*.hpp' \) ! -path include/xsched.h)
echo "clang-format on ${#sources[@]} files"
clang-format --dry-run -Werror "${sources[@]}" || failed=1

mapfile -t scripts < <(find ci .ci bench cpp-examples hipsim cudasim tests -type f \( -name '*.sh' -o -path .ci/run \))
echo "shellcheck on ${#scripts[@]} files"
shellcheck "${scripts[@]}" || failed=1

exit "$failed"
