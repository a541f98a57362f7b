/*
 * What the owners of xsched.hpp are made of; nothing here is for use by applications.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef XSCHED_DETAIL_HPP
#define XSCHED_DETAIL_HPP

#include <atomic>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "error.hpp"

namespace xsched::detail {

/// Runs `body`, which returns an XResult, and lets no exception out.
template <class Body>
XResult guarded(Body &&body) noexcept {
#ifdef __cpp_exceptions
    try {
        return body();
    } catch (const Error &error) {
        return error.code();
    } catch (...) {
        return kXSchedErrorUnknown;
    }
#else
    return body();
#endif
}

/// Calls `work(hwq)` or `work()`. What it returns is the result; success if it returns nothing.
template <class Work>
XResult run(Work &work, HwQueueHandle hwq) noexcept {
    const auto invoke = [&] {
        if constexpr (std::is_invocable_v<Work &, HwQueueHandle>) {
            return work(hwq);
        } else {
            return work();
        }
    };
    using Returned = decltype(invoke());
    static_assert(std::is_void_v<Returned> || std::is_same_v<Returned, XResult>,
                  "the work of a command returns nothing or an XResult");
    return guarded([&] {
        if constexpr (std::is_void_v<Returned>) {
            invoke();
            return kXSchedSuccess;
        } else {
            return invoke();
        }
    });
}

/// Owns one handle: what HostStream, Queue and HostEvent have in common.
template <XResult (*Destroy)(std::uint64_t)>
class Owner {
  public:
    Owner(Owner &&other) noexcept : handle_(other.release()) {}
    Owner &operator=(Owner &&other) noexcept {
        if (this != &other) {
            destroy();
            handle_ = other.release();
        }
        return *this;
    }

    /// The handle for the C API, 0 if there is none. It stays owned.
    std::uint64_t handle() const noexcept { return handle_; }
    /// Gives the handle up without destroying it.
    std::uint64_t release() noexcept { return std::exchange(handle_, 0); }
    /// Whether there is a handle.
    explicit operator bool() const noexcept { return handle_ != 0; }

  protected:
    explicit Owner(std::uint64_t handle) noexcept : handle_(handle) {}
    ~Owner() { destroy(); }

    /// Takes over what `create(&handle)` made, if it succeeds.
    template <class Create>
    XResult replace(Create &&create) noexcept {
        std::uint64_t made = 0;
        const XResult result = create(&made);
        if (result == kXSchedSuccess) {
            destroy();
            handle_ = made;
        }
        return result;
    }

  private:
    void destroy() noexcept {
        if (handle_ != 0) {
            (void)Destroy(release());
        }
    }

    std::uint64_t handle_;
};

/// A command's callable. The library has its address from the first submission on.
struct Work {
    virtual ~Work() = default;
    virtual XResult run(HwQueueHandle hwq) noexcept = 0;

    HwCommandHandle handle = 0;
    /// Where it was submitted last; written by the submitting thread, read by the destroying one.
    std::atomic<XQueueHandle> queue{0};
};

template <class F>
struct WorkOf final : Work {
    template <class From>
    explicit WorkOf(From &&from) : function(std::forward<From>(from)) {}
    XResult run(HwQueueHandle hwq) noexcept override { return detail::run(function, hwq); }

    F function;
};

/// Frees a callable when the library is done with it.
struct DestroyWork {
    void operator()(Work *work) const noexcept {
        XResult result = kXSchedErrorNotFound;
        if (work->handle != 0) {
            result = HwCommandDestroy(work->handle);
        }
        if (result == kXSchedErrorNotAllowed) {
            (void)XQueueWait(work->queue, work->handle);
            result = HwCommandDestroy(work->handle);
        }
        // Still pending where this thread must not wait: rather leak it than free it under its run.
        if (result != kXSchedErrorNotAllowed) {
            delete work;
        }
    }
};

} // namespace xsched::detail

#endif
