/*
 * The device under test: its context, kernels that take an exact time, streams, and memory that host and
 * device share.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "check.hpp"
#include "kernels.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

inline double us_between(Clock::time_point begin, Clock::time_point end) {
    return Microseconds(end - begin).count();
}
inline double us_since(Clock::time_point begin) {
    return us_between(begin, Clock::now());
}

/* Waits for so long without giving the processor away. */
inline void spin_host(double us) {
    for (const auto begin = Clock::now(); us_since(begin) < us;) {
    }
}

/* Processor time of this process so far, of all its threads. */
double processor_s();

/* The first device, warmed up and calibrated, unless another process has done so and knows the clock
 * factor. The context is current in the constructing thread. */
class Device {
  public:
    explicit Device(double clock_factor = 0);
    ~Device();
    Device(const Device &) = delete;
    Device &operator=(const Device &) = delete;

    void make_current() const { CU_OK(cuCtxSetCurrent(context_)); }

    /* Occupies every multiprocessor for so long, launch overhead not counted. 0 is an empty kernel. */
    void launch(CUstream stream, double us) const;
    /* The same, and tells of its start and end. */
    void launch_counted(CUstream stream, double us, CUdeviceptr counters, uint32_t index) const;
    /* From the start of one kernel to the start of the next, by the device's events. */
    double period_us(double us) const;

    const Kernels &kernels() const { return kernels_; }
    const std::string &name() const { return name_; }
    int driver() const { return driver_; } /* 13000 is CUDA 13.0 */
    bool stand_in() const { return stand_in_; }
    double clock_factor() const { return clock_factor_; } /* see Kernels::spin_ns */
    int least_priority() const { return least_priority_; }
    int greatest_priority() const { return greatest_priority_; }

  private:
    uint64_t spin_argument(double us) const;
    void warm_up() const;
    double calibrate() const;
    double elapsed_ms(CUstream stream, double us, int count) const;

    CUdevice device_ = 0;
    CUcontext context_ = nullptr;
    Kernels kernels_;
    std::string name_;
    int driver_ = 0;
    bool stand_in_ = false;
    int blocks_ = 1;
    int least_priority_ = 0, greatest_priority_ = 0;
    double clock_factor_ = 1;
};

class Stream {
  public:
    explicit Stream(int priority = 0) {
        CU_OK(cuStreamCreateWithPriority(&stream_, CU_STREAM_NON_BLOCKING, priority));
    }
    ~Stream() { CU_OK(cuStreamDestroy(stream_)); }
    Stream(const Stream &) = delete;
    Stream &operator=(const Stream &) = delete;
    operator CUstream() const { return stream_; }

    void synchronize() const { CU_OK(cuStreamSynchronize(stream_)); }

  private:
    CUstream stream_ = nullptr;
};

/* Page-locked host memory that the device reads and writes; zero at first. */
class Mapped {
  public:
    explicit Mapped(size_t words);
    ~Mapped() { CU_OK(cuMemFreeHost(words_)); }
    Mapped(const Mapped &) = delete;
    Mapped &operator=(const Mapped &) = delete;

    std::atomic<uint32_t> &operator[](size_t index) const { return words_[index]; }
    CUdeviceptr address(size_t index) const { return address_ + index * sizeof(uint32_t); }

  private:
    std::atomic<uint32_t> *words_ = nullptr;
    CUdeviceptr address_ = 0;
};

/* The device's own memory; zero at first. */
class DeviceWords {
  public:
    explicit DeviceWords(size_t words);
    ~DeviceWords() { CU_OK(cuMemFree(address_)); }
    DeviceWords(const DeviceWords &) = delete;
    DeviceWords &operator=(const DeviceWords &) = delete;

    CUdeviceptr address() const { return address_; }

  private:
    CUdeviceptr address_ = 0;
};
