#!/bin/bash
# Packaging: the three ways to use libxsched from another project (find_package, pkg-config,
# add_subdirectory), on an installation that was moved; and its removal.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { printf '%s\n' "-- $*"; }

build_and_run() { # project cmake-arguments...
    local project=$1
    shift
    say "$project"
    cmake -S "tests/consumer/$project" -B "$work/$project" "$@" >/dev/null
    cmake --build "$work/$project" --parallel "$(nproc)" >"$work/log" 2>&1 || {
        cat "$work/log" >&2
        exit 1
    }
    "$work/$project/consumer_c"
    "$work/$project/consumer_cpp"
}

say "install"
cmake -S . -B "$work/build" -DXSCHED_BUILD_EXAMPLES=OFF \
    -DCMAKE_INSTALL_PREFIX="$work/first" >/dev/null
cmake --build "$work/build"
cmake --install "$work/build" >/dev/null
find "$work/first" -type f -printf '   %P\n' | sort

say "no absolute path in the text files"
if grep -rIn -e "$work" -e "$PWD" "$work/first"; then
    exit 1
fi

say "moved"
mv "$work/first" "$work/moved"
prefix="$work/moved"
build_and_run find_package -DCMAKE_PREFIX_PATH="$prefix"
exports() { # vendor names...
    local program=$work/find_package/consumer_$1 name
    say "xsched::$1 exports its hooks from the executable"
    shift
    "$program"
    nm --dynamic --defined-only "$program" | awk '{ print $3 }' >"$work/exported"
    for name in "$@" dlsym dlvsym XQueueCreate; do
        grep -qx "$name" "$work/exported" || {
            echo "$name is not among them" >&2
            exit 1
        }
    done
}
exports hip hipLaunchKernel hipStreamSynchronize hipGetProcAddress
exports cuda cuLaunchKernel cuLaunchKernel_ptsz cuStreamSynchronize cuGetProcAddress_v2

say "the names that XSched's libraries have"
for name in libshimhip.so libhalhip.so libpreempt.so; do
    library=$(find "$prefix" -name "$name")
    LD_PRELOAD=$library XLOG_LEVEL=INFO "$work/find_package/consumer_c" >/dev/null
    test "$(readlink "$library")" = libxsched_hip.so
done

build_and_run pkg_config -DCMAKE_PREFIX_PATH="$prefix"

say "pkg-config by hand"
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name xsched.pc)")
export PKG_CONFIG_PATH
read -ra flags <<<"$(pkg-config --cflags --libs xsched)"
cc tests/consumer/main.c "${flags[@]}" -o "$work/by_hand_c"
c++ -std=c++17 tests/consumer/main.cpp "${flags[@]}" -o "$work/by_hand_cpp"
"$work/by_hand_c"
"$work/by_hand_cpp"

build_and_run add_subdirectory

say "one version everywhere"
version=$(cargo pkgid --package xsched | sed 's/.*[#@]//')
test "$(pkg-config --modversion xsched)" = "$version"
grep -rq "set(PACKAGE_VERSION \"$version\")" "$prefix"
echo "   $version"

say "uninstall"
cmake --install "$work/build" >/dev/null
cmake --build "$work/build" --target uninstall >/dev/null
DESTDIR="$work/staged" cmake --install "$work/build" >/dev/null
test -n "$(find "$work/staged" -name libxsched.a)"
DESTDIR="$work/staged" cmake --build "$work/build" --target uninstall >/dev/null
left=$(find "$work/first" "$work/staged" -type f -o -name 'xsched*')
if [ -n "$left" ]; then
    echo "left behind: $left" >&2
    exit 1
fi
