/*
 * The stand-in device: a stream, and a kernel that occupies it for a time and counts itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "check.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>

using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

inline double us_since(Clock::time_point begin) {
    return Microseconds(Clock::now() - begin).count();
}

/* Kernels of one stream that have run. */
using Executed = std::atomic<int64_t>;

class Stream {
  public:
    Stream() { HIP_OK(hipStreamCreateWithFlags(&stream_, hipStreamNonBlocking)); }
    ~Stream() { HIP_OK(hipStreamDestroy(stream_)); }
    Stream(const Stream &) = delete;
    Stream &operator=(const Stream &) = delete;
    operator hipStream_t() const { return stream_; }

    void launch(uint64_t kernel_us);
    void synchronize() { HIP_OK(hipStreamSynchronize(stream_)); }
    int64_t executed() const { return executed_.load(); }

  private:
    hipStream_t stream_ = nullptr;
    Executed executed_{0};
};
