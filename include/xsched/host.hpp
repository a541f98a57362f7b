/*
 * The software device: streams and events. Part of xsched.hpp. SPDX-License-Identifier: Apache-2.0
 */
#ifndef XSCHED_HOST_HPP
#define XSCHED_HOST_HPP

#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>

#include "detail.hpp"

namespace xsched {

/// An event of the software device: a point in a stream that streams and threads can wait for.
class HostEvent : public detail::Owner<HostEventDestroy> {
  public:
    /// Creates an event.
    HostEvent() : HostEvent(nullptr) { check(try_create(*this)); }
    /// No event.
    explicit HostEvent(std::nullptr_t) noexcept : Owner(0) {}
    static XResult try_create(HostEvent &event) noexcept { return event.replace(HostEventCreate); }

    /// Whether the last recording has completed; true if there was none.
    bool completed() const {
        bool value = false;
        check(try_completed(value));
        return value;
    }
    XResult try_completed(bool &value) const noexcept {
        std::int32_t completed = value;
        const XResult result = HostEventQuery(handle(), &completed);
        value = completed != 0;
        return result;
    }

    /// Blocks until the last recording has completed. Not allowed inside a command.
    void synchronize() const { check(try_synchronize()); }
    XResult try_synchronize() const noexcept { return HostEventSynchronize(handle()); }
};

/// A stream of the software device. Its destructor blocks until everything launched has completed;
/// while a Queue is on it the stream cannot be destroyed.
class HostStream : public detail::Owner<HwQueueDestroy> {
  public:
    /// Creates a stream of the given priority on the device, see HostQueueCreate.
    explicit HostStream(Priority priority = PRIORITY_DEFAULT) : HostStream(nullptr) {
        check(try_create(*this, priority));
    }
    /// No stream.
    explicit HostStream(std::nullptr_t) noexcept : Owner(0) {}
    static XResult try_create(HostStream &stream, Priority priority = PRIORITY_DEFAULT) noexcept {
        return stream.replace([=](HwQueueHandle *hwq) { return HostQueueCreate(hwq, priority); });
    }

    /// Launches a copy of `work`, which is called once as `work(hwq)` or `work()` on an execution
    /// unit, in stream order, and destroyed right after. What it refers to must live until then.
    /// It returns nothing or an XResult. An exception does not reach C but becomes a failing
    /// result: the code of an Error, otherwise kXSchedErrorUnknown. synchronize() reports the first
    /// failure. May wait at the admission point of the stream's queue. Not allowed inside a command.
    template <class F>
    void launch(F &&work) {
        check(try_launch(std::forward<F>(work)));
    }
    template <class F>
    XResult try_launch(F &&work) noexcept {
        using Function = std::decay_t<F>;
        return detail::guarded([&] {
            auto owned = std::make_unique<Function>(std::forward<F>(work));
            const auto run_once = [](HwQueueHandle hwq, void *data) {
                const std::unique_ptr<Function> function(static_cast<Function *>(data));
                return detail::run(*function, hwq);
            };
            const XResult result = HostQueueLaunch(handle(), run_once, owned.get());
            if (result == kXSchedSuccess) {
                (void)owned.release(); // It is the command's by now, and maybe gone already.
            }
            return result;
        });
    }

    /// Launches a command that does nothing for this long.
    void delay(std::chrono::microseconds duration) { check(try_delay(duration)); }
    XResult try_delay(std::chrono::microseconds duration) noexcept {
        return HostQueueDelay(handle(), duration.count());
    }

    /// Records the event behind everything launched so far.
    void record(HostEvent &event) { check(try_record(event)); }
    XResult try_record(HostEvent &event) noexcept {
        return HostEventRecord(event.handle(), handle());
    }

    /// Makes the stream, not the calling thread, wait for the event's last recording.
    void wait(const HostEvent &event) { check(try_wait(event)); }
    XResult try_wait(const HostEvent &event) noexcept {
        return HostQueueWaitEvent(handle(), event.handle());
    }

    /// Blocks until everything launched has completed. Fails with the first failure of a launched
    /// command since the last call. Not allowed inside a command.
    void synchronize() const { check(try_synchronize()); }
    XResult try_synchronize() const noexcept { return HwQueueSynchronize(handle()); }
};

} // namespace xsched

#endif
