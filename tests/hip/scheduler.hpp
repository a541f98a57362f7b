/*
 * The scheduler as a test program sees it. A program runs four ways: plain, with libxsched_hip.so
 * preloaded, with libxsched inside (XSCHED_EMBEDDED), and both; without a scheduler everything here
 * does nothing, and the transcript has to be the same.
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

/* The runtime that this process uses, whatever its name is; to be closed. */
inline void *runtime_handle() {
    Dl_info info{};
    CHECK(dladdr(dlsym(RTLD_DEFAULT, "hipsim_violations"), &info) != 0);
    void *handle = dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD);
    if (handle == nullptr) {
        fail(__FILE__, __LINE__, dlerror());
    }
    return handle;
}

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

/* Was the device gate asked for? */
inline bool wants_device_gate() {
    const char *gate = std::getenv("XSCHED_GATE");
    return scheduled() && gate != nullptr && std::strcmp(gate, "device") == 0;
}

/* The queue that the scheduler put on a stream; nothing without a scheduler. */
class Queue {
  public:
    explicit Queue(hipStream_t stream) {
        if (scheduled()) {
            HwQueueHandle hwq = 0;
            XSCHED_OK(HipQueueCreate, &hwq, stream);
            XSCHED_OK(XQueueCreate, &handle_, hwq, kPreemptLevelBlock, kQueueCreateFlagNone);
        }
    }

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

    /*
     * Is it held by the device, so that launching threads are not? Asked for by XSCHED_GATE=device;
     * only streams that wait for no other one get it.
     */
    bool on_device() const { return stats().device_gate == 1; }

  private:
    XQueueHandle handle_ = 0;
};

/*
 * What is launched into a stream while its queue is suspended does not run before it is resumed, and
 * runs then. The stream's work must have completed. The launching thread waits, or the stream does.
 */
template <typename Ledger>
void check_held(hipStream_t stream, const Queue &queue, Ledger &ledger) {
    queue.suspend();
    std::thread launching([&] {
        for (int i = 0; i < 5; i++) {
            ledger.append(stream);
        }
    });
    if (scheduled()) {
        CHECK_STANDS_STILL(ledger.count());
    }
    queue.resume();
    launching.join();
    OK(hipStreamSynchronize(stream));
    CHECK(ledger.complete());
}

/*
 * Ends a test: nothing of it was wrong in the eyes of the device, and the hooks were reached exactly if
 * they should have been. Otherwise a scheduler that hooks nothing would pass every test.
 */
inline int finish() {
    OK(hipDeviceSynchronize());
    if (hipsim_violations() != 0) {
        fail(__FILE__, __LINE__, "violation: ", hipsim_last_violation());
    }
    const char *expected = std::getenv("HIP_TEST_SCHEDULED");
    CHECK(expected == nullptr || scheduled() == (std::strcmp(expected, "1") == 0));
    CHECK(!scheduled() || hook_stats().calls > 0);
    say("done");
    return 0;
}
