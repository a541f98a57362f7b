/*
 * Every way to make, leave, synchronise and end a context, and to load and unload code in it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "contexts.hpp"
#include "coverage.hpp"

namespace {

/* Something runs in the calling thread's context, which is then ended by `end`. */
template <typename End>
void use_and_end(CUcontext context, End end) {
    Kernels kernels;
    CUstream stream = nullptr;
    OK(kernels.load());
    OK(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
    {
        Ledger ledger(kernels);
        ledger.append(stream);
        ledger.append(stream);
        succeeds<PFN_cuCtxSynchronize_v2000>("cuCtxSynchronize");
        CHECK(ledger.complete());
        ledger.append(stream);
        if (succeeds<PFN_cuCtxSynchronize_v13000>("cuCtxSynchronize_v2", context)) {
            CHECK(ledger.complete());
        }
        OK(cuCtxSynchronize());
    }
    const Queue queue(stream);
    CHECK(!scheduled() || queue.stats().commands > 0);
    end(context);
    CUcontext left = nullptr;
    OK(cuCtxGetCurrent(&left));
    CHECK(left != context);
}

void made_and_ended() {
    const CUdevice device = Gpu::use().device;
    const auto by = [](const char *symbol) {
        return [symbol](CUcontext context) { succeeds<PFN_cuCtxDestroy_v4000>(symbol, context); };
    };
    CUcontext context = nullptr;
    if (answers<PFN_cuCtxCreate_v3020>("cuCtxCreate", &context, 0, device)) {
        use_and_end(context, by("cuCtxDestroy_v2"));
    }
    succeeds<PFN_cuCtxCreate_v3020>("cuCtxCreate_v2", &context, 0, device);
    use_and_end(context, by("cuCtxDestroy"));
    succeeds<PFN_cuCtxCreate_v11040>("cuCtxCreate_v3", &context, nullptr, 0, 0, device);
    use_and_end(context, [](CUcontext context) {
        if (!answers<PFN_cuCtxDetach_v2000>("cuCtxDetach", context)) {
            OK(cuCtxDestroy(context));
        }
    });
    succeeds<PFN_cuCtxCreate_v12050>("cuCtxCreate_v4", &context, nullptr, 0, device);
    use_and_end(context, by("cuCtxDestroy_v2"));
}

/* In a process in which nobody else uses it. */
void primary() {
    CUdevice device = 0;
    CUcontext context = nullptr;
    OK(cuInit(0));
    OK(cuDeviceGet(&device, 0));
    for (const char *symbol : {"cuDevicePrimaryCtxRelease", "cuDevicePrimaryCtxRelease_v2",
                               "cuDevicePrimaryCtxReset", "cuDevicePrimaryCtxReset_v2"}) {
        succeeds<PFN_cuDevicePrimaryCtxRetain_v7000>("cuDevicePrimaryCtxRetain", &context, device);
        OK(cuCtxPushCurrent(context));
        use_and_end(context, [&](CUcontext) {
            succeeds<PFN_cuDevicePrimaryCtxRelease_v11000>(symbol, device);
            CUcontext popped = nullptr;
            static_cast<void>(cuCtxPopCurrent(&popped));
            unsigned flags = 0;
            int active = -1;
            OK(cuDevicePrimaryCtxGetState(device, &flags, &active));
            CHECK(active == 0);
        });
        if (std::string(symbol).find("Reset") != std::string::npos) {
            static_cast<void>(cuDevicePrimaryCtxRelease(device)); // what was retained
        }
    }
}

void limits_and_peers() {
    size_t limit = 0;
    const CUcontext context = Gpu::use().context;
    OK(cuCtxGetLimit(&limit, CU_LIMIT_PRINTF_FIFO_SIZE));
    succeeds<PFN_cuCtxSetLimit_v3010>("cuCtxSetLimit", CU_LIMIT_PRINTF_FIFO_SIZE, limit);
    answers<PFN_cuCtxEnablePeerAccess_v4000>("cuCtxEnablePeerAccess", context, 0);
    answers<PFN_cuCtxDisablePeerAccess_v4000>("cuCtxDisablePeerAccess", context);
}

void events_of_all_streams() {
    Event event;
    FreeStream stream;
    Ledger ledger;
    const CUcontext context = Gpu::use().context;
    ledger.work(stream, 500);
    if (answers<PFN_cuCtxRecordEvent_v12050>("cuCtxRecordEvent", context, event)) {
        OK(cuEventSynchronize(event));
        CHECK(ledger.complete());
    }
    answers<PFN_cuCtxWaitEvent_v12050>("cuCtxWaitEvent", context, event);
    OK(cuCtxSynchronize());
    CHECK(ledger.complete());
}

void modules_and_libraries() {
    Gpu::use();
    CUmodule module = nullptr;
    CUfunction function = nullptr;
    CUlibrary library = nullptr;
    CUkernel kernel = nullptr;
    FreeStream stream;
    succeeds<PFN_cuModuleLoadData_v2000>("cuModuleLoadData", &module, kernels_ptx);
    succeeds<PFN_cuModuleGetFunction_v2000>("cuModuleGetFunction", &function, module, "empty");
    OK(cuLaunchKernel(function, 1, 1, 1, 64, 1, 1, 0, stream, nullptr, nullptr));
    succeeds<PFN_cuModuleUnload_v2000>("cuModuleUnload", module);
    succeeds<PFN_cuModuleLoadDataEx_v2010>("cuModuleLoadDataEx", &module, kernels_ptx, 0, nullptr,
                                           nullptr);
    succeeds<PFN_cuModuleUnload_v2000>("cuModuleUnload", module);
    succeeds<PFN_cuLibraryLoadData_v12000>("cuLibraryLoadData", &library, kernels_ptx, nullptr,
                                           nullptr, 0, nullptr, nullptr, 0);
    succeeds<PFN_cuLibraryGetKernel_v12000>("cuLibraryGetKernel", &kernel, library, "empty");
    succeeds<PFN_cuKernelGetFunction_v12000>("cuKernelGetFunction", &function, kernel);
    OK(cuLaunchKernel(function, 1, 1, 1, 64, 1, 1, 0, stream, nullptr, nullptr));
    OK(cuStreamSynchronize(stream));
    succeeds<PFN_cuLibraryUnload_v12000>("cuLibraryUnload", library);
}

} // namespace

int main() {
    RUN(primary);
    RUN(made_and_ended);
    RUN(limits_and_peers);
    RUN(events_of_all_streams);
    RUN(modules_and_libraries);
    return finish();
}
