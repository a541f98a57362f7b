/*
 * However a client comes by the address of a function, calling it reaches the hooks: linked, found on
 * the library's handle with or without a version, or asked for at the runtime itself.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

namespace {

using Synchronize = hipError_t (*)(hipStream_t);

/* Calls the function and sees whether the hooks did. */
void reaches_the_hooks(const char *how, void *function) {
    const int64_t before = hook_stats().calls;
    CHECK(function != nullptr);
    OK(reinterpret_cast<Synchronize>(function)(nullptr));
    CHECK(!scheduled() || hook_stats().calls == before + 1);
    say("%s", how);
}

void linked() {
    reaches_the_hooks("linked", reinterpret_cast<void *>(&hipStreamSynchronize));
}

void by_name() {
    void *handle = runtime_handle();
    reaches_the_hooks("dlsym on the handle", dlsym(handle, "hipStreamSynchronize"));
    reaches_the_hooks("dlsym by default", dlsym(RTLD_DEFAULT, "hipStreamSynchronize"));
    reaches_the_hooks("dlvsym on the handle", dlvsym(handle, "hipStreamSynchronize", "hip_4.2"));
    reaches_the_hooks("dlvsym by default", dlvsym(RTLD_DEFAULT, "hipStreamSynchronize", "hip_4.2"));
    CHECK(dlclose(handle) == 0);
}

/* What is not there is not found, and what no hook exists for is the runtime's own. */
void nothing_else_changes() {
    void *handle = runtime_handle();
    CHECK(dlsym(handle, "hipNoSuchFunction") == nullptr);
    CHECK(dlvsym(handle, "hipStreamSynchronize", "hip_7.2") == nullptr);
    CHECK(dlvsym(handle, "hipStreamSynchronize", "no_such_node") == nullptr);
    CHECK(dlsym(handle, "hipsim_violations") == reinterpret_cast<void *>(&hipsim_violations));
    CHECK(dlsym(RTLD_DEFAULT, "getpid") == reinterpret_cast<void *>(&getpid));
    CHECK(dlsym(nullptr, "no_such_symbol_anywhere") == nullptr);
    CHECK(dlerror() != nullptr);
    CHECK(dlclose(handle) == 0);
}

void asked_for() {
    void *function = nullptr;
    hipDriverProcAddressQueryResult status = HIP_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
    OK(hipGetProcAddress("hipStreamSynchronize", &function, 700, 0, &status));
    CHECK(status == HIP_GET_PROC_ADDRESS_SUCCESS);
    reaches_the_hooks("hipGetProcAddress", function);

    // Found as Triton does: the look-up function is looked up itself.
    void *handle = runtime_handle();
    const auto look_up =
        reinterpret_cast<decltype(&hipGetProcAddress)>(dlsym(handle, "hipGetProcAddress"));
    OK(look_up("hipStreamSynchronize", &function, 700, 0, &status));
    reaches_the_hooks("hipGetProcAddress, looked up", function);
    CHECK(dlclose(handle) == 0);

    say("unknown name: %d", hipGetProcAddress("hipNoSuchFunction", &function, 700, 0, &status));
}

void asked_for_as_a_driver_entry_point() {
    void *function = nullptr;
    hipDriverEntryPointQueryResult status = hipDriverEntryPointSymbolNotFound;
    OK(hipGetDriverEntryPoint("hipStreamSynchronize", &function, hipEnableDefault, &status));
    CHECK(status == hipDriverEntryPointSuccess);
    reaches_the_hooks("hipGetDriverEntryPoint", function);
    OK(hipGetDriverEntryPoint_spt("hipStreamSynchronize", &function, hipEnableDefault, &status));
    CHECK(status == hipDriverEntryPointSuccess);
    reaches_the_hooks("hipGetDriverEntryPoint_spt", function);
    say("unknown name: %d",
        hipGetDriverEntryPoint("hipNoSuchFunction", &function, hipEnableDefault, &status));
}

} // namespace

int main() {
    RUN(linked);
    RUN(by_name);
    RUN(nothing_else_changes);
    if (HAS(hipGetProcAddress)) {
        RUN(asked_for);
    }
    if (HAS(hipGetDriverEntryPoint)) {
        RUN(asked_for_as_a_driver_entry_point);
    }
    return finish();
}
