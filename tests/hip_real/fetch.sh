#!/bin/bash
# The shared libraries of Debian packages, and of all they need down to the C library, in a directory
# of their own. Nothing is installed and root is not needed, so a machine can have the runtimes of
# several Debian releases side by side; each is run by its own dynamic linker.
#
#   fetch.sh DIR SUITE[,SUITE...] PACKAGE...
#
# The first suite is the one the packages are taken from, the others are for what they need.
# DEBIAN_MIRROR names the archive; without it, it is the one that apt is set up with.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail

dir=$1 suites=$2
shift 2
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
complete="$dir/complete"
wanted="$suites $*"

if [[ -e $complete && $(<"$complete") == "$wanted" ]]; then
    exit
fi

fail() {
    printf '%s\n' "fetch: $*" >&2
    exit 1
}

mirror=${DEBIAN_MIRROR:-}
if [[ -z $mirror ]]; then
    # shellcheck source=/dev/null
    mirror=$(. /etc/os-release && [[ $ID == debian ]] && apt-get update --print-uris |
        sed -n "s|^'\(.*\)/dists/$VERSION_CODENAME/InRelease'.*|\1|p" | head -n 1) || true
    [[ -n $mirror ]] || fail "apt knows no archive of Debian here; DEBIAN_MIRROR may name one"
fi
[[ -e $keyring ]] || fail "$keyring is not there (package debian-archive-keyring)"

rm -rf "$dir"
mkdir -p "$dir/apt/lists/partial" "$dir/apt/archives/partial"
dir=$(cd "$dir" && pwd)
for suite in ${suites//,/ }; do
    echo "deb [arch=amd64 signed-by=$keyring] $mirror $suite main"
done >"$dir/apt/sources.list"

# An apt that believes the machine to be empty: it fetches the whole closure.
apt_get() {
    apt-get -qq -o APT::Architecture=amd64 -o APT::Sandbox::User=root -o Debug::NoLocking=true \
        -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false \
        -o Dir::State::lists="$dir/apt/lists" -o Dir::State::status=/dev/null \
        -o Dir::Cache="$dir/apt" -o Dir::Cache::archives="$dir/apt/archives" \
        -o Dir::Etc::sourcelist="$dir/apt/sources.list" -o Dir::Etc::sourceparts=- \
        -t "${suites%%,*}" "$@"
}

apt_get update || fail "no package lists of $suites from $mirror"
apt_get install -y --download-only --no-install-recommends "$@" || fail "$suites has no $*"
# Two gigabytes of rocBLAS are kernels, for which there is no device here.
for package in "$dir"/apt/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" |
        tar -x -C "$dir" --exclude=./usr/share --exclude=./etc --exclude='*/rocblas'
done
rm -rf "$dir/apt"
echo "$wanted" >"$complete"
