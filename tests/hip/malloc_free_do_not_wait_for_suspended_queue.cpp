/*
 * While a queue is suspended and a thread may stand at its gate, memory can be allocated and freed:
 * the driver waits for what was launched, and nobody waits for the rest. This would hang otherwise.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

void allocate_and_free() {
    for (int i = 0; i < 10; i++) {
        void *memory = nullptr;
        OK(hipMalloc(&memory, 4096));
        OK(hipFree(memory));
        OK(hipHostMalloc(&memory, 4096, hipHostMallocDefault));
        OK(hipHostFree(memory));
    }
}

void suspended_by_the_application() {
    Ledger ledger;
    Stream stream(hipStreamNonBlocking);
    std::atomic<bool> returned{false};
    const Queue queue(stream);
    CHECK(queue.on_device() == wants_device_gate());
    for (int i = 0; i < 5; i++) {
        ledger.work(stream, 200);
    }
    OK(hipStreamSynchronize(stream));
    check_held(stream, queue, ledger); // from the first suspension on its launches can be held
    queue.suspend();
    std::thread launching([&] {
        for (int i = 0; i < 5; i++) {
            ledger.append(stream);
        }
        returned = true;
    });
    if (queue.on_device()) {
        // They stand behind a closed gate, for which the driver would wait; freeing lets them through.
        WAIT_FOR(returned.load());
        CHECK_STANDS_STILL(ledger.count());
        allocate_and_free();
        CHECK(ledger.complete());
    }
    allocate_and_free();
    OK(hipDeviceSynchronize());
    queue.resume();
    launching.join();
    OK(hipStreamSynchronize(stream));
    CHECK(ledger.complete());
}

/* The thread of the important queue allocates; it must not wait for the one that it holds back. */
void suspended_by_the_policy() {
    Ledger low_ledger;
    Ledger high_ledger;
    Stream low_stream(hipStreamNonBlocking);
    Stream high_stream(hipStreamNonBlocking);
    const Queue low(low_stream);
    const Queue high(high_stream);
    schedule_by_priority();
    low.priority(1);
    high.priority(10);
    std::thread launching([&] {
        for (int i = 0; i < 100; i++) {
            low_ledger.work(low_stream, 100);
        }
    });
    for (int i = 0; i < 10; i++) {
        high_ledger.append(high_stream);
        allocate_and_free();
        high_ledger.append(high_stream);
        OK(hipStreamSynchronize(high_stream));
        CHECK(high_ledger.complete());
    }
    launching.join();
    OK(hipStreamSynchronize(low_stream));
    CHECK(low_ledger.complete());
}

} // namespace

int main() {
    RUN(suspended_by_the_application);
    RUN(suspended_by_the_policy);
    return finish();
}
