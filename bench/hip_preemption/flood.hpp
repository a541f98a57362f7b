/*
 * The low-priority side: a thread that launches kernels flat out into its stream, as training or batch
 * work does, with at most two batches outstanding.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "device.hpp"

#include <array>
#include <thread>

class Flood {
  public:
    Flood(Stream &stream, uint64_t kernel_us)
        : stream_(stream), kernel_us_(kernel_us), thread_([this] { run(); }) {}
    ~Flood() {
        stop_.store(true);
        thread_.join();
    }
    Flood(const Flood &) = delete;
    Flood &operator=(const Flood &) = delete;

  private:
    static constexpr int kBatch = 32;

    void run() {
        std::array<hipEvent_t, 2> ends{};
        for (hipEvent_t &end : ends) {
            HIP_OK(hipEventCreateWithFlags(&end, hipEventDisableTiming));
        }
        for (size_t batch = 0; !stop_.load(); batch++) {
            hipEvent_t end = ends[batch % ends.size()];
            HIP_OK(hipEventSynchronize(end)); // complete if never recorded
            for (int i = 0; i < kBatch && !stop_.load(); i++) {
                stream_.launch(kernel_us_);
            }
            HIP_OK(hipEventRecord(end, stream_));
        }
        stream_.synchronize();
        for (hipEvent_t end : ends) {
            HIP_OK(hipEventDestroy(end));
        }
    }

    Stream &stream_;
    const uint64_t kernel_us_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};
