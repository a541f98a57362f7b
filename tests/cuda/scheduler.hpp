/*
 * The scheduler of CUDA streams, and the end of a test.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "../interposed/scheduler.hpp"
#include "gpu.hpp"

/* Should streams that wait for no other have the device gate? With XSCHED_GATE=auto the probe passes. */
inline bool wants_device_gate() {
    const char *gate = std::getenv("XSCHED_GATE");
    return scheduled() && (gate == nullptr || std::strcmp(gate, "host") != 0);
}

/* The queue of a stream. */
class Queue : public ScheduledQueue {
  public:
    explicit Queue(CUstream stream) : ScheduledQueue(of(stream)) {}

  private:
    static HwQueueHandle of(CUstream stream) {
        HwQueueHandle hwq = 0;
        if (scheduled()) {
            XSCHED_OK(CudaQueueCreate, &hwq, stream);
        }
        return hwq;
    }
};

/* Two streams, the second of which is the more important one. */
struct LowAndHigh {
    FreeStream low_stream;
    FreeStream high_stream;
    Queue low{low_stream};
    Queue high{high_stream};
    Ledger low_ledger;
    Ledger high_ledger;

    LowAndHigh() {
        schedule_by_priority();
        CHECK(low.on_device() == wants_device_gate());
        low.priority(1);
        high.priority(10);
    }

    /* Is the low one held for the high one? */
    bool holds() const { return low.stats().suspended == 1; }

    /* All that was launched is done, once and in order. */
    void end() {
        OK(cuStreamSynchronize(high_stream));
        OK(cuStreamSynchronize(low_stream));
        CHECK(high_ledger.complete() && low_ledger.complete());
        CHECK(low.stats().failed == 0 && high.stats().failed == 0);
    }
};

/* Nothing of the test was wrong in the eyes of the stand-in. */
inline void check_driver() {
    if (on_stand_in() && cudasim_violations() != 0) {
        fail(__FILE__, __LINE__, "violation: ", cudasim_last_violation());
    }
}

/* Ends a test: the device has done its work, and the hooks were reached. */
inline int finish() {
    Gpu::use();
    OK(cuCtxSynchronize());
    check_driver();
    check_scheduled();
    say("done");
    return 0;
}
