/*
 * A driver that is older than what the library would like to use: streams have the host gate, one line says
 * why, and everything else works. On the stand-in of CUDA 11.4.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "again.hpp"
#include "scheduler.hpp"

namespace {

void schedules_with_the_host_gate() {
    Ledger low_ledger;
    Ledger high_ledger;
    FreeStream low_stream;
    FreeStream high_stream;
    const Queue low(low_stream);
    const Queue high(high_stream);
    Blocker blocker;
    CHECK(!low.on_device());
    check_held(low_stream, low, low_ledger);
    schedule_by_priority();
    low.priority(1);
    high.priority(10);
    blocker.block(high_stream);
    std::thread launching = on_gpu([&] {
        for (int i = 0; i < 20; i++) {
            low_ledger.append(low_stream);
        }
    });
    if (scheduled()) {
        WAIT_FOR(low.stats().suspended == 1);
        CHECK_STANDS_STILL(low_ledger.count());
    }
    blocker.open();
    OK(cuStreamSynchronize(high_stream));
    launching.join();
    OK(cuCtxSynchronize());
    CHECK(low_ledger.complete());
    CHECK(low.stats().failed == 0 && high.stats().failed == 0);
}

/* The library has functions that this driver lacks; clients must not find them. */
void what_it_lacks() {
    void *driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD);
    CHECK(driver != nullptr);
    for (const char *name : {"cuStreamWaitValue32_v2", "cuLaunchKernelEx", "cuGetProcAddress_v2",
                             "cuLibraryUnload", "cuCtxSynchronize_v2", "cuMemcpyBatchAsync"}) {
        CHECK(dlsym(driver, name) == nullptr);
    }
    const auto look_up = reinterpret_cast<CUresult (*)(const char *, void **, int, cuuint64_t)>(
        dlsym(driver, "cuGetProcAddress"));
    void *function = nullptr;
    OK(look_up("cuStreamSynchronize", &function, 11030, 0));
    const int64_t before = hook_stats().calls;
    OK(reinterpret_cast<CUresult (*)(CUstream)>(function)(nullptr));
    CHECK(!scheduled() || hook_stats().calls == before + 1);
    say("a function that came later: %d", look_up("cuLaunchKernelEx", &function, 11040, 0));
    CHECK(dlclose(driver) == 0);
}

} // namespace

int main(int count, char **) {
    if (count == 1) {
        CHECK(lines_of_log("CUDA_TEST_CASE", "old_driver", "no device gate") == scheduled());
        return 0;
    }
    int version = 0;
    OK(cuDriverGetVersion(&version));
    CHECK(version == 11040);
    RUN(schedules_with_the_host_gate);
    RUN(what_it_lacks);
    return finish();
}
