/*
 * Every launch function: each runs the next operation of one ledger, so each ran exactly once and in
 * its turn, with its arguments.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

namespace {

void kernels() {
    FreeStream stream;
    for (const Variant &each : taking(stream)) {
        Ledger ledger;
        CUfunction append = ledger.kernels().append_u32_function;
        succeeds<PFN_cuLaunchKernel_v4000>("cuLaunchKernel" + each, append, 1, 1, 1, 64, 1, 1, 0,
                                           each.stream, AppendArguments(ledger).addresses(),
                                           nullptr);
        succeeds<PFN_cuLaunchKernel_v4000>("cuLaunchKernel" + each, append, 1, 1, 1, 64, 1, 1, 0,
                                           each.stream, nullptr, AppendArguments(ledger).extra());
        succeeds<PFN_cuLaunchCooperativeKernel_v9000>("cuLaunchCooperativeKernel" + each, append, 1,
                                                      1, 1, 64, 1, 1, 0, each.stream,
                                                      AppendArguments(ledger).addresses());
        CUlaunchConfig config{1, 1, 1, 64, 1, 1, 0, each.stream, nullptr, 0};
        succeeds<PFN_cuLaunchKernelEx_v11060>("cuLaunchKernelEx" + each, &config, append,
                                              AppendArguments(ledger).addresses(), nullptr);
        CUlaunchAttribute attribute{};
        attribute.id = CU_LAUNCH_ATTRIBUTE_COOPERATIVE;
        attribute.value.cooperative = 1;
        config.attrs = &attribute;
        config.numAttrs = 1;
        succeeds<PFN_cuLaunchKernelEx_v11060>("cuLaunchKernelEx" + each, &config, append, nullptr,
                                              AppendArguments(ledger).extra());
        each.wait();
        CHECK(ledger.complete());
    }
}

/* A kernel of a library, and the function that it is in this context. */
void kernels_of_libraries() {
    Ledger ledger;
    FreeStream stream;
    CUlibrary library = nullptr;
    CUkernel kernel = nullptr;
    CUfunction function = nullptr;
    OK(cuLibraryLoadData(&library, kernels_ptx, nullptr, nullptr, 0, nullptr, nullptr, 0));
    OK(cuLibraryGetKernel(&kernel, library, "append_u32"));
    OK(cuKernelGetFunction(&function, kernel));
    OK(cuLaunchKernel(reinterpret_cast<CUfunction>(kernel), 1, 1, 1, 64, 1, 1, 0, stream,
                      AppendArguments(ledger).addresses(), nullptr));
    OK(cuLaunchKernel(function, 1, 1, 1, 64, 1, 1, 0, stream, AppendArguments(ledger).addresses(),
                      nullptr));
    OK(cuStreamSynchronize(stream));
    CHECK(ledger.complete());
    OK(cuLibraryUnload(library));
}

void on_several_devices() {
    Ledger ledger;
    FreeStream stream;
    AppendArguments arguments(ledger);
    CUDA_LAUNCH_PARAMS launch{
        ledger.kernels().append_u32_function, 1, 1, 1, 64, 1, 1, 0, stream, arguments.addresses()};
    if (!answers<PFN_cuLaunchCooperativeKernelMultiDevice_v9000>(
            "cuLaunchCooperativeKernelMultiDevice", &launch, 1, 0)) {
        ledger.untake_index(); // CUDA 13 has it no more
    }
    OK(cuStreamSynchronize(stream));
    CHECK(ledger.complete());
}

/* As programs launched before CUDA 4. */
void by_state_of_the_function() {
    FreeStream stream;
    CUfunction empty = Gpu::use().kernels.empty_function;
    answers<PFN_cuFuncSetBlockShape_v2000>("cuFuncSetBlockShape", empty, 64, 1, 1);
    answers<PFN_cuLaunch_v2000>("cuLaunch", empty);
    answers<PFN_cuLaunchGrid_v2000>("cuLaunchGrid", empty, 1, 1);
    answers<PFN_cuLaunchGridAsync_v2000>("cuLaunchGridAsync", empty, 1, 1, stream);
    OK(cuStreamSynchronize(stream));
    OK(cuStreamSynchronize(nullptr));
}

struct Calls {
    std::atomic<int> count{0};
};

void host_functions() {
    FreeStream stream;
    for (const Variant &each : taking(stream)) {
        Calls calls;
        succeeds<PFN_cuLaunchHostFunc_v10000>(
            "cuLaunchHostFunc" + each, each.stream,
            [](void *calls) { static_cast<Calls *>(calls)->count++; }, &calls);
        succeeds<PFN_cuStreamAddCallback_v5000>(
            "cuStreamAddCallback" + each, each.stream,
            [](CUstream, CUresult code, void *calls) {
                static_cast<Calls *>(calls)->count += code == CUDA_SUCCESS ? 10 : 1000;
            },
            &calls, 0);
        each.wait();
        CHECK(calls.count == 11);
    }
}

} // namespace

int main() {
    RUN(kernels);
    RUN(kernels_of_libraries);
    RUN(on_several_devices);
    RUN(by_state_of_the_function);
    RUN(host_functions);
    return finish();
}
