/*
 * Queues, the commands submitted to them, and a guard that keeps one suspended. Part of xsched.hpp.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef XSCHED_QUEUE_HPP
#define XSCHED_QUEUE_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include "detail.hpp"
#include "host.hpp"

namespace xsched {

/// Queue::set_laxity: the queue can wait for ever.
inline constexpr std::chrono::microseconds no_laxity{NO_LAXITY};
/// Queue::set_deadline: there is none.
inline constexpr std::chrono::microseconds no_deadline{NO_DEADLINE};

/// The counters of a queue, see XQueueStats; the times also as durations.
struct Stats : XQueueStats {
    Stats() noexcept : XQueueStats{} {}
    /// Time the queue has spent suspended.
    std::chrono::microseconds suspended_time() const noexcept {
        return std::chrono::microseconds(suspended_us);
    }
    /// Time launching threads have spent waiting at the host gate.
    std::chrono::microseconds held_time() const noexcept {
        return std::chrono::microseconds(held_us);
    }
    /// Estimated device time of one command; zero while unknown.
    std::chrono::nanoseconds command_time() const noexcept {
        return std::chrono::nanoseconds(command_time_ns);
    }
    /// Work that suspending this queue may have to wait for now.
    std::chrono::microseconds budget() const noexcept {
        return std::chrono::microseconds(budget_us);
    }
};

/// Work that is submitted to a Queue explicitly, any number of times, once at a time. Its
/// destructor blocks until it has completed: for ever if its queue stays suspended.
class Command {
  public:
    /// Keeps a copy of `work`; see HostStream::launch for what it may do.
    template <class F, class = std::enable_if_t<!std::is_same_v<std::decay_t<F>, Command> &&
                                                !std::is_same_v<std::decay_t<F>, std::nullptr_t>>>
    explicit Command(F &&work) {
        check(try_create(*this, std::forward<F>(work)));
    }
    /// No command.
    explicit Command(std::nullptr_t) noexcept {}
    template <class F>
    static XResult try_create(Command &command, F &&work) noexcept {
        return detail::guarded([&] {
            Owned owned(new detail::WorkOf<std::decay_t<F>>(std::forward<F>(work)));
            const auto run = [](HwQueueHandle hwq, void *data) {
                return static_cast<detail::Work *>(data)->run(hwq);
            };
            const XResult result = HwCommandCreateCallback(&owned->handle, run, owned.get());
            if (result == kXSchedSuccess) {
                command.work_ = std::move(owned);
            }
            return result;
        });
    }

    /// The handle for the C API, 0 if there is none. It stays owned.
    HwCommandHandle handle() const noexcept { return work_ ? work_->handle : 0; }
    /// Whether there is a command.
    explicit operator bool() const noexcept { return work_ != nullptr; }

  private:
    friend class Queue;
    using Owned = std::unique_ptr<detail::Work, detail::DestroyWork>;
    Owned work_;
};

/// A preemptible queue on a stream: from its creation on every launch on that stream passes its
/// admission point. Its destructor resumes it, blocks until everything submitted has completed, and
/// leaves the stream unscheduled. A stream has at most one queue: give it at most one owner.
class Queue : public detail::Owner<XQueueDestroy> {
  public:
    /// Creates a queue on a stream. `flags` are XQueueCreateFlag.
    explicit Queue(const HostStream &stream, XPreemptLevel level = kPreemptLevelBlock,
                   std::int64_t flags = kQueueCreateFlagNone)
        : Queue(stream.handle(), level, flags) {}
    /// The same on a stream that the C API wrapped, for example HipQueueCreate.
    explicit Queue(HwQueueHandle hwq, XPreemptLevel level = kPreemptLevelBlock,
                   std::int64_t flags = kQueueCreateFlagNone)
        : Queue(nullptr) {
        check(try_create(*this, hwq, level, flags));
    }
    /// No queue.
    explicit Queue(std::nullptr_t) noexcept : Owner(0) {}
    static XResult try_create(Queue &queue, HwQueueHandle hwq,
                              XPreemptLevel level = kPreemptLevelBlock,
                              std::int64_t flags = kQueueCreateFlagNone) noexcept {
        return queue.replace([=](XQueueHandle *xq) { return XQueueCreate(xq, hwq, level, flags); });
    }

    /// Hands a command over and returns; commands of one thread are launched in this order.
    void submit(Command &command) { check(try_submit(command)); }
    XResult try_submit(Command &command) noexcept {
        const XResult result = XQueueSubmit(handle(), command.handle());
        if (result == kXSchedSuccess) {
            command.work_->queue = handle();
        }
        return result;
    }

    /// Blocks until a submitted command has completed; fails as the command failed. Not allowed
    /// inside a command.
    void wait(const Command &command) const { check(try_wait(command)); }
    XResult try_wait(const Command &command) const noexcept {
        return XQueueWait(handle(), command.handle());
    }

    /// Blocks until everything submitted so far has completed; fails with the first failure of a
    /// submitted command since the last call. Not allowed inside a command.
    void wait_all() const { check(try_wait_all()); }
    XResult try_wait_all() const noexcept { return XQueueWaitAll(handle()); }

    /// Whether nothing submitted is unfinished.
    bool idle() const {
        bool value = false;
        check(try_idle(value));
        return value;
    }
    XResult try_idle(bool &value) const noexcept {
        XQueueState state = kQueueStateUnknown;
        const XResult result = XQueueQuery(handle(), &state);
        value = result == kXSchedSuccess ? state == kQueueStateIdle : value;
        return result;
    }

    /// Commands that have not started do not start any more. `flags` are XQueueSuspendFlag: without
    /// one the call does not block. SuspendGuard resumes by itself.
    void suspend(std::int64_t flags = kQueueSuspendFlagNone) { check(try_suspend(flags)); }
    XResult try_suspend(std::int64_t flags = kQueueSuspendFlagNone) noexcept {
        return XQueueSuspend(handle(), flags);
    }

    /// Takes back any number of suspends. `flags` are XQueueResumeFlag.
    void resume(std::int64_t flags = kQueueResumeFlagNone) { check(try_resume(flags)); }
    XResult try_resume(std::int64_t flags = kQueueResumeFlagNone) noexcept {
        return XQueueResume(handle(), flags);
    }

    /// Changes how the queue is suspended.
    void set_level(XPreemptLevel level) { check(try_set_level(level)); }
    XResult try_set_level(XPreemptLevel level) noexcept {
        return XQueueSetPreemptLevel(handle(), level);
    }

    /// Sets the most commands in flight and the commands between two completion markers; values
    /// <= 0 leave a setting as it is.
    void set_launch_config(std::int64_t threshold, std::int64_t batch_size) {
        check(try_set_launch_config(threshold, batch_size));
    }
    XResult try_set_launch_config(std::int64_t threshold, std::int64_t batch_size) noexcept {
        return XQueueSetLaunchConfig(handle(), threshold, batch_size);
    }

    /// Sets the priority for the scheduler: larger runs first.
    void set_priority(Priority priority) { check(try_set_priority(priority)); }
    XResult try_set_priority(Priority priority) noexcept {
        return XHintPriority(handle(), priority);
    }

    /// Sets the share of the device in percent.
    void set_utilization(Utilization percent) { check(try_set_utilization(percent)); }
    XResult try_set_utilization(Utilization percent) noexcept {
        return XHintUtilization(handle(), percent);
    }

    /// Sets how long the queue can wait (or no_laxity), its priority until then and after.
    void set_laxity(std::chrono::microseconds laxity, Priority lax, Priority critical) {
        check(try_set_laxity(laxity, lax, critical));
    }
    XResult try_set_laxity(std::chrono::microseconds laxity, Priority lax,
                           Priority critical) noexcept {
        return XHintLaxity(handle(), laxity.count(), lax, critical);
    }

    /// Sets the deadline from the moment the queue becomes ready, or no_deadline.
    void set_deadline(std::chrono::microseconds deadline) { check(try_set_deadline(deadline)); }
    XResult try_set_deadline(std::chrono::microseconds deadline) noexcept {
        return XHintDeadline(handle(), deadline.count());
    }

    /// Names the queue in log lines and traces.
    void set_name(const char *name) { check(try_set_name(name)); }
    XResult try_set_name(const char *name) noexcept { return XQueueSetName(handle(), name); }

    /// The queue's counters.
    Stats stats() const {
        Stats value;
        check(try_stats(value));
        return value;
    }
    XResult try_stats(Stats &value) const noexcept { return XQueueGetStats(handle(), &value); }
};

/// Keeps a queue suspended for the length of a scope. Suspending does not count: the end of an
/// inner guard resumes a queue that an outer one suspended.
class SuspendGuard {
  public:
    /// Suspends `queue`, by default until the device runs nothing of it any more.
    explicit SuspendGuard(Queue &queue, std::int64_t flags = kQueueSuspendFlagSyncHwQueue)
        : queue_(queue) {
        queue_.suspend(flags);
    }
    ~SuspendGuard() { (void)queue_.try_resume(); }
    SuspendGuard(const SuspendGuard &) = delete;
    SuspendGuard &operator=(const SuspendGuard &) = delete;

  private:
    Queue &queue_;
};

} // namespace xsched

#endif
