/*
 * The scheduler as the benchmark uses it. Without one inside (XSCHED_EMBEDDED), a queue does nothing.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "check.hpp"

#include <xsched.h>

class Queue {
  public:
#ifdef XSCHED_EMBEDDED
    static constexpr bool kScheduled = true;

    Queue(hipStream_t stream, Priority priority, int64_t threshold) {
        HwQueueHandle hwq = 0;
        ok(HipQueueCreate(&hwq, stream));
        ok(XQueueCreate(&handle_, hwq, kPreemptLevelBlock, kQueueCreateFlagNone));
        ok(XHintPriority(handle_, priority));
        ok(XQueueSetLaunchConfig(handle_, threshold, 0));
    }
    ~Queue() {
        ok(XQueueDestroy(handle_));
    }

    static void schedule_by_priority() {
        ok(XHintSetScheduler(kSchedulerLocal, kPolicyHighestPriorityFirst));
    }
    /* Returns when the device runs nothing of the stream any more. */
    void suspend() const {
        ok(XQueueSuspend(handle_, kQueueSuspendFlagSyncHwQueue));
    }
    void resume() const {
        ok(XQueueResume(handle_, kQueueResumeFlagNone));
    }
    XQueueStats stats() const {
        XQueueStats stats{};
        ok(XQueueGetStats(handle_, &stats));
        return stats;
    }

  private:
    static void ok(XResult result) {
        if (result != kXSchedSuccess) {
            fail("libxsched", XSchedLastErrorMessage());
        }
    }
    XQueueHandle handle_ = 0;
#else
    static constexpr bool kScheduled = false;

    Queue(hipStream_t, Priority, int64_t) {}
    ~Queue() {}
    static void schedule_by_priority() {}
    void suspend() const {}
    void resume() const {}
    XQueueStats stats() const {
        return {};
    }
#endif

  public:
    Queue(const Queue &) = delete;
    Queue &operator=(const Queue &) = delete;
};
