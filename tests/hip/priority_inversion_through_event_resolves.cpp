/*
 * A queue of high priority that waits for one of low priority, on the device or on the host, gets what
 * it waits for though its own arrival has the other one suspended. It would wait for ever otherwise.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

/* Two streams; the second is the more important one. */
struct Pair {
    Stream low_stream{hipStreamNonBlocking};
    Stream high_stream{hipStreamNonBlocking};
    Queue low{low_stream};
    Queue high{high_stream};
    Ledger low_ledger;
    Ledger high_ledger;
    hipEvent_t event = nullptr;

    Pair() {
        schedule_by_priority();
        CHECK(low.on_device() == wants_device_gate());
        low.priority(1);
        high.priority(10);
        OK(hipEventCreateWithFlags(&event, hipEventDisableTiming));
    }
    ~Pair() { OK(hipEventDestroy(event)); }

    /* Low launches much, with the event in the middle; `recorded` is set once that is done. */
    std::thread launch_low(std::atomic<bool> &recorded, bool with_the_last = false) {
        return std::thread([this, &recorded, with_the_last] {
            for (int i = 0; i < 19; i++) {
                low_ledger.work(low_stream, 500);
            }
            if (with_the_last) {
                Ledger::Page *page = low_ledger.page();
                uint32_t index = low_ledger.take_index();
                void *arguments[] = {&page, &index};
                OK(hipExtLaunchKernel(host_function(kAppend), dim3(1), dim3(64), arguments, 0,
                                      low_stream, nullptr, event, 0));
            } else {
                low_ledger.work(low_stream, 500);
                OK(hipEventRecord(event, low_stream));
            }
            recorded = true;
            for (int i = 0; i < 20; i++) {
                low_ledger.work(low_stream, 500);
            }
        });
    }

    /* High waits on the device for the event and goes on. */
    void high_waits() {
        high_ledger.append(high_stream);
        OK(hipStreamWaitEvent(high_stream, event, 0));
        high_ledger.append(high_stream);
        OK(hipStreamSynchronize(high_stream));
        CHECK(high_ledger.complete());
        CHECK(low_ledger.count() >= 20);
    }

    void low_ends(std::thread &launching) {
        launching.join();
        OK(hipStreamSynchronize(low_stream));
        CHECK(low_ledger.complete());
    }
};

void event_was_recorded() {
    Pair pair;
    std::atomic<bool> recorded{false};
    std::thread launching = pair.launch_low(recorded);
    WAIT_FOR(recorded.load());
    pair.high_waits();
    pair.low_ends(launching);
}

/* A launch records the event behind its kernel. */
void event_of_a_launch() {
    Pair pair;
    std::atomic<bool> recorded{false};
    std::thread launching = pair.launch_low(recorded, true);
    WAIT_FOR(recorded.load());
    pair.high_waits();
    pair.low_ends(launching);
}

/* High is ready first, so low is held before it comes to record the event that high waits to see. */
void event_is_recorded_later() {
    Pair pair;
    Blocker blocker;
    std::atomic<bool> recorded{false};
    blocker.block(pair.high_stream);
    std::thread launching = pair.launch_low(recorded);
    blocker.open();
    WAIT_FOR(recorded.load());
    pair.high_waits();
    pair.low_ends(launching);
}

} // namespace

int main() {
    RUN(event_was_recorded);
    RUN(event_of_a_launch);
    RUN(event_is_recorded_later);
    return finish();
}
