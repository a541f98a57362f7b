/*
 * CudaQueueCreate and CudaQueueGet with everything that can be wrong, and with streams in every state.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "contexts.hpp"

namespace {

XResult create(HwQueueHandle *hwq, CUstream stream) {
    return XSCHED_FUNCTION(CudaQueueCreate)(hwq, stream);
}
XResult get(HwQueueHandle *hwq, CUstream stream) {
    return XSCHED_FUNCTION(CudaQueueGet)(hwq, stream);
}
bool says(const char *text) {
    return std::strstr(XSCHED_FUNCTION(XSchedLastErrorMessage)(), text) != nullptr;
}

void null_arguments() {
    FreeStream stream;
    CHECK(create(nullptr, stream) == kXSchedErrorInvalidValue);
    CHECK(says("CudaQueueCreate") && says("hwq"));
    CHECK(get(nullptr, stream) == kXSchedErrorInvalidValue);
    CHECK(says("CudaQueueGet") && says("hwq"));
}

void found_once_adopted() {
    FreeStream stream;
    HwQueueHandle first = 0;
    HwQueueHandle second = 0;
    CHECK(get(&first, stream) == kXSchedErrorNotFound);
    CHECK(first == 0);
    CHECK(create(&first, stream) == kXSchedSuccess);
    CHECK(create(&second, stream) == kXSchedSuccess);
    CHECK(first != 0 && second == first);
    second = 0;
    CHECK(get(&second, stream) == kXSchedSuccess);
    CHECK(second == first);
}

void special_streams() {
    HwQueueHandle null_stream = 0;
    HwQueueHandle legacy = 0;
    HwQueueHandle per_thread = 0;
    HwQueueHandle of_other_thread = 0;
    CHECK(create(&null_stream, nullptr) == kXSchedSuccess);
    CHECK(create(&legacy, CU_STREAM_LEGACY) == kXSchedSuccess);
    CHECK(create(&per_thread, CU_STREAM_PER_THREAD) == kXSchedSuccess);
    CHECK(null_stream == legacy && per_thread != legacy);
    on_gpu([&] { CHECK(create(&of_other_thread, CU_STREAM_PER_THREAD) == kXSchedSuccess); }).join();
    CHECK(of_other_thread != per_thread);
    Context other;
    HwQueueHandle there = 0;
    other.within([&] { CHECK(create(&there, nullptr) == kXSchedSuccess); });
    CHECK(there != null_stream);
}

void without_a_context() {
    FreeStream stream;
    std::thread([&] {
        HwQueueHandle hwq = 0;
        CHECK(create(&hwq, nullptr) == kXSchedErrorNotAllowed);
        CHECK(says("context"));
        CHECK(create(&hwq, CU_STREAM_PER_THREAD) == kXSchedErrorNotAllowed);
        CHECK(get(&hwq, nullptr) != kXSchedSuccess);
        CHECK(hwq == 0);
        // It has its own; but a driver may not even tell which.
        CUcontext context = nullptr;
        const bool told = cuStreamGetCtx(stream, &context) == CUDA_SUCCESS;
        CHECK(create(&hwq, stream) == (told ? kXSchedSuccess : kXSchedErrorHardware));
        CHECK((hwq != 0) == told);
    }).join();
}

/* Handles that are none any more; a real driver may crash over them. */
void stale_streams() {
    CUstream stream = nullptr;
    HwQueueHandle hwq = 0;
    OK(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
    CHECK(create(&hwq, stream) == kXSchedSuccess);
    OK(cuStreamDestroy(stream));
    HwQueueHandle found = 0;
    CHECK(get(&found, stream) == kXSchedErrorNotFound);
    if (on_stand_in()) {
        CHECK(create(&found, stream) == kXSchedErrorHardware);
        CHECK(says("400")); // CUDA_ERROR_INVALID_HANDLE
        CHECK(create(&found, reinterpret_cast<CUstream>(0x1234560)) == kXSchedErrorHardware);
    }
    CHECK(found == 0);
    XQueueHandle queue = 0;
    CHECK(XSCHED_FUNCTION(XQueueCreate)(&queue, hwq, kPreemptLevelBlock, kQueueCreateFlagNone) !=
          kXSchedSuccess);
}

void levels() {
    FreeStream stream;
    Stream blocking;
    HwQueueHandle hwq = 0;
    XQueueHandle queue = 0;
    CHECK(create(&hwq, stream) == kXSchedSuccess);
    XSCHED_OK(XQueueCreate, &queue, hwq, kPreemptLevelBlock, kQueueCreateFlagNone);
    const XResult level = XSCHED_FUNCTION(XQueueSetPreemptLevel)(queue, kPreemptLevelDeactivate);
    CHECK(level == (wants_device_gate() ? kXSchedSuccess : kXSchedErrorNotSupported));
    CHECK(XSCHED_FUNCTION(XQueueSetPreemptLevel)(queue, kPreemptLevelInterrupt) ==
          kXSchedErrorNotSupported);
    CHECK(create(&hwq, blocking) == kXSchedSuccess);
    XSCHED_OK(XQueueCreate, &queue, hwq, kPreemptLevelBlock, kQueueCreateFlagNone);
    CHECK(XSCHED_FUNCTION(XQueueSetPreemptLevel)(queue, kPreemptLevelDeactivate) ==
          kXSchedErrorNotSupported);
}

} // namespace

int main() {
    Gpu::use();
    if (scheduled()) {
        null_arguments();
        found_once_adopted();
        special_streams();
        without_a_context();
        stale_streams();
        levels();
    }
    OK(cuStreamSynchronize(nullptr));
    return finish();
}
