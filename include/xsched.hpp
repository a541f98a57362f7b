/*
 * xsched.hpp: the C API of xsched.h for C++17. Header only; depends on nothing else.
 *
 * Owners. HostStream, Queue, Command and HostEvent each own one handle. They are move-only, and
 * their destructors destroy the handle and never throw. One that was moved from, released or made
 * from nullptr holds no handle: calls on it fail with kXSchedErrorNotFound, destroying it does
 * nothing. Declare a Queue after its stream, so that it is destroyed first. What is left out here
 * is reached through handle() and the C API.
 *
 * Errors. Each operation has two forms. `queue.suspend()` throws xsched::Error, which carries the
 * XResult and the library's message; `queue.try_suspend()` does not throw and returns the XResult,
 * with the message in XSchedLastErrorMessage(). The second form of a constructor is `try_create`:
 * it replaces its first argument, or leaves it alone if it fails. The errors themselves are
 * described in xsched.h with the C function of the same name. Built with -fno-exceptions, a failure
 * in the throwing form ends the process: use the other form there.
 *
 * Threads. Any number of threads may call operations of one owner at once. Moving, assigning,
 * releasing and destroying it must not overlap with anything else done to it.
 *
 * Durations are std::chrono::microseconds; coarser ones convert by themselves.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef XSCHED_HPP
#define XSCHED_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "xsched.h"
#include "xsched/error.hpp"
#include "xsched/host.hpp"
#include "xsched/queue.hpp"

namespace xsched {

/// Chooses who decides. `policy` is ignored with kSchedulerAppManaged.
inline XResult try_set_scheduler(XSchedulerType scheduler,
                                 XPolicyType policy = kPolicyHighestPriorityFirst) noexcept {
    return XHintSetScheduler(scheduler, policy);
}
inline void set_scheduler(XSchedulerType scheduler,
                          XPolicyType policy = kPolicyHighestPriorityFirst) {
    check(try_set_scheduler(scheduler, policy));
}

/// Sets the policy's time slice.
inline XResult try_set_timeslice(std::chrono::microseconds timeslice) noexcept {
    return XHintTimeslice(timeslice.count());
}
inline void set_timeslice(std::chrono::microseconds timeslice) {
    check(try_set_timeslice(timeslice));
}

/// Sets how many queues of earliest deadline run together.
inline XResult try_set_k_deadline(std::size_t k) noexcept {
    return XHintKDeadline(k);
}
inline void set_k_deadline(std::size_t k) {
    check(try_set_k_deadline(k));
}

/// Tells which process owns the active window; 0 if that is not known.
inline XResult try_set_active_window(std::int32_t pid) noexcept {
    return XHintActiveWindow(pid);
}
inline void set_active_window(std::int32_t pid) {
    check(try_set_active_window(pid));
}

} // namespace xsched

#endif
