/*
 * Two contexts of one device share it: a queue of one holds those of the other. Null streams are two, and
 * so is everything that a context owns.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "contexts.hpp"

namespace {

void null_streams_are_independent() {
    Context other;
    Ledger ledger;
    Ledger other_ledger(other.kernels());
    const Queue queue(nullptr);
    ledger.append(nullptr);
    OK(cuStreamSynchronize(nullptr));
    queue.suspend();
    other.within([&] {
        other_ledger.append(nullptr);
        other_ledger.append(CU_STREAM_PER_THREAD);
        OK(cuStreamSynchronize(nullptr));
        CHECK(other_ledger.complete());
        CHECK(!scheduled() || Queue(nullptr).handle() != queue.handle());
    });
    queue.resume();
    ledger.append(nullptr);
    OK(cuStreamSynchronize(nullptr));
    CHECK(ledger.complete());
}

/* Synchronising one says nothing of the other. */
void synchronised_by_themselves() {
    Context other;
    Ledger ledger;
    Ledger other_ledger(other.kernels());
    FreeStream stream;
    CUstream other_stream = other.create_stream();
    Blocker blocker;
    blocker.block(stream);
    ledger.append(stream);
    other.within([&] {
        other_ledger.append(other_stream);
        OK(cuCtxSynchronize());
        CHECK(other_ledger.complete());
    });
    CHECK(ledger.count() == 0);
    CHECK(!scheduled() || Queue(stream).stats().in_flight > 0);
    blocker.open();
    OK(cuCtxSynchronize());
    CHECK(ledger.complete());
    other.within([&] { OK(cuStreamDestroy(other_stream)); });
}

void one_holds_the_other() {
    Context other;
    Ledger low_ledger(other.kernels());
    Ledger high_ledger;
    Blocker blocker;
    FreeStream high_stream;
    CUstream low_stream = other.create_stream();
    const Queue low(low_stream); // from a thread in another context
    const Queue high(high_stream);
    CHECK(low.on_device() == wants_device_gate());
    check_held_in(other, low_stream, low, low_ledger);
    schedule_by_priority();
    low.priority(1);
    high.priority(10);
    blocker.block(high_stream);
    high_ledger.append(high_stream);
    std::thread launching([&] {
        other.within([&] {
            for (int i = 0; i < 10; i++) {
                low_ledger.append(low_stream);
            }
        });
    });
    if (scheduled()) {
        WAIT_FOR(low.stats().suspended == 1);
        CHECK_STANDS_STILL(low_ledger.count());
        CHECK(low_ledger.count() == 5);
    }
    blocker.open();
    OK(cuStreamSynchronize(high_stream));
    CHECK(high_ledger.complete());
    launching.join();
    other.within([&] {
        OK(cuCtxSynchronize());
        OK(cuStreamDestroy(low_stream));
    });
    CHECK(low_ledger.complete());
}

CUcontext current_context() {
    CUcontext current = nullptr;
    OK(cuCtxGetCurrent(&current));
    return current;
}

/* A thread that suspends a queue of another context is in its own afterwards. */
void the_callers_context_stays() {
    Context other;
    Ledger ledger(other.kernels());
    const CUcontext before = current_context();
    CUstream stream = other.create_stream();
    {
        const Queue queue(stream);
        CHECK(current_context() == before);
        check_held_in(other, stream, queue, ledger);
        queue.suspend_until_quiet();
        queue.resume();
        CHECK(current_context() == before);
    }
    other.within([&] { OK(cuStreamDestroy(stream)); });
    CHECK(current_context() == before);
}

/* Threads take contexts up and put them down. */
void contexts_are_pushed_and_popped() {
    Context first;
    Context second;
    Ledger ledgers[] = {Ledger(first.kernels()), Ledger(second.kernels())};
    for (int i = 0; i < 50; i++) {
        first.within([&] {
            ledgers[0].append(nullptr);
            second.within([&] { ledgers[1].append(nullptr); });
            ledgers[0].append(CU_STREAM_PER_THREAD);
            OK(cuStreamSynchronize(nullptr));
        });
        CHECK(current_context() == Gpu::use().context);
    }
    second.within([&] { OK(cuCtxSynchronize()); });
    CHECK(ledgers[0].complete() && ledgers[1].complete());
}

} // namespace

int main() {
    Gpu::use();
    RUN(null_streams_are_independent);
    RUN(synchronised_by_themselves);
    RUN(one_holds_the_other);
    RUN(the_callers_context_stays);
    RUN(contexts_are_pushed_and_popped);
    return finish();
}
