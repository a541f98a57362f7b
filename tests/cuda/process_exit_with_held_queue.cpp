/*
 * The process ends, by returning from main, while queues are suspended, gates closed and a thread stands at
 * one. It neither hangs nor crashes; static destructors use the device.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

/* Outlive main; nobody destroys them under the thread that uses them. */
struct Held {
    Ledger ledger;
    FreeStream stream;
    Stream blocking;
    Queue queue{stream};
    Queue blocking_queue{blocking};
};
Held *held = nullptr;

/* It was there before CUDA was used, so it ends after all that came later has given up holding anything. */
struct AtExit {
    ~AtExit() {
        // A driver may be shutting down already, and say so; it must not wait for ever.
        const CUresult code = cuStreamSynchronize(held->stream);
        CHECK(code == CUDA_SUCCESS || code == CUDA_ERROR_DEINITIALIZED);
        say("static destructor");
    }
} at_exit;

} // namespace

int main() {
    held = new Held;
    held->ledger.append(held->stream);
    const int result = finish();
    held->queue.suspend();
    held->blocking_queue.suspend();
    if (held->queue.on_device()) {
        held->ledger.append(held->stream); // behind a closed gate
    }
    std::atomic<bool> launching{false};
    on_gpu([&launching] {
        launching = true;
        // Ends with the process, wherever it stands then.
        static_cast<void>(cuLaunchHostFunc(
            held->blocking, [](void *) {}, nullptr));
        static_cast<void>(cuLaunchHostFunc(
            held->blocking, [](void *) {}, nullptr));
    }).detach();
    WAIT_FOR(launching.load());
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return result;
}
