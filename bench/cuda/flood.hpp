/*
 * The low-priority side: a thread that keeps the device busy through one stream, and one that watches
 * which of the kernels start and end.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "device.hpp"

#include <functional>
#include <thread>

/* When kernels of launch_counted were last seen to start and to end. Sees it within a microsecond of
 * the device's store: for the length of its life a thread does nothing but look. */
class Observer {
  public:
    explicit Observer(const Device &device);
    ~Observer();
    Observer(const Observer &) = delete;
    Observer &operator=(const Observer &) = delete;

    CUdeviceptr counters() const { return counters_.address(0); }
    /* Indices of kernels, as the device stored them last. */
    uint32_t started() const { return counters_[0].load(std::memory_order_acquire); }
    uint32_t ended() const { return counters_[1].load(std::memory_order_acquire); }
    /* Ask when nothing has happened for a while. */
    Clock::time_point last_start() const { return time(start_); }
    Clock::time_point last_end() const { return time(end_); }

  private:
    using Ticks = std::atomic<Clock::rep>;
    static Clock::time_point time(const Ticks &ticks) {
        return Clock::time_point(Clock::duration(ticks.load(std::memory_order_acquire)));
    }
    void look();

    const Mapped counters_{2};
    const bool yields_; /* the stand-in device needs the processor itself */
    std::atomic<bool> stop_{false};
    Ticks start_{0}, end_{0};
    std::thread thread_;
};

/* Launches kernels with consecutive indices, from 1, as fast as it can. */
class Flood {
  public:
    /* `launch` is told the index; it launches one kernel, with what else belongs to it. At most
     * `outstanding` kernels are launched and not ended. */
    Flood(const Device &device, const Stream &stream, const Observer &observer,
          uint32_t outstanding, std::function<void(uint32_t)> launch);
    /* Ends when what was launched has ended: nothing may hold the stream then. */
    ~Flood();
    Flood(const Flood &) = delete;
    Flood &operator=(const Flood &) = delete;

  private:
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

/* Enough to keep the device busy while the launching thread sleeps a little, and soon over. */
inline uint32_t outstanding(double kernel_us) {
    const double count = 20e3 / kernel_us;
    return count < 8 ? 8 : count > 256 ? 256 : static_cast<uint32_t>(count);
}
