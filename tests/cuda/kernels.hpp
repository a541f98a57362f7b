/*
 * The kernels of the CUDA test and benchmark programs. A real driver compiles them from PTX; the
 * stand-in driver takes the names and parameters from the PTX and runs the functions of kernels.cpp,
 * which it finds in the program (link with -rdynamic). So one binary runs on both.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include <cuda.h>

#include <cstdint>

/* The PTX text of all kernels, NUL-terminated. */
extern const char kernels_ptx[];

/* What spin_count tells of the last kernel that started and the last that ended, in mapped memory. */
struct SpinCounters {
    uint32_t started;
    uint32_t ended;
};

/* The kernels of the current context. Every member is a launch and returns what the driver did. */
class Kernels {
  public:
    CUresult load();
    CUresult unload();

    CUresult empty(CUstream stream, unsigned blocks = 1) const;

    /* Each block spins for two clock cycles per nanosecond: whoever needs exact times measures how long
     * that is on the device at hand. */
    CUresult spin_ns(CUstream stream, uint64_t ns, unsigned blocks = 1) const;

    /* The same, and the first block stores `index` when it starts and when it ends. */
    CUresult spin_count(CUstream stream, uint64_t ns, CUdeviceptr counters, uint32_t index,
                        unsigned blocks = 1) const;

    /* Adds `value` to each of `count` words. */
    CUresult add_u32(CUstream stream, CUdeviceptr words, uint32_t value, uint32_t count,
                     unsigned blocks = 1) const;

    /* Appends `value` to words that are 0 at first: the first counts the others. */
    CUresult append_u32(CUstream stream, CUdeviceptr words, uint32_t value) const;

    /* Occupies the device until the host has stored something else than 0 in mapped memory. */
    CUresult block_u32(CUstream stream, CUdeviceptr word) const;

    /* For calls that take the function itself: kernel nodes, cuLaunchKernelEx, cuLaunchKernel. */
    CUfunction empty_function = nullptr;
    CUfunction spin_ns_function = nullptr;
    CUfunction spin_count_function = nullptr;
    CUfunction add_u32_function = nullptr;
    CUfunction append_u32_function = nullptr;
    CUfunction block_u32_function = nullptr;

    /* Threads of each block. */
    static constexpr unsigned kThreads = 64;

  private:
    CUmodule module_ = nullptr;
};
