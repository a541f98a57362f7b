/*
 * The scheduler of HIP streams, and the end of a test.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#pragma once

#include "../interposed/scheduler.hpp"
#include "check.hpp"

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

/* Was the device gate asked for? */
inline bool wants_device_gate() {
    const char *gate = std::getenv("XSCHED_GATE");
    return scheduled() && gate != nullptr && std::strcmp(gate, "device") == 0;
}

/* The queue of a stream. */
class Queue : public ScheduledQueue {
  public:
    explicit Queue(hipStream_t stream) : ScheduledQueue(of(stream)) {}

  private:
    static HwQueueHandle of(hipStream_t stream) {
        HwQueueHandle hwq = 0;
        if (scheduled()) {
            XSCHED_OK(HipQueueCreate, &hwq, stream);
        }
        return hwq;
    }
};

/* Ends a test: nothing of it was wrong in the eyes of the device, and the hooks were reached. */
inline int finish() {
    OK(hipDeviceSynchronize());
    if (hipsim_violations() != 0) {
        fail(__FILE__, __LINE__, "violation: ", hipsim_last_violation());
    }
    check_scheduled();
    say("done");
    return 0;
}
