/*
 * However a client comes by the address of a function, calling it reaches the hooks: linked, found by name
 * with or without a version, or asked for at the driver itself, which answers by version and flags. So a
 * CUDA 13 caller gets what CUDA 13 declares. All other answers are the driver's own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "repeat.hpp"
#include "scheduler.hpp"

#include <array>
#include <map>
#include <string>

namespace {

using Synchronize = CUresult (*)(CUstream);
using LookUp = CUresult (*)(const char *, void **, int, cuuint64_t);
using LookUp2 = CUresult (*)(const char *, void **, int, cuuint64_t,
                             CUdriverProcAddressQueryResult *);

/* The driver's library; to be closed. */
void *driver_handle() {
    void *handle = dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD);
    if (handle == nullptr) {
        fail(__FILE__, __LINE__, dlerror());
    }
    return handle;
}

/* Calls the function and sees whether the hooks did. */
void reaches_the_hooks(const char *how, void *function) {
    const int64_t before = hook_stats().calls;
    CHECK(function != nullptr);
    OK(reinterpret_cast<Synchronize>(function)(nullptr));
    CHECK(!scheduled() || hook_stats().calls == before + 1);
    say("%s", how);
}

void linked() {
    reaches_the_hooks("linked", reinterpret_cast<void *>(&cuStreamSynchronize));
}

void by_name() {
    void *handle = driver_handle();
    reaches_the_hooks("dlsym on the handle", dlsym(handle, "cuStreamSynchronize"));
    reaches_the_hooks("dlsym by default", dlsym(RTLD_DEFAULT, "cuStreamSynchronize"));
    reaches_the_hooks("dlsym, per thread", dlsym(handle, "cuStreamSynchronize_ptsz"));
    CHECK(dlclose(handle) == 0);
}

/* What is not there is not found, and what no hook exists for is the driver's own. */
void nothing_else_changes() {
    void *handle = driver_handle();
    CHECK(dlsym(handle, "cuNoSuchFunction") == nullptr);
    CHECK(dlvsym(handle, "cuStreamSynchronize", "no_such_node") == nullptr);
    CHECK(dlsym(handle, "cuDriverGetVersion") == reinterpret_cast<void *>(&cuDriverGetVersion));
    CHECK(dlsym(RTLD_DEFAULT, "getpid") == reinterpret_cast<void *>(&getpid));
    CHECK(dlsym(nullptr, "no_such_symbol_anywhere") == nullptr);
    CHECK(dlerror() != nullptr);
    CHECK(dlclose(handle) == 0);
}

void asked_for() {
    void *function = nullptr;
    CUdriverProcAddressQueryResult status = CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
    OK(cuGetProcAddress("cuStreamSynchronize", &function, 12000, 0, &status));
    CHECK(status == CU_GET_PROC_ADDRESS_SUCCESS);
    reaches_the_hooks("cuGetProcAddress_v2", function);
    OK(cuGetProcAddress("cuStreamSynchronize", &function, 12000, 0, nullptr));
    reaches_the_hooks("cuGetProcAddress_v2 without a status", function);

    // As the runtime library does: the look-up function is looked up, in either generation, by itself.
    void *handle = driver_handle();
    const auto first = reinterpret_cast<LookUp>(dlsym(handle, "cuGetProcAddress"));
    const auto second = reinterpret_cast<LookUp2>(dlsym(handle, "cuGetProcAddress_v2"));
    OK(first("cuStreamSynchronize", &function, 11040, 0));
    reaches_the_hooks("cuGetProcAddress", function);
    OK(second("cuStreamSynchronize", &function, 12000, 0, &status));
    reaches_the_hooks("cuGetProcAddress_v2, found by name", function);
    OK(second("cuGetProcAddress", &function, 11040, 0, &status));
    OK(reinterpret_cast<LookUp>(function)("cuStreamSynchronize", &function, 11040, 0));
    reaches_the_hooks("cuGetProcAddress, asked for", function);
    OK(second("cuGetProcAddress", &function, 12000, 0, &status));
    OK(reinterpret_cast<LookUp2>(function)("cuStreamSynchronize", &function, 12000, 0, &status));
    reaches_the_hooks("cuGetProcAddress_v2, asked for", function);
    CHECK(dlclose(handle) == 0);
}

/* The name that this address has in the process, "" if it has none; the hooks' names are the driver's. */
std::string name_of(void *address) {
    Dl_info info{};
    if (dladdr(address, &info) == 0 || info.dli_sname == nullptr || info.dli_saddr != address) {
        return "";
    }
    return info.dli_sname;
}

/* Which function a caller gets is the driver's decision: the same one that it gets without the hooks. */
void by_version_and_flags() {
    int driver = 0;
    OK(cuDriverGetVersion(&driver));
    const char *const names[] = {
        "cuMemcpyHtoD",       "cuMemFree",           "cuCtxSynchronize",     "cuMemPrefetchAsync",
        "cuMemcpyBatchAsync", "cuStreamWaitValue32", "cuStreamBeginCapture", "cuEventRecord",
        "cuLaunchKernel",     "cuGetProcAddress",    "cuMemAlloc",           "cuStreamDestroy"};
    for (const char *name : names) {
        for (int version : {3000, 3020, 7000, 11040, 12000, 12080, 13000}) {
            if (version > driver) {
                continue; // drivers differ in what they make of that
            }
            for (cuuint64_t flags : {0, 1, 2}) {
                void *function = nullptr;
                CUdriverProcAddressQueryResult status = CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
                const CUresult code = cuGetProcAddress(name, &function, version, flags, &status);
                say("%s %d %d: %d %d %s", name, version, static_cast<int>(flags), code, status,
                    function == nullptr ? "none" : name_of(function).c_str());
            }
        }
    }
}

void refused() {
    int anything = 0;
    void *const untouched = &anything;
    void *function = untouched;
    CUdriverProcAddressQueryResult status = CU_GET_PROC_ADDRESS_SUCCESS;
    say("unknown: %d", cuGetProcAddress("cuNoSuchFunction", &function, 12000, 0, &status));
    say("status %d, %s", status, function == nullptr ? "none" : "some");
    say("by its symbol: %d", cuGetProcAddress("cuMemFree_v2", &function, 12000, 0, &status));
    say("status %d, %s", status, function == nullptr ? "none" : "some");
    say("too old: %d", cuGetProcAddress("cuLaunchKernelEx", &function, 11000, 0, &status));
    say("status %d, %s", status, function == nullptr ? "none" : "some");
    say("empty: %d", cuGetProcAddress("", &function, 0, 0, &status));
    function = untouched;
    say("bad flags: %d", cuGetProcAddress("cuMemFree", &function, 12000, 4, &status));
    CHECK(function == untouched);
    void *handle = driver_handle();
    const auto first = reinterpret_cast<LookUp>(dlsym(handle, "cuGetProcAddress"));
    say("unknown, by the old one: %d", first("cuNoSuchFunction", &function, 12000, 0));
    CHECK(function == untouched);
    CHECK(dlclose(handle) == 0);
}

/* cuCtxSynchronize of CUDA 13 takes a context: who asks for it gets that, and its context is synchronised. */
void caller_of_cuda_13() {
    int driver = 0;
    OK(cuDriverGetVersion(&driver));
    void *function = nullptr;
    if (driver < 13000) {
        say("an older driver");
        return;
    }
    OK(cuGetProcAddress("cuCtxSynchronize", &function, 13000, 0, nullptr));
    const auto synchronize = reinterpret_cast<CUresult (*)(CUcontext)>(function);
    Ledger ledger;
    FreeStream stream;
    const CUcontext context = Gpu::use().context;
    ledger.work(stream, 2000);
    std::thread([&] { OK(synchronize(context)); }).join(); // a thread without one
    CHECK(ledger.complete());
    EXPECT(CUDA_SUCCESS, synchronize(context));
}

/* A framework that starts asks for hundreds of functions; the answers stay the same, and nothing grows. */
void thousands_of_look_ups() {
    std::map<std::string, void *> answers;
    void *handle = driver_handle();
    repeat(1000, 1000, [&] {
        for (const char *name : {"cuLaunchKernel", "cuMemAlloc", "cuStreamSynchronize", "cuInit",
                                 "cuNoSuchFunction", "cuMemcpyDtoHAsync"}) {
            void *function = nullptr;
            OK(cuGetProcAddress(name, &function, 12000, 0, nullptr));
            const auto [answer, fresh] = answers.emplace(name, function);
            CHECK(fresh || answer->second == function);
            void *found = dlsym(handle, name);
            const auto [symbol, first] = answers.emplace(std::string("symbol ") + name, found);
            CHECK(first || symbol->second == found);
        }
    });
    CHECK(dlclose(handle) == 0);
}

} // namespace

int main() {
    Gpu::use();
    RUN(linked);
    RUN(by_name);
    RUN(nothing_else_changes);
    RUN(asked_for);
    RUN(by_version_and_flags);
    RUN(refused);
    RUN(caller_of_cuda_13);
    RUN(thousands_of_look_ups);
    return finish();
}
