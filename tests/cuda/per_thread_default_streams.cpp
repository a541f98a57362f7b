/*
 * CU_STREAM_PER_THREAD is another stream in every thread: ordered by itself, ordered with the null
 * stream, a queue of its own; and code compiled for per-thread default streams means it by NULL.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

void ordered_in_each_thread() {
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; i++) {
        threads.push_back(on_gpu([] {
            Ledger ledger;
            for (int j = 0; j < 50; j++) {
                ledger.append(CU_STREAM_PER_THREAD);
            }
            OK(cuStreamSynchronize(CU_STREAM_PER_THREAD));
            CHECK(ledger.complete());
        }));
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
}

/* One thread's is blocked; another thread's goes on. */
void independent_of_each_other() {
    Ledger ledger; // to be freed when nothing is blocked: freeing waits for all streams
    Blocker blocker;
    blocker.block(CU_STREAM_PER_THREAD);
    EXPECT(CUDA_ERROR_NOT_READY, cuStreamQuery(CU_STREAM_PER_THREAD));
    on_gpu([&ledger] {
        OK(cuStreamQuery(CU_STREAM_PER_THREAD));
        ledger.append(CU_STREAM_PER_THREAD);
        OK(cuStreamSynchronize(CU_STREAM_PER_THREAD));
        CHECK(ledger.complete());
    }).join();
    EXPECT(CUDA_ERROR_NOT_READY, cuStreamQuery(CU_STREAM_PER_THREAD));
    blocker.open();
    OK(cuStreamSynchronize(CU_STREAM_PER_THREAD));
}

void ordered_with_the_null_stream() {
    Ledger ledger;
    for (int i = 0; i < 50; i++) {
        ledger.work(CU_STREAM_PER_THREAD, 50);
        ledger.append(nullptr);
    }
    OK(cuStreamSynchronize(nullptr));
    CHECK(ledger.complete());
}

/* The ..._ptsz entry points by NULL, and the value CU_STREAM_PER_THREAD, are the same stream. */
void entry_points_of_per_thread_code() {
    Ledger ledger;
    void *function = nullptr;
    OK(cuGetProcAddress("cuLaunchKernel", &function, 12000,
                        CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM, nullptr));
    const auto launch = reinterpret_cast<decltype(&cuLaunchKernel)>(function);
    const Queue queue(CU_STREAM_PER_THREAD);
    const int64_t before = queue.stats().commands;
    for (int i = 0; i < 50; i++) {
        AppendArguments arguments(ledger);
        OK(launch(ledger.kernels().append_u32_function, 1, 1, 1, 64, 1, 1, 0,
                  i % 2 == 0 ? nullptr : CU_STREAM_PER_THREAD, arguments.addresses(), nullptr));
        ledger.append(CU_STREAM_PER_THREAD);
    }
    OK(cuStreamSynchronize(CU_STREAM_PER_THREAD));
    CHECK(ledger.complete());
    CHECK(!scheduled() || queue.stats().commands == before + 100);

    // CU_STREAM_LEGACY is the null stream there, too.
    AppendArguments arguments(ledger);
    OK(launch(ledger.kernels().append_u32_function, 1, 1, 1, 64, 1, 1, 0, CU_STREAM_LEGACY,
              arguments.addresses(), nullptr));
    OK(cuStreamSynchronize(CU_STREAM_LEGACY));
    CHECK(ledger.complete());
    CHECK(!scheduled() || queue.stats().commands == before + 100);
}

void held_alone() {
    Ledger ledger;
    Ledger other_ledger;
    const Queue queue(CU_STREAM_PER_THREAD);
    OK(cuStreamSynchronize(CU_STREAM_PER_THREAD));
    queue.suspend();
    on_gpu([&] {
        // Not this thread's: neither its per-thread stream nor another stream is held.
        other_ledger.append(CU_STREAM_PER_THREAD);
        other_ledger.append(CU_STREAM_PER_THREAD);
        OK(cuStreamSynchronize(CU_STREAM_PER_THREAD));
        CHECK(other_ledger.complete());
    }).join();
    queue.resume();
    ledger.append(CU_STREAM_PER_THREAD);
    OK(cuStreamSynchronize(CU_STREAM_PER_THREAD));
    CHECK(ledger.complete());
}

/* Another thread finds it idle when its own thread launches no more, or is gone. */
void idle_without_its_thread() {
    Ledger low_ledger;
    Ledger high_ledger;
    FreeStream low_stream;
    const Queue low(low_stream);
    schedule_by_priority();
    low.priority(1);
    std::atomic<bool> stop{false};
    std::atomic<int> rounds{0};
    std::thread stays = on_gpu([&] {
        const Queue high(CU_STREAM_PER_THREAD);
        high.priority(10);
        for (; rounds < 3; rounds++) {
            high_ledger.append(CU_STREAM_PER_THREAD);
        }
        WAIT_FOR(stop.load()); // without ever waiting for its stream
    });
    WAIT_FOR(rounds == 3);
    on_gpu([&] {
        const Queue high(CU_STREAM_PER_THREAD);
        high.priority(10);
        Ledger ledger;
        ledger.append(CU_STREAM_PER_THREAD);
        OK(cuStreamSynchronize(CU_STREAM_PER_THREAD));
        CHECK(ledger.complete());
    }).join();
    for (int i = 0; i < 50; i++) {
        low_ledger.append(low_stream); // would be held for ever otherwise
    }
    OK(cuStreamSynchronize(low_stream));
    CHECK(low_ledger.complete());
    stop = true;
    stays.join();
    OK(cuCtxSynchronize());
    CHECK(high_ledger.complete());
}

} // namespace

int main() {
    RUN(ordered_in_each_thread);
    RUN(independent_of_each_other);
    RUN(ordered_with_the_null_stream);
    RUN(entry_points_of_per_thread_code);
    RUN(held_alone);
    RUN(idle_without_its_thread);
    return finish();
}
