/*
 * The scheduler as a test program sees it. A program runs plain, with an interposer preloaded, with one
 * inside (XSCHED_EMBEDDED), and both; without a scheduler everything here does nothing, and the transcript
 * has to be the same.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "check.hpp"

#include <dlfcn.h>
#include <xsched.h>

/* An embedded scheduler is linked, one that was preloaded is found. */
#ifdef XSCHED_EMBEDDED
#define XSCHED_FUNCTION(name) (&name)
inline bool scheduled() {
    return true;
}
#else
#define XSCHED_FUNCTION(name) reinterpret_cast<decltype(&name)>(dlsym(RTLD_DEFAULT, #name))
inline bool scheduled() {
    return dlsym(RTLD_DEFAULT, "XSchedVersion") != nullptr;
}
#endif

/* Calls a function of the scheduler and expects it to succeed. */
#define XSCHED_OK(name, ...)                                                                       \
    do {                                                                                           \
        const XResult result_ = XSCHED_FUNCTION(name)(__VA_ARGS__);                                \
        if (result_ != kXSchedSuccess) {                                                           \
            fail(__FILE__, __LINE__, #name ": ", XSCHED_FUNCTION(XSchedLastErrorMessage)());       \
        }                                                                                          \
    } while (0)

/* What the hooks have seen so far; zeros without a scheduler. */
inline XSchedHookStats hook_stats() {
    XSchedHookStats stats{};
    if (scheduled()) {
        XSCHED_OK(XSchedGetHookStats, &stats);
    }
    return stats;
}

/* Highest priority first over this process, which is what a preloaded scheduler starts with. */
inline void schedule_by_priority() {
    if (scheduled()) {
        XSCHED_OK(XHintSetScheduler, kSchedulerLocal, kPolicyHighestPriorityFirst);
    }
}

/* The queue that the scheduler put on a stream; nothing without a scheduler. */
class ScheduledQueue {
  public:
    void priority(Priority priority) const {
        if (handle_ != 0) {
            XSCHED_OK(XHintPriority, handle_, priority);
        }
    }
    void suspend() const {
        if (handle_ != 0) {
            XSCHED_OK(XQueueSuspend, handle_, kQueueSuspendFlagNone);
        }
    }
    /* Returns when nothing of the stream runs any more. */
    void suspend_until_quiet() const {
        if (handle_ != 0) {
            XSCHED_OK(XQueueSuspend, handle_, kQueueSuspendFlagSyncHwQueue);
        }
    }
    void resume() const {
        if (handle_ != 0) {
            XSCHED_OK(XQueueResume, handle_, kQueueResumeFlagNone);
        }
    }
    XQueueStats stats() const {
        XQueueStats stats{};
        if (handle_ != 0) {
            XSCHED_OK(XQueueGetStats, handle_, &stats);
        }
        return stats;
    }

    /* Is it held by the device, so that launching threads are not? Not if it waits for other streams. */
    bool on_device() const { return stats().device_gate == 1; }

    XQueueHandle handle() const { return handle_; }

  protected:
    /* Of an adopted stream; 0 is none. */
    explicit ScheduledQueue(HwQueueHandle stream) {
        if (stream != 0) {
            XSCHED_OK(XQueueCreate, &handle_, stream, kPreemptLevelBlock, kQueueCreateFlagNone);
        }
    }

  private:
    XQueueHandle handle_ = 0;
};

/*
 * What is launched into a stream while its queue is suspended does not run before it is resumed, and
 * runs then. The stream's work must have completed. The launching thread waits, or the stream does.
 */
template <typename Ledger>
void check_held(typename Ledger::StreamHandle stream, const ScheduledQueue &queue, Ledger &ledger) {
    queue.suspend();
    std::thread launching([&] {
        ledger.use_device();
        for (int i = 0; i < 5; i++) {
            ledger.append(stream);
        }
    });
    if (scheduled()) {
        CHECK_STANDS_STILL(ledger.count());
    }
    queue.resume();
    launching.join();
    ledger.synchronize(stream);
    CHECK(ledger.complete());
}

/* The hooks were reached exactly if they should have been: a scheduler that does nothing passes no test. */
inline void check_scheduled() {
    const char *expected = std::getenv("TEST_SCHEDULED");
    CHECK(expected == nullptr || scheduled() == (std::strcmp(expected, "1") == 0));
    CHECK(!scheduled() || hook_stats().calls > 0);
}
