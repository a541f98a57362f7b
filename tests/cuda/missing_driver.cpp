/*
 * There is no CUDA driver: the program runs, and the scheduler says so to whoever asks for a queue. Not linked
 * with CUDA. It runs itself with a wrong XSCHED_CUDA_LIB, too.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../interposed/scheduler.hpp"
#include "again.hpp"

namespace {

void no_queue() {
    if (scheduled()) {
        HwQueueHandle hwq = 0;
        CHECK(XSCHED_FUNCTION(CudaQueueCreate)(&hwq, nullptr) == kXSchedErrorNotSupported);
        CHECK(std::strstr(XSCHED_FUNCTION(XSchedLastErrorMessage)(), "libcuda.so.1") != nullptr ||
              std::getenv("XSCHED_CUDA_LIB") != nullptr);
        CHECK(XSCHED_FUNCTION(CudaQueueGet)(&hwq, nullptr) != kXSchedSuccess);
        CHECK(hwq == 0);
    }
    // What is found by name is what would be found without it: nothing.
    CHECK(dlsym(RTLD_DEFAULT, "cuLaunchKernel") == nullptr);
}

} // namespace

int main(int count, char **) {
    if (dlopen("libcuda.so.1", RTLD_NOW) != nullptr) {
        say("SKIPPED: there is a CUDA driver on this machine");
        return 77;
    }
    RUN(no_queue);
    if (count == 1) {
        again_with("XSCHED_CUDA_LIB", "/nonexistent/libcuda.so.1");
    }
    say("done");
    return 0;
}
