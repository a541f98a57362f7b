/*
 * The process ends, by returning from main, while a queue is suspended and a thread stands at its gate.
 * It neither hangs nor crashes: registered code is removed, static destructors use the device.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

/* Outlive main; nobody destroys them under the thread that uses them. */
Ledger &ledger = *new Ledger;
Stream &stream = *new Stream(hipStreamNonBlocking);

/* A destructor that waits for the device, behind the gate too. */
struct AtExit {
    ~AtExit() {
        OK(hipStreamSynchronize(nullptr));
        say("static destructor");
    }
} at_exit;

} // namespace

int main() {
    const Queue &queue = *new Queue(stream);
    ledger.append(stream);
    const int result = finish();
    queue.suspend();
    std::atomic<bool> launching{false};
    std::thread([&launching] {
        launching = true;
        // Ends with the process, wherever it stands then.
        launch(kAppend, stream, ledger.page(), ledger.take_index());
        launch(kAppend, stream, ledger.page(), ledger.take_index());
    }).detach();
    WAIT_FOR(launching.load());
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return result;
}
