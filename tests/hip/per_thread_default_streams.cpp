/*
 * hipStreamPerThread is another stream in every thread: ordered by itself, ordered with the null
 * stream, a queue of its own; and code compiled for per-thread default streams means it by NULL.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

void ordered_in_each_thread() {
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; i++) {
        threads.emplace_back([] {
            Ledger ledger;
            for (int j = 0; j < 50; j++) {
                ledger.append(hipStreamPerThread);
            }
            OK(hipStreamSynchronize(hipStreamPerThread));
            CHECK(ledger.complete());
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }
}

/* One thread's is blocked; another thread's goes on. */
void independent_of_each_other() {
    Ledger ledger; // to be freed when nothing is blocked: freeing waits for all streams
    Blocker blocker;
    blocker.block(hipStreamPerThread);
    EXPECT(hipErrorNotReady, hipStreamQuery(hipStreamPerThread));
    std::thread([&ledger] {
        OK(hipStreamQuery(hipStreamPerThread));
        ledger.append(hipStreamPerThread);
        OK(hipStreamSynchronize(hipStreamPerThread));
        CHECK(ledger.complete());
    }).join();
    EXPECT(hipErrorNotReady, hipStreamQuery(hipStreamPerThread));
    blocker.open();
    OK(hipStreamSynchronize(hipStreamPerThread));
}

void ordered_with_the_null_stream() {
    Ledger ledger;
    for (int i = 0; i < 50; i++) {
        ledger.work(hipStreamPerThread, 50);
        ledger.append(nullptr);
    }
    OK(hipStreamSynchronize(nullptr));
    CHECK(ledger.complete());
}

/* The ..._spt entry points, by either value of the default stream, and the value 2 are the same stream. */
void entry_points_of_per_thread_code() {
    Ledger ledger;
    const Queue queue(hipStreamPerThread);
    const int64_t before = queue.stats().commands;
    for (int i = 0; i < 50; i++) {
        Ledger::Page *page = ledger.page();
        uint32_t index = ledger.take_index();
        void *arguments[] = {&page, &index};
        OK(hipLaunchKernel_spt(host_function(kAppend), dim3(1), dim3(64), arguments, 0,
                               i % 2 == 0 ? nullptr : hipStreamLegacy));
        ledger.append(hipStreamPerThread);
    }
    OK(hipStreamSynchronize_spt(nullptr));
    CHECK(ledger.complete());
    CHECK(!scheduled() || queue.stats().commands == before + 100);
}

void held_alone() {
    Ledger ledger;
    Ledger other_ledger;
    const Queue queue(hipStreamPerThread);
    OK(hipStreamSynchronize(hipStreamPerThread));
    queue.suspend();
    std::thread([&] {
        // Not this thread's: neither its per-thread stream nor another stream is held.
        other_ledger.append(hipStreamPerThread);
        other_ledger.append(hipStreamPerThread);
        OK(hipStreamSynchronize(hipStreamPerThread));
        CHECK(other_ledger.complete());
    }).join();
    queue.resume();
    ledger.append(hipStreamPerThread);
    OK(hipStreamSynchronize(hipStreamPerThread));
    CHECK(ledger.complete());
}

/* Another thread finds it idle when its own thread launches no more, or is gone. */
void idle_without_its_thread() {
    Ledger low_ledger;
    Ledger high_ledger;
    Stream low_stream(hipStreamNonBlocking);
    const Queue low(low_stream);
    schedule_by_priority();
    low.priority(1);
    std::atomic<bool> stop{false};
    std::atomic<int> rounds{0};
    std::thread stays([&] {
        const Queue high(hipStreamPerThread);
        high.priority(10);
        for (; rounds < 3; rounds++) {
            high_ledger.append(hipStreamPerThread);
        }
        WAIT_FOR(stop.load()); // without ever waiting for its stream
    });
    WAIT_FOR(rounds == 3);
    std::thread([&] {
        const Queue high(hipStreamPerThread);
        high.priority(10);
        Ledger ledger;
        ledger.append(hipStreamPerThread);
        OK(hipStreamSynchronize(hipStreamPerThread));
        CHECK(ledger.complete());
    }).join();
    for (int i = 0; i < 50; i++) {
        low_ledger.append(low_stream); // would be held for ever otherwise
    }
    OK(hipStreamSynchronize(low_stream));
    CHECK(low_ledger.complete());
    stop = true;
    stays.join();
    OK(hipDeviceSynchronize());
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
