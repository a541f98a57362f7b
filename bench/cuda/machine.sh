# On what the benchmarks run: checks the programs, finds the driver, and says what the machine is. Part of
# bench/run_cuda.sh.
#
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154 # the variables are bench/run_cuda.sh's

# Fails unless everything for these parts is there and was built from the sources as they are now.
check_programs() {
    local part program missing=() changed
    local needed=(xsched-report libxsched_cuda.so gate_cost)
    for part in "${parts[@]}"; do
        case $part in
        launch_path | contention | soak) needed+=("$part" "${part}_embedded") ;;
        preemption) needed+=(preemption_embedded) ;;
        dual_model*) needed+=(dual_model_cuda dual_model_cuda_plain) ;;
        esac
    done
    for program in "${needed[@]}" sources.sha256; do
        [ -e "$bin/$program" ] || missing+=("$program")
    done
    [ ${#missing[@]} -eq 0 ] ||
        fail "${missing[*]} not in $bin: run bench/build_cuda.sh (for dual_model with --libtorch)"
    built=$(<"$bin/commit")
    changed=$(cd "$here/.." &&
        sha256sum --check --quiet --ignore-missing "$bin/sources.sha256" 2>/dev/null | head -n 5)
    [ -n "$changed" ] || return 0
    [ "$stale" = yes ] ||
        fail "changed since $bin was built; run bench/build_cuda.sh, or say --stale:"$'\n'"$changed"
    built+=", older than the sources"
}

# The programs need libcuda.so.1. Some containers have it in a folder that the loader does not know.
find_driver() {
    local folder
    if [ -n "$stand_in" ]; then
        [ -e "$stand_in/libcuda.so.1" ] || fail "there is no libcuda.so.1 in $stand_in"
        LD_LIBRARY_PATH=$(cd "$stand_in" && pwd)${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    elif ! ldd "$bin/gate_cost" | grep -q 'libcuda.so.1 => /'; then
        for folder in /usr/local/nvidia/lib64 /usr/lib/wsl/lib; do
            [ -e "$folder/libcuda.so.1" ] || continue
            LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$folder
        done
        export LD_LIBRARY_PATH
        ldd "$bin/gate_cost" | grep -q 'libcuda.so.1 => /' || fail "there is no libcuda.so.1 here"
    fi
    export LD_LIBRARY_PATH
}

# Everything as found; nothing is set.
machine() {
    local query=name,driver_version,clocks.sm,clocks.mem,clocks.max.sm,power.limit,temperature.gpu
    query+=,persistence_mode,compute_mode,mig.mode.current,utilization.gpu
    echo "- date: $(date -u +'%F %R UTC')"
    echo "- system: $(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release), Linux $(uname -r)"
    echo "- processor: $(sed -n 's/^model name\s*: //p;T;q' /proc/cpuinfo), $(nproc) cores," \
        "$(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)," \
        "load $(cut -d' ' -f1-3 /proc/loadavg)"
    if [ -n "$stand_in" ]; then
        echo "- device: stand-in driver, no GPU: **times mean nothing**"
    elif command -v nvidia-smi >/dev/null; then
        echo "- device:"
        nvidia-smi --query-gpu="$query" --format=csv | sed 's/^/      /'
        echo "      $(nvidia-smi | sed -n 's/.*\(CUDA Version: [0-9.]*\).*/\1/p')"
    else
        echo "- device: unknown, there is no nvidia-smi"
    fi
    echo "- libxsched: commit $built, $(sha256sum "$preload" | cut -c1-16) (SHA-256 of the preloaded library)"
}
