#!/bin/bash
# AMD's own HIP runtimes with the interposer in front, as Debian packages them: no AMD device is needed,
# and none is there, so nearly every call ends with "no device". See tests/hip_real/README.md.
# --preload FILE: the interposer; suites of Debian by name, or --all: others than the stable ones.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

preload=build/hip/hip/libxsched_hip.so
if [[ ${1:-} == --preload ]]; then
    preload=$2
    shift 2
fi

# Debian's suites, the first of each being the one that has the runtime; and AMD's libraries that use
# it there. The runtimes are 5.2.3, 5.7.1, 6.4.3 and 7.2.4. bookworm has neither rocBLAS, nor rocFFT,
# nor RCCL. Later suites change; what they no longer have is skipped, and so is all on a machine that
# knows no archive of Debian.
runtimes=(
    "bookworm libamdhip64-5 librocrand1 librocsparse0"
    "trixie libamdhip64-5 librocrand1 librocblas0 librocfft0 librccl1"
    "sid libamdhip64-6 librocrand1 librocfft0"
    "experimental,sid libamdhip64-7 librocrand1 librocfft0"
)
# What each fetches is kept; the stable ones are enough for every day.
case ${1:-} in
'') set -- bookworm trixie ;;
--all) set -- ;;
esac
required=
if grep -q '^ID=debian' /etc/os-release || [[ -n ${DEBIAN_MIRROR:-} ]]; then
    required=bookworm
fi

say() { printf '%s\n' "hip_real: $*"; }

for tool in python3 cc nm dpkg-deb; do
    command -v "$tool" >/dev/null || {
        say "there is no $tool: run ci/install_deps.sh test" >&2
        exit 1
    }
done
[[ -e $preload ]] || {
    say "there is no $preload: build the interposer first" >&2
    exit 1
}
HIP_PRELOAD=$(realpath "$preload")
export HIP_PRELOAD PYTHONPATH=tests/real

say "symbols that programs import"
failed=0
python3 -B tests/hip_real/test_symbols.py || failed=1

summary=()
for runtime in "${runtimes[@]}"; do
    read -r suites packages <<<"$runtime"
    suite=${suites%%,*}
    if [[ $# -gt 0 && " $* " != *" $suite "* ]]; then
        continue
    fi
    say "AMD's runtime from $suite: $packages"
    # Two gigabytes of rocBLAS are kernels, for which there is no device here.
    # shellcheck disable=SC2086 # a list of packages
    if ! ci/fetch_packages.sh --exclude=./usr/share --exclude=./etc --exclude='*/rocblas' \
        "build/hip_real/$suite" "$suites" $packages; then
        summary+=("$suite: SKIPPED, its packages are not to be had here")
        if [[ $suite == "$required" ]]; then
            failed=1
        fi
        continue
    fi
    if HIP_REAL_ROOT="build/hip_real/$suite" python3 -B tests/hip_real/test_real.py; then
        summary+=("$suite: passed")
    else
        summary+=("$suite: FAILED")
        failed=1
    fi
done

if [[ $# -gt 0 && ${#summary[@]} -ne $# ]]; then
    say "not every one of $* is a suite of the list" >&2
    exit 2
fi
printf '\n'
printf 'hip_real: %s\n' "${summary[@]}"
exit "$failed"
