/*
 * A library that uses CUDA, for programs that load one. It has kernels of its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

/* Uses the first device from nothing to nothing: nobody else needs to have initialised the driver. */
extern "C" void library_use() {
    CUdevice device = 0;
    CUcontext context = nullptr;
    Kernels kernels;
    CUstream stream = nullptr;
    OK(cuInit(0));
    OK(cuDeviceGet(&device, 0));
    OK(cuDevicePrimaryCtxRetain(&context, device));
    OK(cuCtxPushCurrent(context));
    OK(kernels.load());
    OK(cuStreamCreate(&stream, CU_STREAM_DEFAULT));
    {
        Ledger ledger(kernels);
        for (int i = 0; i < 5; i++) {
            ledger.append(stream);
            ledger.append(nullptr);
        }
        OK(cuStreamSynchronize(nullptr));
        CHECK(ledger.complete());
    }
    OK(cuStreamDestroy(stream));
    OK(kernels.unload());
    OK(cuCtxPopCurrent(nullptr));
    OK(cuDevicePrimaryCtxRelease(device));
}

extern "C" CUstream library_create_stream() {
    CUstream stream = nullptr;
    OK(cuStreamCreate(&stream, CU_STREAM_DEFAULT));
    return stream;
}

extern "C" void library_destroy_stream(CUstream stream) {
    OK(cuStreamDestroy(stream));
}

extern "C" int library_finish() {
    return finish();
}
