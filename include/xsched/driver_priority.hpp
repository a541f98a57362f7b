/*
 * The hardware's priority for an XQueue's. Part of torch.hpp; depends on nothing else.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef XSCHED_DRIVER_PRIORITY_HPP
#define XSCHED_DRIVER_PRIORITY_HPP

#include "../xsched.h"

namespace xsched {

/// The driver's stream priority for an XQueue's priority; `least` and `greatest` are what the driver
/// says its range is (a smaller number is a higher priority, 0 is what streams have by default). It
/// keeps the order: each doubling of a positive priority is one step, as far as the driver has steps.
constexpr int driver_priority(Priority priority, int least, int greatest) noexcept {
    if (priority < 0) {
        return least;
    }
    int level = 0;
    for (Priority rest = priority; rest > 0 && level > greatest; rest >>= 1) {
        --level;
    }
    return level;
}

} // namespace xsched

#endif
