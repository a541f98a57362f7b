// The C++ wrapper: ownership, lifetimes of callables, exceptions in both directions, durations.
//
// SPDX-License-Identifier: Apache-2.0
#include <xsched.hpp>

#include "check.h"

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

using namespace std::chrono_literals;

template <class T>
constexpr bool is_move_only =
    std::is_nothrow_move_constructible_v<T> &&std::is_nothrow_move_assignable_v<T> &&
    !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T> &&
    std::is_nothrow_destructible_v<T>;
static_assert(is_move_only<xsched::HostEvent> && is_move_only<xsched::HostStream>);
static_assert(is_move_only<xsched::Queue> && is_move_only<xsched::Command>);
static_assert(!std::is_move_constructible_v<xsched::SuspendGuard>);

// Runs `body` and expects the Error with this code, naming this function.
template <class Body>
static void check_throws(XResult code, const std::string &function, Body &&body) {
    try {
        body();
    } catch (const xsched::Error &error) {
        CHECK(error.code() == code);
        CHECK(std::string(error.what()).rfind(function + ":", 0) == 0);
        return;
    }
    CHECK(!"an Error was thrown");
}

static void ownership() {
    HwQueueHandle stream_handle = 0;
    XQueueHandle queue_handle = 0;
    {
        xsched::HostStream stream;
        xsched::Queue queue(stream);
        stream_handle = stream.handle();
        queue_handle = queue.handle();
        CHECK(stream && queue);

        xsched::Queue moved(std::move(queue));
        CHECK(!queue && moved.handle() == queue_handle);
        CHECK(queue.try_resume() == kXSchedErrorNotFound);
        queue = std::move(moved);
        CHECK(queue.handle() == queue_handle && !moved);
        auto &same = queue;
        queue = std::move(same);
        CHECK(queue.handle() == queue_handle);
        queue.resume();
    }
    CHECK_RESULT(kXSchedErrorNotFound, XQueueResume(queue_handle, 0));
    CHECK_RESULT(kXSchedErrorNotFound, HwQueueSynchronize(stream_handle));
}

static void assignment_destroys_what_was_there() {
    xsched::HostEvent event;
    const HostEventHandle old = event.handle();
    event = xsched::HostEvent();
    CHECK_RESULT(kXSchedErrorNotFound, HostEventDestroy(old));
    const HostEventHandle released = event.release();
    CHECK(!event);
    CHECK_OK(HostEventDestroy(released));
}

static void both_forms_of_errors() {
    check_throws(kXSchedErrorInvalidValue, "HostQueueCreate",
                 [] { xsched::HostStream stream(PRIORITY_MAX + 1); });
    xsched::HostStream stream(nullptr);
    CHECK(!stream);
    CHECK(xsched::HostStream::try_create(stream, PRIORITY_MAX + 1) == kXSchedErrorInvalidValue);
    CHECK(!stream);
    CHECK(xsched::HostStream::try_create(stream) == kXSchedSuccess);

    check_throws(kXSchedErrorNotSupported, "XQueueCreate",
                 [&] { xsched::Queue queue(stream, kPreemptLevelInterrupt); });
    xsched::Queue queue(stream, kPreemptLevelDeactivate);
    const XQueueHandle handle = queue.handle();
    CHECK(xsched::Queue::try_create(queue, 0) == kXSchedErrorNotFound);
    CHECK(queue.handle() == handle);
    check_throws(kXSchedErrorInvalidValue, "XQueueSetLaunchConfig",
                 [&] { queue.set_launch_config(1, 2); });
    check_throws(kXSchedErrorNotFound, "XQueueSubmit", [&] {
        xsched::Command none(nullptr);
        queue.submit(none);
    });
    check_throws(kXSchedErrorInvalidValue, "XHintKDeadline", [] { xsched::set_k_deadline(0); });
}

// Counts how many of it are alive.
struct Counted {
    static std::atomic<int> alive;
    Counted() { alive++; }
    Counted(const Counted &) { alive++; }
    ~Counted() { alive--; }
    Counted &operator=(const Counted &) = default;
};
std::atomic<int> Counted::alive{0};

static void launched_callables_live_until_they_ran() {
    xsched::HostStream stream;
    xsched::Queue queue(stream);
    std::atomic<int> runs{0};
    for (int i = 0; i < 100; i++) {
        // Move-only, and bigger than a pointer.
        auto number = std::make_unique<int>(i);
        stream.launch([&runs, number = std::move(number), counted = Counted(), i] {
            CHECK(*number == i && Counted::alive > 0);
            runs++;
        });
    }
    stream.synchronize();
    CHECK(runs == 100);
    CHECK(Counted::alive == 0);

    // Refused: destroyed all the same. Started from nothing, so it cannot be launched.
    xsched::HostStream none(nullptr);
    CHECK(none.try_launch([counted = Counted()] {}) == kXSchedErrorNotFound);
    CHECK(Counted::alive == 0);
}

static void results_and_exceptions_of_callables() {
    xsched::HostStream stream;
    xsched::Queue queue(stream);
    const HwQueueHandle handle = stream.handle();

    stream.launch([handle](HwQueueHandle hwq) { CHECK(hwq == handle); });
    stream.synchronize();
    stream.launch([]() -> XResult { return kXSchedErrorBadResponse; });
    CHECK(stream.try_synchronize() == kXSchedErrorBadResponse);
    stream.launch([] { throw std::runtime_error("not an Error"); });
    CHECK(stream.try_synchronize() == kXSchedErrorUnknown);
    stream.launch([] { throw 7; });
    CHECK(stream.try_synchronize() == kXSchedErrorUnknown);

    xsched::Command thrower([] { throw xsched::Error(kXSchedErrorHardware, "broken"); });
    queue.submit(thrower);
    check_throws(kXSchedErrorHardware, "XQueueWait", [&] { queue.wait(thrower); });
    check_throws(kXSchedErrorHardware, "XQueueWaitAll", [&] { queue.wait_all(); });
    queue.wait_all();
}

static void commands_run_again() {
    xsched::HostStream stream;
    xsched::Queue queue(stream);
    int runs = 0;
    xsched::Command command([&runs, counted = Counted()]() mutable { runs++; });
    for (int i = 1; i <= 10; i++) {
        queue.submit(command);
        queue.wait(command);
        CHECK(runs == i);
    }
    xsched::Command moved(std::move(command));
    CHECK(!command && moved);
    queue.submit(moved);
    queue.wait_all();
    CHECK(runs == 11 && queue.idle());
    CHECK(Counted::alive == 1);
    moved = xsched::Command(nullptr);
    CHECK(Counted::alive == 0);
}

static void destroying_a_pending_command_waits_for_it() {
    xsched::HostStream stream;
    xsched::Queue queue(stream);
    std::atomic<bool> ran{false};
    {
        xsched::Command command([&ran, counted = Counted()] {
            sleep_us(20000);
            ran = true;
        });
        queue.submit(command);
    }
    CHECK(ran && Counted::alive == 0);
}

static void dropped_commands_are_freed() {
    xsched::HostStream stream;
    xsched::Queue queue(stream);
    queue.suspend(kQueueSuspendFlagSyncHwQueue);
    {
        xsched::Command command([counted = Counted()] { CHECK(!"a dropped command runs"); });
        queue.submit(command);
        queue.resume(kQueueResumeFlagDropCommands);
        CHECK(queue.try_wait(command) == kXSchedErrorNotAllowed);
    }
    CHECK(Counted::alive == 0);
}

static void suspend_guard() {
    xsched::HostStream stream;
    xsched::Queue queue(stream, kPreemptLevelDeactivate);
    std::atomic<int> runs{0};
    xsched::Command command([&runs] { runs++; });
    {
        xsched::SuspendGuard guard(queue);
        queue.submit(command);
        CHECK_STANDS_STILL(runs.load());
        CHECK(runs == 0 && queue.stats().suspended == 1);
    }
    queue.wait(command);
    CHECK(runs == 1 && queue.stats().suspended == 0);

    // The guard of a queue that cannot be suspended was never made, so it resumes nothing.
    xsched::Queue none(nullptr);
    check_throws(kXSchedErrorNotFound, "XQueueSuspend", [&] { xsched::SuspendGuard guard(none); });
}

static void events() {
    xsched::HostStream first, second;
    xsched::HostEvent event;
    std::atomic<bool> ran{false};
    CHECK(event.completed());
    first.delay(10ms);
    first.launch([&ran] { ran = true; });
    first.record(event);
    second.wait(event);
    second.launch([&ran] { CHECK(ran); });
    event.synchronize();
    CHECK(ran && event.completed());
    second.synchronize();
    CHECK(first.try_delay(-1us) == kXSchedErrorInvalidValue);
}

static void hints_take_durations() {
    xsched::HostStream stream;
    xsched::Queue queue(stream);
    xsched::set_scheduler(kSchedulerLocal);
    queue.set_priority(3);
    queue.set_name("hpp");
    CHECK(queue.stats().priority == 3);
    queue.set_utilization(50);
    queue.set_deadline(10ms);
    queue.set_laxity(1s, 0, 10);
    CHECK(queue.stats().utilization == 50);
    CHECK(queue.stats().deadline_us == 10000 && queue.stats().laxity_us == 1000000);
    queue.set_deadline(xsched::no_deadline);
    queue.set_laxity(xsched::no_laxity, 0, 10);
    CHECK(queue.stats().deadline_us == NO_DEADLINE && queue.stats().laxity_us == NO_LAXITY);
    xsched::set_timeslice(5ms);
    CHECK(xsched::try_set_timeslice(1min) == kXSchedErrorInvalidValue);
    xsched::set_k_deadline(2);
    xsched::set_active_window(0);
    const xsched::Stats stats = queue.stats();
    CHECK(stats.suspended_time() == 0us && stats.held_time() == 0us);
    CHECK(stats.command_time() >= 0ns);
    CHECK(stats.budget() == 100us);
    xsched::set_scheduler(kSchedulerAppManaged);
}

int main() {
    RUN(ownership());
    RUN(assignment_destroys_what_was_there());
    RUN(both_forms_of_errors());
    RUN(launched_callables_live_until_they_ran());
    RUN(results_and_exceptions_of_callables());
    RUN(commands_run_again());
    RUN(destroying_a_pending_command_waits_for_it());
    RUN(dropped_commands_are_freed());
    RUN(suspend_guard());
    RUN(events());
    RUN(hints_take_durations());
    return 0;
}
