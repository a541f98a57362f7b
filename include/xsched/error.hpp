/*
 * Failures as exceptions. Part of xsched.hpp. SPDX-License-Identifier: Apache-2.0
 */
#ifndef XSCHED_ERROR_HPP
#define XSCHED_ERROR_HPP

#include <exception>
#include <stdexcept>

#include "../xsched.h"

namespace xsched {

/// A failed call: its result code, and as what() the library's message with function and argument.
class Error : public std::runtime_error {
  public:
    /// For failures of your own, too: thrown in a command it makes `code` the command's result.
    Error(XResult code, const char *message) : std::runtime_error(message), code_(code) {}
    /// The result of the call that failed.
    XResult code() const noexcept { return code_; }

  private:
    XResult code_;
};

/// Throws Error if `result` is a failure. Must follow the C call on the same thread.
inline void check(XResult result) {
    if (result != kXSchedSuccess) {
#ifdef __cpp_exceptions
        throw Error(result, XSchedLastErrorMessage());
#else
        std::terminate();
#endif
    }
}

} // namespace xsched

#endif
