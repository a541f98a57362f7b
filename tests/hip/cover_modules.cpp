/*
 * Every function that takes code or the whole device away, which waits for what still runs; and the
 * look-up of per-thread entry points.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

namespace {

/* Work of a module is still running when it is unloaded: unloading has to wait. */
void unload_a_module() {
    Ledger ledger;
    Stream stream;
    hipModule_t module = nullptr;
    hipFunction_t function = nullptr;
    OK(hipModuleLoadData(&module, &image));
    OK(hipModuleGetFunction(&function, module, "work"));
    Ledger::Page *page = ledger.page();
    uint32_t index = ledger.take_index();
    uint32_t us = 2000;
    void *arguments[] = {&page, &index, &us};
    OK(hipModuleLaunchKernel(function, 1, 1, 1, 64, 1, 1, 0, stream, arguments, nullptr));
    SUCCEEDS(hipModuleUnload)(module);
    OK(hipStreamSynchronize(stream));
    CHECK(ledger.complete());
    REFUSED(hipModuleUnload)(nullptr);
    REFUSED(hipLibraryUnload)(nullptr);
}

/* As a compiler's module constructor and destructor would, in a library of its own. */
void unregister_a_library() {
    static const hipsim_fat_binary binary = {HIPSIM_FAT_MAGIC, 1, &image, nullptr};
    static void *managed = nullptr;
    uint32_t initial = 5;
    void **module = __hipRegisterFatBinary(&binary);
    __hipRegisterManagedVar(module, &managed, &initial, "table", sizeof initial, alignof(uint32_t));
    say("__hipRegisterManagedVar: 0");
    __hipUnregisterFatBinary(module);
    say("__hipUnregisterFatBinary: 0");
}

void look_up_a_per_thread_function() {
    if (!HAS(hipGetDriverEntryPoint_spt)) {
        say("hipGetDriverEntryPoint_spt: absent");
        return;
    }
    Ledger ledger;
    void *function = nullptr;
    hipDriverEntryPointQueryResult found = hipDriverEntryPointSymbolNotFound;
    SUCCEEDS(hipGetDriverEntryPoint_spt)
    ("hipStreamSynchronize", &function, hipEnableDefault, &found);
    CHECK(found == hipDriverEntryPointSuccess && function != nullptr);
    ledger.append(hipStreamPerThread);
    OK(reinterpret_cast<hipError_t (*)(hipStream_t)>(function)(nullptr));
    OK(hipStreamSynchronize(hipStreamPerThread));
    CHECK(ledger.complete());
}

void contexts_and_limits() {
    hipCtx_t context = nullptr;
    OK(hipDevicePrimaryCtxRetain(&context, 0));
    SUCCEEDS(hipDevicePrimaryCtxRelease)(0);
    REFUSED(hipCtxDestroy)(nullptr);
    REFUSED(hipDevicePrimaryCtxReset)(1000);
    REFUSED(hipDeviceSetLimit)(static_cast<hipLimit_t>(1000), 1);
}

/* Last: nothing that was allocated before is valid afterwards. */
void reset() {
    {
        Ledger ledger;
        for (int i = 0; i < 10; i++) {
            ledger.append(nullptr);
        }
        OK(hipDeviceSynchronize());
        CHECK(ledger.complete());
    }
    SUCCEEDS(hipDeviceReset)();
    Ledger ledger;
    ledger.append(nullptr);
    OK(hipDeviceSynchronize());
    CHECK(ledger.complete());
}

} // namespace

int main() {
    RUN(unload_a_module);
    RUN(unregister_a_library);
    RUN(look_up_a_per_thread_function);
    RUN(contexts_and_limits);
    RUN(reset);
    return finish();
}
