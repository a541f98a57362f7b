/*
 * Another library that hooks dlsym is preloaded, in front of libxsched and behind it: both are asked, neither
 * asks the other for ever, and what a client finds reaches the hooks. This program runs itself with each.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "again.hpp"
#include "scheduler.hpp"

namespace {

void found_by_name() {
    void *driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD);
    CHECK(driver != nullptr);
    const auto count = reinterpret_cast<long (*)()>(dlsym(RTLD_DEFAULT, "neighbour_count"));
    CHECK(count != nullptr);
    const long before = count();

    // As the runtime library does.
    const auto look_up =
        reinterpret_cast<decltype(&cuGetProcAddress)>(dlsym(driver, "cuGetProcAddress_v2"));
    CHECK(look_up != nullptr);
    void *asked = nullptr;
    OK(look_up("cuStreamSynchronize", &asked, 12000, 0, nullptr));
    for (void *function : {dlsym(driver, "cuStreamSynchronize"), asked}) {
        const int64_t calls = hook_stats().calls;
        CHECK(function != nullptr);
        OK(reinterpret_cast<CUresult (*)(CUstream)>(function)(nullptr));
        CHECK(!scheduled() || hook_stats().calls == calls + 1);
    }
    CHECK(dlsym(driver, "cuNoSuchFunction") == nullptr);
    say("the neighbour was asked: %s", count() > before ? "yes" : "no");
    CHECK(dlclose(driver) == 0);
}

void schedules() {
    LowAndHigh pair;
    check_held(pair.low_stream, pair.low, pair.low_ledger);
    pair.high_ledger.append(pair.high_stream);
    pair.end();
}

} // namespace

int main(int count, char **arguments) {
    if (std::getenv("CUDA_TEST_CASE") == nullptr) {
        CHECK(count == 2);
        const char *ours = std::getenv("LD_PRELOAD");
        const std::string neighbour = arguments[1];
        setenv("CUDA_TEST_CASE", "again", 1);
        for (bool in_front : {true, false}) {
            std::string both = neighbour;
            if (ours != nullptr) {
                both = in_front ? neighbour + ":" + ours : ours + (":" + neighbour);
            }
            say("%s", in_front ? "in front" : "behind");
            CHECK(ended_well(wait_for_child(start_again("LD_PRELOAD", both.c_str()))));
        }
        return 0;
    }
    Gpu::use();
    OK(cuStreamSynchronize(nullptr));
    RUN(found_by_name);
    RUN(schedules);
    return finish();
}
