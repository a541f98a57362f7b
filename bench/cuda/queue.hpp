/*
 * The scheduler as the benchmarks use it: programs that are built with libxsched inside
 * (XSCHED_EMBEDDED) have queues of their own; in the others a queue does nothing, though a preloaded
 * libxsched_cuda.so may put its own on every stream.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "check.hpp"

#include <xsched.h>

#include <dlfcn.h>

#ifdef XSCHED_EMBEDDED
constexpr bool kEmbedded = true;
#define XSCHED_OK(call)                                                                            \
    do {                                                                                           \
        if ((call) != kXSchedSuccess) {                                                            \
            fail(#call, XSchedLastErrorMessage());                                                 \
        }                                                                                          \
    } while (false)
#else
constexpr bool kEmbedded = false;
#define XSCHED_OK(call) static_cast<void>(0)
#endif

struct QueueOptions {
    int64_t level = kPreemptLevelBlock;
    int64_t threshold = 0; /* automatic */
};

class Queue {
  public:
    Queue([[maybe_unused]] CUstream stream, [[maybe_unused]] Priority priority,
          [[maybe_unused]] QueueOptions options = {}) {
        XSCHED_OK(CudaQueueCreate(&stream_, stream));
        XSCHED_OK(XQueueCreate(&queue_, stream_, options.level, kQueueCreateFlagNone));
        XSCHED_OK(XHintPriority(queue_, priority));
        XSCHED_OK(XQueueSetLaunchConfig(queue_, options.threshold, 0));
    }
    ~Queue() {
        XSCHED_OK(XQueueDestroy(queue_));
        XSCHED_OK(HwQueueDestroy(stream_));
    }
    Queue(const Queue &) = delete;
    Queue &operator=(const Queue &) = delete;

    static void schedule_by_priority() {
        XSCHED_OK(XHintSetScheduler(kSchedulerLocal, kPolicyHighestPriorityFirst));
    }

    /* Returns when the device runs nothing of the stream any more. */
    void suspend() const { XSCHED_OK(XQueueSuspend(queue_, kQueueSuspendFlagSyncHwQueue)); }
    void resume() const { XSCHED_OK(XQueueResume(queue_, kQueueResumeFlagNone)); }
    void set_priority([[maybe_unused]] Priority priority) const {
        XSCHED_OK(XHintPriority(queue_, priority));
    }

    XQueueStats stats() const {
        XQueueStats stats{};
        XSCHED_OK(XQueueGetStats(queue_, &stats));
        return stats;
    }

  private:
    [[maybe_unused]] HwQueueHandle stream_ = 0;
    [[maybe_unused]] XQueueHandle queue_ = 0;
};

#undef XSCHED_OK

/* Commands that libxsched admitted in this process so far, inside or preloaded; 0 without it. */
inline int64_t admitted() {
    XSchedHookStats stats{};
#ifdef XSCHED_EMBEDDED
    XSchedGetHookStats(&stats);
#else
    using Get = XResult (*)(XSchedHookStats *);
    if (const auto get = reinterpret_cast<Get>(dlsym(RTLD_DEFAULT, "XSchedGetHookStats"))) {
        get(&stats);
    }
#endif
    return stats.admitted;
}
