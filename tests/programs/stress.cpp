// 64 threads create, submit, suspend, resume and destroy, and use each other's handles, dead or
// alive, for a number of seconds (first argument, default 5). Nothing hangs, no command is lost,
// nothing is left behind.
//
// SPDX-License-Identifier: Apache-2.0
#include <xsched.hpp>

#include "check.h"

#include <array>
#include <atomic>
#include <dirent.h>
#include <malloc.h>
#include <memory>
#include <random>
#include <thread>
#include <vector>

namespace {

// A sanitizer keeps freed memory for a while, and finds leaks by itself.
#if defined(__has_feature)
#define XSCHED_HAS_FEATURE(feature) __has_feature(feature)
#else
#define XSCHED_HAS_FEATURE(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || XSCHED_HAS_FEATURE(address_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

constexpr int kThreads = 64;
constexpr int kShared = 32;

std::atomic<long> submitted{0}, completed{0}, rounds{0};

// Handles that any thread may use at any moment, also after their owner destroyed them.
struct Shared {
    std::atomic<XQueueHandle> queue{0};
    std::atomic<HwQueueHandle> stream{0};
    std::atomic<HwCommandHandle> command{0};
    std::atomic<HostEventHandle> event{0};
};
std::array<Shared, kShared> shared;

using Random = std::minstd_rand;

XResult count_run(HwQueueHandle, void *) {
    completed++;
    return kXSchedSuccess;
}

// Uses somebody's handles; whatever the calls return, they return. None of them suspends, and a
// thread whose own queue is suspended does not wait for others: they might wait for it.
void meddle(Random &random, bool may_wait) {
    const Shared &other = shared[random() % kShared];
    XQueueStats stats;
    XQueueState state;
    int32_t done;
    switch (random() % (may_wait ? 10 : 7)) {
    case 0:
        (void)XQueueResume(other.queue, kQueueResumeFlagNone);
        break;
    case 1:
        (void)XQueueGetStats(other.queue, &stats);
        break;
    case 2:
        (void)XQueueQuery(other.queue, &state);
        break;
    case 3:
        (void)XQueueSetLaunchConfig(other.queue, 1 + static_cast<int64_t>(random() % 64), 1);
        break;
    case 4:
        (void)XHintPriority(other.queue, static_cast<Priority>(random() % 256));
        break;
    case 5:
        (void)XQueueSetPreemptLevel(other.queue,
                                    random() % 2 ? kPreemptLevelBlock : kPreemptLevelDeactivate);
        break;
    case 6:
        (void)HostEventQuery(other.event, &done);
        break;
    case 7:
        (void)XQueueWait(other.queue, other.command);
        break;
    case 8:
        (void)XQueueWaitAll(other.queue);
        break;
    case 9:
        (void)HwQueueSynchronize(other.stream);
        break;
    }
}

// One life of a stream, its queue, an event and a few commands.
void one_round(Random &random) {
    xsched::HostStream stream(static_cast<Priority>(random() % 8));
    xsched::HostEvent event;
    xsched::Queue queue(stream, random() % 2 ? kPreemptLevelBlock : kPreemptLevelDeactivate);
    queue.set_priority(static_cast<Priority>(random() % 16));
    std::array<HwCommandHandle, 8> commands{};
    for (auto &command : commands) {
        CHECK_OK(HwCommandCreateCallback(&command, count_run, nullptr));
    }
    Shared &slot = shared[random() % kShared];
    slot.queue = queue.handle();
    slot.stream = stream.handle();
    slot.command = commands[0];
    slot.event = event.handle();

    const bool suspend = random() % 4 == 0;
    if (suspend) {
        queue.suspend(random() % 2 ? kQueueSuspendFlagSyncHwQueue : kQueueSuspendFlagNone);
    }
    for (const auto command : commands) {
        submitted++;
        CHECK_OK(XQueueSubmit(queue.handle(), command));
        meddle(random, !suspend);
    }
    if (suspend) {
        queue.resume();
    }
    for (unsigned i = random() % 8; i > 0; i--) {
        submitted++;
        stream.launch([] { completed++; });
    }
    stream.record(event);
    meddle(random, true);
    switch (random() % 4) {
    case 0:
        queue.wait_all();
        break;
    case 1:
        event.synchronize();
        break;
    case 2:
        stream.synchronize();
        break;
    default:
        queue.suspend();
        break; // Destroyed while suspended, with work pending.
    }
    queue = xsched::Queue(nullptr);
    for (const auto command : commands) {
        CHECK_OK(HwCommandDestroy(command));
    }
    rounds++;
}

void run_threads(double seconds) {
    const double end = check_now_s() + seconds;
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < kThreads; i++) {
        threads.emplace_back([i, end] {
            Random random(i + 1);
            while (check_now_s() < end) {
                one_round(random);
            }
        });
    }
    for (auto &thread : threads) {
        thread.join();
    }
    CHECK(completed == submitted);
}

// The library remembers that many submitted commands, destroyed or not: memory that must not look
// like growth later.
void fill_history() {
    xsched::HostStream stream;
    xsched::Queue queue(stream);
    for (int i = 0; i < 65536; i++) {
        HwCommandHandle command = 0;
        CHECK_OK(HwCommandCreateCallback(&command, count_run, nullptr));
        CHECK_OK(XQueueSubmit(queue.handle(), command));
        submitted++;
    }
    queue.wait_all();
}

// Threads of this process.
int thread_count() {
    const std::unique_ptr<DIR, int (*)(DIR *)> tasks(opendir("/proc/self/task"), closedir);
    int count = -2; // "." and ".."
    while (readdir(tasks.get()) != nullptr) {
        count++;
    }
    return count;
}

long resident_kib() {
    malloc_trim(0);
    long pages = 0, resident = 0;
    const std::unique_ptr<FILE, int (*)(FILE *)> file(fopen("/proc/self/statm", "r"), fclose);
    CHECK(fscanf(file.get(), "%ld %ld", &pages, &resident) == 2);
    return resident * sysconf(_SC_PAGESIZE) / 1024;
}

// Bytes that were allocated and not freed, in all arenas.
long allocated_kib() {
    const struct mallinfo2 info = mallinfo2();
    return static_cast<long>((info.uordblks + info.hblkhd) / 1024);
}

} // namespace

int main(int argc, char **argv) {
    const double seconds = argc > 1 ? atof(argv[1]) : 5.0;
    CHECK_OK(XHintSetScheduler(kSchedulerLocal, kPolicyHighestPriorityFirst));

    // The first part fills every cache and pool; the second must not need more.
    fill_history();
    run_threads(seconds / 3);
    const long resident_before = resident_kib(), allocated_before = allocated_kib();
    const long rounds_before = rounds;
    const int threads_before = thread_count();
    run_threads(seconds * 2 / 3);
    const long resident_growth = resident_kib() - resident_before;
    const long allocated_growth = allocated_kib() - allocated_before;
    const long more_rounds = rounds - rounds_before;
    printf("%ld rounds, %ld commands; over the last %ld rounds %+ld KiB allocated, %+ld KiB "
           "resident; %d threads\n",
           rounds.load(), completed.load(), more_rounds, allocated_growth, resident_growth,
           thread_count());

    WAIT_FOR(thread_count() <= threads_before);
    for (const Shared &slot : shared) {
        CHECK_RESULT(kXSchedErrorNotFound, XQueueResume(slot.queue, kQueueResumeFlagNone));
        CHECK_RESULT(kXSchedErrorNotFound, HwQueueSynchronize(slot.stream));
        CHECK_RESULT(kXSchedErrorNotFound, HwCommandDestroy(slot.command));
        CHECK_RESULT(kXSchedErrorNotFound, HostEventDestroy(slot.event));
    }
    // A leak of 64 bytes per round would show. The resident size also has what the allocator keeps.
    CHECK(kSanitized || allocated_growth < 256 + more_rounds * 64 / 1024);
    CHECK(kSanitized || resident_growth < 32 * 1024);
    return 0;
}
