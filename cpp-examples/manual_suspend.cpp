// The application itself decides: it suspends a queue, sees that its progress stops, and resumes it.
// The thread that launches knows nothing about that.
#include "check.hpp"

#include <atomic>
#include <chrono>
#include <thread>

namespace {

constexpr auto kPause = std::chrono::milliseconds(200);

XResult count(HwQueueHandle, void *counter) {
    ++*static_cast<std::atomic<long> *>(counter);
    return kXSchedSuccess;
}

// How many commands complete while nobody interferes.
long watch(const char *state, const std::atomic<long> &completed) {
    const long before = completed;
    std::this_thread::sleep_for(kPause);
    const long progress = completed - before;
    std::printf("%-10s %5ld commands in %ld ms\n", state, progress, long(kPause.count()));
    return progress;
}

} // namespace

int main() {
    HwQueueHandle stream = 0;
    XQueueHandle queue = 0;
    CHECK(HostQueueCreate(&stream, PRIORITY_DEFAULT));
    CHECK(XQueueCreate(&queue, stream, kPreemptLevelBlock, kQueueCreateFlagNone));
    CHECK(XHintSetScheduler(kSchedulerAppManaged, kPolicyUnknown));

    std::atomic<long> completed{0};
    std::atomic<bool> stop{false};
    std::thread launcher([&] {
        while (!stop) {
            for (int i = 0; i < 10; ++i) {
                CHECK(HostQueueDelay(stream, 500));
                CHECK(HostQueueLaunch(stream, count, &completed));
            }
            CHECK(HwQueueSynchronize(stream));
        }
    });

    watch("running", completed);
    // With this flag the call returns when the command that was running has completed too.
    CHECK(XQueueSuspend(queue, kQueueSuspendFlagSyncHwQueue));
    const long while_suspended = watch("suspended", completed);
    CHECK(XQueueResume(queue, kQueueResumeFlagNone));
    const long after_resume = watch("resumed", completed);

    stop = true;
    launcher.join();
    CHECK(XQueueDestroy(queue));
    CHECK(HwQueueDestroy(stream));
    return while_suspended == 0 && after_resume > 0 ? 0 : 1;
}
