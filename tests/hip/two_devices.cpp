/*
 * Each device has a null stream, and its streams and queues, of its own. HIPSIM_DEVICES=2.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

/* The current device for the length of a scope. */
class OnDevice {
  public:
    explicit OnDevice(int device) { OK(hipSetDevice(device)); }
    ~OnDevice() { OK(hipSetDevice(0)); }
};

void null_streams_are_independent() {
    Ledger ledgers[2];
    Blocker blocker;
    blocker.block(nullptr);
    ledgers[0].append(nullptr);
    {
        OnDevice second(1);
        OK(hipStreamQuery(nullptr));
        ledgers[1].append(nullptr);
        OK(hipStreamSynchronize(nullptr));
        CHECK(ledgers[1].complete());
    }
    EXPECT(hipErrorNotReady, hipStreamQuery(nullptr));
    blocker.open();
    OK(hipStreamSynchronize(nullptr));
    CHECK(ledgers[0].complete());
}

/* Suspending the queue of one device's special stream holds nothing of the other's. */
void queues_are_independent(hipStream_t special) {
    Ledger ledgers[2];
    const Queue first(special);
    ledgers[0].append(special);
    OK(hipStreamSynchronize(special));
    first.suspend();
    {
        OnDevice second(1);
        ledgers[1].append(special);
        ledgers[1].append(special);
        OK(hipStreamSynchronize(special));
        CHECK(ledgers[1].complete());
    }
    first.resume();
    ledgers[0].append(special);
    OK(hipStreamSynchronize(special));
    CHECK(ledgers[0].complete());
}

void null_stream_queues_are_independent() {
    queues_are_independent(nullptr);
}

void per_thread_stream_queues_are_independent() {
    queues_are_independent(hipStreamPerThread);
}

/* A stream belongs to the device it was made on, whatever is current when it is used. */
void streams_of_the_other_device() {
    Ledger ledger;
    hipStream_t stream = nullptr;
    {
        OnDevice second(1);
        OK(hipStreamCreate(&stream));
    }
    const Queue queue(stream);
    ledger.append(stream);
    OK(hipStreamSynchronize(stream));
    check_held(stream, queue, ledger);
    OK(hipStreamDestroy(stream));
}

} // namespace

int main() {
    int count = 0;
    OK(hipGetDeviceCount(&count));
    CHECK(count == 2);
    RUN(null_streams_are_independent);
    RUN(null_stream_queues_are_independent);
    RUN(per_thread_stream_queues_are_independent);
    RUN(streams_of_the_other_device);
    return finish();
}
