#!/bin/bash
# Installs what the demo or the tests need and this machine does not have. See --help.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    cat <<'TEXT'
Usage: ci/install_deps.sh demo|test

Finds out what is missing on this machine, says what and why, and installs it with apt-get (through
sudo when not root). What is there already is left alone. For Debian 12 and Ubuntu 22.04 or 24.04;
a Rust toolchain must be there.

  demo   CMake, a C++ compiler, make, pkg-config, LibTorch
  test   the same, and clang with its sanitizers, clang-format, valgrind, shellcheck, and what
         Python needs for programs that are not part of the distribution

LibTorch is taken from CMAKE_PREFIX_PATH, from the system, or from the Python that python3 starts.
Where none is found it is libtorch-dev; where the distribution has no such package (Ubuntu 24.04),
the Python package torch in build/torch, which changes nothing outside the project. pip's own settings
apply: with the default ones that is the build for CUDA, a download of 600 MB, of which only the CPU
part is used; let PIP_INDEX_URL name PyTorch's index of CPU builds to get the small one.
TEXT
}

say() { printf '%s\n' "install_deps: $*"; }
fail() {
    printf '%s\n' "install_deps: $*" >&2
    exit 1
}

# --- what is missing ----------------------------------------------------------------------------

missing=()

# require PACKAGE WHY CHECK...: the package is missing if the check fails.
require() {
    local package=$1 why=$2
    shift 2
    if ! "$@" >/dev/null 2>&1; then
        say "missing: $package ($why)"
        missing+=("$package")
    fi
}

# The places where cpp-examples/cmake/FindLibTorch.cmake looks, and the one that demo.sh adds.
has_libtorch() {
    local root prefixes
    IFS=':;' read -ra prefixes <<<"${CMAKE_PREFIX_PATH:-}"
    for root in "${prefixes[@]}" /usr/local /usr build/torch/lib/python3*/site-packages/torch \
        "$(python_torch)"; do
        if [[ -n $root && (-e $root/include/ATen/ATen.h || -e $root/../../include/ATen/ATen.h) ]]; then
            return 0
        fi
    done
    return 1
}

python_torch() {
    python3 -c 'import importlib.util as u
print(u.find_spec("torch").submodule_search_locations[0])' 2>/dev/null || true
}

has_python_headers() {
    [[ -e $(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h ]]
}

# A compiler accepts the flag even where the library behind it is absent: only linking tells.
has_clang_sanitizers() {
    local program status=0
    program=$(mktemp)
    echo 'int main(void) { return 0; }' |
        clang -fsanitize=address,undefined -x c - -o "$program" 2>/dev/null || status=1
    rm -f "$program"
    return "$status"
}

# --- installing ---------------------------------------------------------------------------------

apt_get() {
    local command=(env DEBIAN_FRONTEND=noninteractive apt-get "$@")
    if [[ $(id -u) -ne 0 ]]; then
        command=(sudo "${command[@]}")
    fi
    say "${command[*]}"
    "${command[@]}"
}

updated=no
update_once() {
    command -v apt-get >/dev/null ||
        fail "there is no apt-get here; please install what is listed above by other means"
    if [[ $(id -u) -ne 0 ]]; then
        command -v sudo >/dev/null || fail "not root and there is no sudo; please run this as root"
    fi
    if [[ $updated == no ]]; then
        apt_get update
        updated=yes
    fi
}

has_candidate() {
    [[ -n $(apt-cache policy "$1" | sed -n 's/^ *Candidate: \([^(].*\)$/\1/p') ]]
}

install_missing() {
    if [[ ${#missing[@]} -gt 0 ]]; then
        update_once
        apt_get install -y --no-install-recommends "${missing[@]}"
        missing=()
    fi
}

install_libtorch() {
    if has_libtorch; then
        return
    fi
    say "missing: LibTorch (the two models of the demo are computed with it)"
    update_once
    if has_candidate libtorch-dev; then
        missing=(libtorch-dev)
        install_missing
        return
    fi
    say "this distribution has no libtorch-dev: installing the Python package torch in build/torch"
    require python3-venv "to install torch apart from the system" python3 -c 'import ensurepip, venv'
    install_missing
    python3 -m venv build/torch
    install_torch_wheel
    has_libtorch || fail "the Python package torch contains no LibTorch"
}

# The CUDA build depends on gigabytes of CUDA libraries. The CPU part of it needs two small ones to
# be loaded, so those are tried before all the rest.
install_torch_wheel() {
    local pip=(build/torch/bin/python -m pip install) requirements
    "${pip[@]}" --no-deps torch
    mapfile -t requirements < <(torch_unresolved | torch_requirements)
    if [[ ${#requirements[@]} -gt 0 ]]; then
        say "of CUDA only what the CPU part needs; pip will report the rest as a conflict"
        "${pip[@]}" "${requirements[@]}"
    fi
    if [[ -n $(torch_unresolved) ]]; then
        "${pip[@]}" torch
    fi
}

# Shared libraries that libtorch_cpu.so needs and does not find, by name.
torch_unresolved() {
    ldd build/torch/lib/python3*/site-packages/torch/lib/libtorch_cpu.so |
        sed -n 's/^[[:space:]]*lib\(.*\)\.so.* => not found$/\1/p'
}

# The requirements of the package torch that contain the libraries on stdin.
torch_requirements() {
    build/torch/bin/python -c '
import importlib.metadata, re, sys
names = {"cudart": "cuda-runtime"}
for library in sys.stdin.read().split():
    for requirement in importlib.metadata.requires("torch"):
        package, extras, version = re.match(r"([\w.-]+)(?:\[(.*)\])?([^; ]*)", requirement).groups()
        if library in (extras or "").split(","):
            print(f"{package}[{library}]{version}")
        elif names.get(library, library) in package:
            print(package + version)
'
}

# The package is named after clang's version, and belongs to another one in older distributions.
install_clang_sanitizers() {
    if has_clang_sanitizers; then
        return
    fi
    local version package
    version=$(clang -dumpversion)
    update_once
    for package in "libclang-rt-${version%%.*}-dev" "libclang-common-${version%%.*}-dev"; do
        if has_candidate "$package"; then
            require "$package" "clang's address and undefined-behaviour sanitizers" false
            install_missing
            break
        fi
    done
    has_clang_sanitizers || fail "clang still cannot link its sanitizers"
}

# --- what is needed -----------------------------------------------------------------------------

case "${1:-}" in
demo | test) purpose=$1 ;;
-h | --help)
    usage
    exit 0
    ;;
*)
    usage >&2
    exit 2
    ;;
esac

rust=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
command -v cargo >/dev/null ||
    fail "there is no cargo here; please install a Rust toolchain, $rust or later (with rustup)"
found=$(cargo --version | cut -d' ' -f2)
printf '%s\n' "$rust" "$found" | sort --version-sort --check=quiet ||
    fail "this is Rust $found; please install $rust or later (rustup update)"

require cmake "builds the C++ side" command -v cmake
require g++ "compiles the examples" command -v c++
require make "runs the build" command -v make
require pkg-config "one of the ways in which a program finds this library" command -v pkg-config
if [[ $purpose == test ]]; then
    require clang "the second compiler of the tests" command -v clang
    require clang-format "checks the layout of the C and C++ sources" command -v clang-format
    require valgrind "looks for leaks and counts instructions" command -v valgrind
    require shellcheck "checks these scripts" command -v shellcheck
    require python3-venv "keeps the Python programs of the tests apart" \
        python3 -c 'import ensurepip, venv'
    require python3-dev "Triton compiles its driver where it runs" has_python_headers
fi
install_missing
install_libtorch
if [[ $purpose == test ]]; then
    install_clang_sanitizers
fi
say "everything is there"
