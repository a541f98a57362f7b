/*
 * A queue of high priority that waits for one of low priority, on the device or on the host, gets what
 * it waits for though its own arrival has the other one suspended. It would wait for ever otherwise.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

/* Low launches much, with the event in the middle; `recorded` is set once that is done. */
std::thread launch_low(LowAndHigh &pair, CUevent event, std::atomic<bool> &recorded) {
    return on_gpu([&pair, event, &recorded] {
        for (int i = 0; i < 20; i++) {
            pair.low_ledger.work(pair.low_stream, 500);
        }
        OK(cuEventRecord(event, pair.low_stream));
        recorded = true;
        for (int i = 0; i < 20; i++) {
            pair.low_ledger.work(pair.low_stream, 500);
        }
    });
}

/* High waits on the device for the event and goes on. */
void high_waits(LowAndHigh &pair, CUevent event) {
    pair.high_ledger.append(pair.high_stream);
    OK(cuStreamWaitEvent(pair.high_stream, event, 0));
    pair.high_ledger.append(pair.high_stream);
    OK(cuStreamSynchronize(pair.high_stream));
    CHECK(pair.high_ledger.complete());
    CHECK(pair.low_ledger.count() >= 20);
}

void event_was_recorded() {
    LowAndHigh pair;
    Event event;
    std::atomic<bool> recorded{false};
    std::thread launching = launch_low(pair, event, recorded);
    WAIT_FOR(recorded.load());
    high_waits(pair, event);
    launching.join();
    pair.end();
}

/* A queue that the device holds gets the priority of the one that waits for it, at once. */
void priority_is_lent() {
    LowAndHigh pair;
    Event event;
    Blocker low_blocker;
    Blocker high_blocker;
    low_blocker.block(pair.low_stream);
    OK(cuEventRecord(event, pair.low_stream));
    high_blocker.block(pair.high_stream);
    CHECK(!scheduled() || pair.holds());
    OK(cuStreamWaitEvent(pair.high_stream, event, 0));
    CHECK(!pair.low.on_device() || !pair.holds());
    low_blocker.open();
    high_blocker.open();
    pair.end();
}

/* High is ready first, so low is held before it comes to record the event that high waits to see. */
void event_is_recorded_later() {
    LowAndHigh pair;
    Event event;
    Blocker blocker;
    std::atomic<bool> recorded{false};
    blocker.block(pair.high_stream);
    std::thread launching = launch_low(pair, event, recorded);
    blocker.open();
    WAIT_FOR(recorded.load());
    high_waits(pair, event);
    launching.join();
    pair.end();
}

/* The host waits, with the important stream still busy. */
void event_is_waited_for_by_the_host() {
    LowAndHigh pair;
    Event event;
    std::atomic<bool> recorded{false};
    std::thread launching = launch_low(pair, event, recorded);
    WAIT_FOR(recorded.load());
    pair.high_ledger.work(pair.high_stream, 1000);
    OK(cuEventSynchronize(event));
    CHECK(pair.low_ledger.count() >= 20);
    launching.join();
    pair.end();
}

/* One of middle priority stands between them. */
void through_a_third_queue() {
    LowAndHigh pair;
    FreeStream middle_stream;
    const Queue middle(middle_stream);
    middle.priority(5);
    Event low_event;
    Event middle_event;
    Ledger middle_ledger;
    std::atomic<bool> recorded{false};
    std::thread launching = launch_low(pair, low_event, recorded);
    WAIT_FOR(recorded.load());
    OK(cuStreamWaitEvent(middle_stream, low_event, 0));
    middle_ledger.append(middle_stream);
    OK(cuEventRecord(middle_event, middle_stream));
    high_waits(pair, middle_event);
    CHECK(middle_ledger.complete());
    launching.join();
    pair.end();
}

/* cuCtxRecordEvent stands behind all streams of a context, and cuCtxWaitEvent makes all of them wait. */
void event_of_the_whole_context() {
    LowAndHigh pair;
    Event event;
    Blocker blocker;
    const CUcontext context = Gpu::use().context;
    blocker.block(pair.low_stream);
    pair.low_ledger.append(pair.low_stream);
    const CUresult code = cuCtxRecordEvent(context, event);
    say("cuCtxRecordEvent: %d", code); // not of every context
    if (code == CUDA_SUCCESS) {
        pair.high_ledger.append(pair.high_stream);
        OK(cuStreamWaitEvent(pair.high_stream, event, 0));
        pair.high_ledger.append(pair.high_stream);
    }
    blocker.open();
    OK(cuStreamSynchronize(pair.high_stream));
    CHECK(code != CUDA_SUCCESS || pair.low_ledger.complete());
    pair.end();
}

} // namespace

int main() {
    RUN(event_was_recorded);
    RUN(priority_is_lent);
    RUN(event_is_recorded_later);
    RUN(event_is_waited_for_by_the_host);
    RUN(through_a_third_queue);
    RUN(event_of_the_whole_context);
    return finish();
}
