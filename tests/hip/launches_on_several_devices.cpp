/*
 * One call that launches on several devices is held by the queue of each, and a device that is reset
 * takes its own queues along. HIPSIM_DEVICES=2.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

constexpr int kDevices = 2;

hipStream_t stream_of(int device) {
    hipStream_t stream = nullptr;
    OK(hipSetDevice(device));
    OK(hipStreamCreateWithFlags(&stream, hipStreamNonBlocking));
    OK(hipSetDevice(0));
    return stream;
}

void held_by_each() {
    Ledger ledgers[kDevices];
    hipStream_t streams[kDevices] = {stream_of(0), stream_of(1)};
    const auto launch_on_both = [&] {
        Ledger::Page *pages[kDevices];
        uint32_t indices[kDevices];
        void *arguments[kDevices][2];
        hipLaunchParams params[kDevices];
        for (int i = 0; i < kDevices; i++) {
            pages[i] = ledgers[i].page();
            indices[i] = ledgers[i].take_index();
            arguments[i][0] = &pages[i];
            arguments[i][1] = &indices[i];
            params[i] = {const_cast<void *>(host_function(kAppend)),
                         dim3(1),
                         dim3(64),
                         arguments[i],
                         0,
                         streams[i]};
        }
        OK(hipExtLaunchMultiKernelMultiDevice(params, kDevices, 0));
    };
    launch_on_both();
    OK(hipStreamSynchronize(streams[0]));
    OK(hipStreamSynchronize(streams[1]));
    for (int held = 0; held < kDevices; held++) {
        const Queue queue(streams[held]);
        const int64_t commands = queue.stats().commands;
        queue.suspend();
        std::thread launching(launch_on_both);
        if (scheduled()) {
            CHECK_STANDS_STILL(ledgers[held].count());
        }
        queue.resume();
        launching.join();
        CHECK(!scheduled() || queue.stats().commands == commands + 1);
        OK(hipStreamSynchronize(streams[0]));
        OK(hipStreamSynchronize(streams[1]));
        CHECK(ledgers[0].complete() && ledgers[1].complete());
    }
    OK(hipStreamDestroy(streams[0]));
    OK(hipStreamDestroy(streams[1]));
}

void reset() {
    Stream stays;
    Ledger ledger;
    const Queue queue(stays);
    OK(hipSetDevice(1));
    OK(hipStreamSynchronize(nullptr));
    const int64_t queues = hook_stats().queues;
    hipStream_t goes = nullptr;
    OK(hipStreamCreateWithFlags(&goes, hipStreamNonBlocking));
    check_held(goes, Queue(goes), ledger);
    CHECK(!scheduled() || hook_stats().queues == queues + 1);
    OK(hipDeviceReset());
    CHECK(!scheduled() || hook_stats().queues == queues - 1); // the null stream's, too
    {
        // Nor is anything of the scheduler's own left there.
        Stream stream(hipStreamNonBlocking);
        const Queue anew(stream);
        check_held(stream, anew, ledger);
        CHECK(anew.stats().failed == 0);
    }
    OK(hipSetDevice(0));
    queue.suspend(); // still known
    queue.resume();
}

} // namespace

int main() {
    RUN(held_by_each);
    RUN(reset);
    return finish();
}
