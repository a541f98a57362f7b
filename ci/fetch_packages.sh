#!/bin/bash
# The shared libraries of packages of Debian or Ubuntu in a directory of their own. Nothing is installed and
# root is not needed, so a machine can have the libraries of several releases side by side.
#
#   fetch_packages.sh [--alone] [--exclude=PATTERN]... DIR SUITE[,SUITE...] PACKAGE...
#
# A suite is bookworm, trixie/non-free or ubuntu:noble-updates/restricted; the first is the one that the
# packages are taken from, the others, of the same distribution, are for what they need. With all they
# need, down to the C library, they can be run by their own dynamic linker; --alone leaves that out.
# DEBIAN_MIRROR and UBUNTU_MIRROR name the archives. Without them it is the one that apt is set up with;
# and Ubuntu's, on a machine of Debian, what Debian's packages say of it.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail

fail() {
    printf '%s\n' "fetch_packages: $*" >&2
    exit 1
}

options=("$@") alone=no exclude=()
while [[ ${1:-} == --* ]]; do
    case $1 in
    --alone) alone=yes ;;
    --exclude=*) exclude+=("$1") ;;
    *) fail "what is $1?" ;;
    esac
    shift
done
dir=$1 suites=$2
shift 2
complete="$dir/complete"
wanted="${options[*]}"
if [[ -e $complete && $(<"$complete") == "$wanted" ]]; then
    exit
fi
rm -rf "$dir"
mkdir -p "$dir/apt/lists/partial" "$dir/apt/archives/partial"
dir=$(cd "$dir" && pwd)

# The archive that apt is set up with, on a machine of this distribution.
apt_mirror() { # ID
    # shellcheck source=/dev/null
    (. /etc/os-release && [[ $ID == "$1" ]] && apt-get update --print-uris |
        sed -n "s|^'\(.*\)/dists/$VERSION_CODENAME/InRelease'.*|\1|p" | head -n 1) || true
}

keyrings=/usr/share/keyrings
case $suites in
ubuntu:*)
    mirror=${UBUNTU_MIRROR:-$(apt_mirror ubuntu)}
    suites=${suites#ubuntu:}
    keyring=$keyrings/ubuntu-archive-keyring.gpg
    if [[ -z $mirror || ! -e $keyring ]]; then
        # Signed by Debian, these two say where Ubuntu's archive is and who signs it.
        "$0" --alone "$dir/debian" trixie ubuntu-keyring debootstrap ||
            fail "UBUNTU_MIRROR may name an archive of Ubuntu, $keyring must be there"
        keyring=$dir/debian$keyring
        mirror=${mirror:-$(sed -n '/default_mirror .*archive/{s/.*default_mirror //p;q}' \
            "$dir/debian/usr/share/debootstrap/scripts/gutsy")}
    fi
    ;;
*)
    mirror=${DEBIAN_MIRROR:-$(apt_mirror debian)}
    keyring=$keyrings/debian-archive-keyring.gpg
    [[ -n $mirror ]] || fail "apt knows no archive of Debian here; DEBIAN_MIRROR may name one"
    ;;
esac
[[ -e $keyring ]] || fail "$keyring is not there (package debian-archive-keyring)"

for suite in ${suites//,/ }; do
    component=main
    if [[ $suite == */* ]]; then
        component=${suite#*/}
    fi
    echo "deb [arch=amd64 signed-by=$keyring] $mirror ${suite%/*} $component"
done >"$dir/apt/sources.list"
newest=${suites%%,*}

# An apt that believes the machine to be empty: it fetches the whole closure.
apt_get() {
    apt-get -qq -o APT::Architecture=amd64 -o APT::Sandbox::User=root -o Debug::NoLocking=true \
        -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false \
        -o Dir::State::lists="$dir/apt/lists" -o Dir::State::status=/dev/null \
        -o Dir::Cache="$dir/apt" -o Dir::Cache::archives="$dir/apt/archives" \
        -o Dir::Etc::sourcelist="$dir/apt/sources.list" -o Dir::Etc::sourceparts=- \
        -t "${newest%/*}" "$@"
}

apt_get update || fail "no package lists of $suites from $mirror"
if [[ $alone == yes ]]; then
    (cd "$dir/apt/archives" && apt_get download "$@")
else
    apt_get install -y --download-only --no-install-recommends "$@"
fi || fail "$suites has no $*"
for package in "$dir"/apt/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$dir" "${exclude[@]}"
done
rm -rf "$dir/apt" "$dir/debian"
echo "$wanted" >"$complete"
