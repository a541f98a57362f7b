/*
 * Each device has a scheduler of its own: queues of one hold nothing of another. Needs two devices.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "contexts.hpp"

namespace {

CUdevice second_device() {
    CUdevice device = -1;
    OK(cuDeviceGet(&device, 1));
    return device;
}

void null_streams_are_independent() {
    Context other(second_device());
    Ledger ledger;
    Ledger other_ledger(other.kernels());
    const Queue queue(nullptr);
    ledger.append(nullptr);
    OK(cuStreamSynchronize(nullptr));
    queue.suspend();
    other.within([&] {
        other_ledger.append(nullptr);
        OK(cuStreamSynchronize(nullptr));
        CHECK(other_ledger.complete());
    });
    queue.resume();
    ledger.append(nullptr);
    OK(cuStreamSynchronize(nullptr));
    CHECK(ledger.complete());
}

void priorities_count_on_one_device() {
    Context other(second_device());
    Ledger low_ledger(other.kernels());
    Blocker blocker;
    FreeStream high_stream;
    CUstream low_stream = other.create_stream();
    const Queue low(low_stream);
    const Queue high(high_stream);
    schedule_by_priority();
    low.priority(1);
    high.priority(10);
    blocker.block(high_stream);
    other.within([&] {
        for (int i = 0; i < 10; i++) {
            low_ledger.append(low_stream);
        }
        OK(cuStreamSynchronize(low_stream)); // would be held if the device were one
        CHECK(low_ledger.complete());
    });
    blocker.open();
    OK(cuStreamSynchronize(high_stream));
    check_held_in(other, low_stream, low, low_ledger);
}

} // namespace

int main() {
    int count = 0;
    OK(cuInit(0));
    OK(cuDeviceGetCount(&count));
    if (count < 2) {
        CHECK(!on_stand_in());
        say("SKIPPED: there is one device");
        return 77;
    }
    Gpu::use();
    RUN(null_streams_are_independent);
    RUN(priorities_count_on_one_device);
    return finish();
}
