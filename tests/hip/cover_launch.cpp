/*
 * Every launch function: each runs the next operation of one ledger, so each ran exactly once and in
 * its turn, with its arguments.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

namespace {

/* The arguments of the next operation, as an array of addresses and as one block. */
class Arguments {
  public:
    explicit Arguments(Ledger &ledger) : block_{ledger.page(), ledger.take_index()} {}

    void **addresses() { return addresses_; }
    void **extra() { return extra_; }

  private:
    struct {
        Ledger::Page *page;
        uint32_t index;
    } block_;
    size_t bytes_ = sizeof block_;
    void *addresses_[2] = {&block_.page, &block_.index};
    void *extra_[5] = {HIP_LAUNCH_PARAM_BUFFER_POINTER, &block_, HIP_LAUNCH_PARAM_BUFFER_SIZE,
                       &bytes_, HIP_LAUNCH_PARAM_END};
};

const void *const append = host_function(kAppend);
constexpr dim3 kGrid(2);
constexpr dim3 kBlock(64);

void by_host_function() {
    Ledger ledger;
    Stream stream;
    hipEvent_t start = nullptr;
    hipEvent_t stop = nullptr;
    OK(hipEventCreate(&start));
    OK(hipEventCreate(&stop));

    SUCCEEDS(hipLaunchKernel)(append, kGrid, kBlock, Arguments(ledger).addresses(), 0, stream);
    SUCCEEDS(hipExtLaunchKernel)
    (append, kGrid, kBlock, Arguments(ledger).addresses(), 0, stream, start, stop, 0);
    SUCCEEDS(hipLaunchCooperativeKernel)
    (append, kGrid, kBlock, Arguments(ledger).addresses(), 0, stream);
    if (HAS(hipLaunchKernelExC)) {
        hipLaunchConfig_t config{kGrid, kBlock, 0, stream, nullptr, 0};
        SUCCEEDS(hipLaunchKernelExC)(&config, append, Arguments(ledger).addresses());
    }
    Arguments one(ledger);
    hipLaunchParams params{const_cast<void *>(append), kGrid, kBlock, one.addresses(), 0, stream};
    SUCCEEDS(hipLaunchCooperativeKernelMultiDevice)(&params, 1, 0u);
    Arguments other(ledger);
    params.args = other.addresses();
    SUCCEEDS(hipExtLaunchMultiKernelMultiDevice)(&params, 1, 0u);

    float ms = -1;
    OK(hipEventSynchronize(stop));
    OK(hipEventElapsedTime(&ms, start, stop));
    CHECK(ms >= 0);
    OK(hipStreamSynchronize(stream));
    CHECK(ledger.complete());
    OK(hipEventDestroy(start));
    OK(hipEventDestroy(stop));
}

/* What compilers emitted before hipLaunchKernel: the configuration is kept per thread. */
void by_configured_call() {
    Ledger ledger;
    Stream stream;
    Ledger::Page *page = ledger.page();
    const uint32_t index = ledger.take_index();
    SUCCEEDS(hipConfigureCall)(kGrid, kBlock, 0, stream);
    SUCCEEDS(hipSetupArgument)(&page, sizeof page, 0);
    SUCCEEDS(hipSetupArgument)(&index, sizeof index, sizeof page);
    SUCCEEDS(hipLaunchByPtr)(append);
    OK(hipStreamSynchronize(stream));
    CHECK(ledger.complete());
}

void by_module_function() {
    Ledger ledger;
    Stream stream;
    hipModule_t module = nullptr;
    hipFunction_t function = nullptr;
    OK(hipModuleLoadData(&module, &image));
    OK(hipModuleGetFunction(&function, module, "append"));

    SUCCEEDS(hipModuleLaunchKernel)
    (function, 2, 1, 1, 64, 1, 1, 0, stream, Arguments(ledger).addresses(), nullptr);
    SUCCEEDS(hipModuleLaunchKernel)
    (function, 2, 1, 1, 64, 1, 1, 0, stream, nullptr, Arguments(ledger).extra());
    SUCCEEDS_AS("_Z24hipExtModuleLaunchKernelP18ihipModuleSymbol_tjjjjjjmP12ihipStream_tPPvS4_P11"
                "ihipEvent_tS6_j",
                hipExtModuleLaunchKernelCxx)
    (function, 128, 1, 1, 64, 1, 1, 0, stream, Arguments(ledger).addresses(), nullptr, nullptr,
     nullptr, 0);
    SUCCEEDS_AS("_Z24hipHccModuleLaunchKernelP18ihipModuleSymbol_tjjjjjjmP12ihipStream_tPPvS4_P11"
                "ihipEvent_tS6_",
                hipHccModuleLaunchKernelCxx)
    (function, 128, 1, 1, 64, 1, 1, 0, stream, Arguments(ledger).addresses(), nullptr, nullptr,
     nullptr);
    if (HAS(hipExtModuleLaunchKernel)) {
        SUCCEEDS(hipExtModuleLaunchKernel)
        (function, 128, 1, 1, 64, 1, 1, 0, stream, Arguments(ledger).addresses(), nullptr, nullptr,
         nullptr, 0);
        SUCCEEDS(hipHccModuleLaunchKernel)
        (function, 128, 1, 1, 64, 1, 1, 0, stream, Arguments(ledger).addresses(), nullptr, nullptr,
         nullptr);
    }
    if (HAS(hipModuleLaunchCooperativeKernel)) {
        SUCCEEDS(hipModuleLaunchCooperativeKernel)
        (function, 2, 1, 1, 64, 1, 1, 0, stream, Arguments(ledger).addresses());
        Arguments arguments(ledger);
        hipFunctionLaunchParams params{function, 2, 1, 1,      64,
                                       1,        1, 0, stream, arguments.addresses()};
        SUCCEEDS(hipModuleLaunchCooperativeKernelMultiDevice)(&params, 1u, 0u);
    }
    if (HAS(hipDrvLaunchKernelEx)) {
        HIP_LAUNCH_CONFIG config{2, 1, 1, 64, 1, 1, 0, stream, nullptr, 0};
        SUCCEEDS(hipDrvLaunchKernelEx)(&config, function, Arguments(ledger).addresses(), nullptr);
    }
    OK(hipStreamSynchronize(stream));
    CHECK(ledger.complete());
    OK(hipModuleUnload(module));
}

/* There the null stream means the thread's own. */
void per_thread_default_stream() {
    Ledger ledger;
    SUCCEEDS(hipLaunchKernel_spt)(append, kGrid, kBlock, Arguments(ledger).addresses(), 0, nullptr);
    SUCCEEDS(hipLaunchCooperativeKernel_spt)
    (append, kGrid, kBlock, Arguments(ledger).addresses(), 0, nullptr);
    OK(hipStreamSynchronize(hipStreamPerThread));
    CHECK(ledger.complete());
}

/* ROCm 5.2 exports what its headers once launched kernels by. */
void old_cpp_name() {
    Ledger ledger;
    const char *symbol = "_ZN8hip_impl22hipLaunchKernelGGLImplEmRK4dim3S2_jP12ihipStream_tPPv";
    if (!present(symbol)) {
        say("%s: absent", symbol);
        return;
    }
    Arguments arguments(ledger);
    hip_impl::hipLaunchKernelGGLImpl(reinterpret_cast<uintptr_t>(append), kGrid, kBlock, 0, nullptr,
                                     arguments.extra());
    say("%s: 0", symbol);
    OK(hipDeviceSynchronize());
    CHECK(ledger.complete());
}

} // namespace

int main() {
    RUN(by_host_function);
    RUN(by_configured_call);
    RUN(by_module_function);
    RUN(per_thread_default_stream);
    RUN(old_cpp_name);
    return finish();
}
