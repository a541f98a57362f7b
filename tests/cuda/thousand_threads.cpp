/*
 * Threads that come and go, each with a default stream of its own, leave nothing behind.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "repeat.hpp"
#include "scheduler.hpp"

#include <malloc.h>

namespace {

constexpr int kAtOnce = 10;

void threads_at_once() {
    std::vector<std::thread> threads;
    for (int i = 0; i < kAtOnce; i++) {
        threads.push_back(on_gpu([] {
            Ledger ledger;
            ledger.append(CU_STREAM_PER_THREAD);
            ledger.append(nullptr);
            ledger.append(CU_STREAM_PER_THREAD);
            OK(cuStreamSynchronize(CU_STREAM_PER_THREAD));
            CHECK(ledger.complete());
        }));
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
}

} // namespace

int main() {
    mallopt(M_ARENA_MAX, 1); // each thread's own arena would be noise
    Gpu::use();
    const int64_t queues = hook_stats().queues;
    repeat(400, 20, threads_at_once);
    // Queues of ended threads are forgotten, except those that nobody has looked for since.
    CHECK(hook_stats().queues <= queues + kAtOnce + 1);
    return finish();
}
