/*
 * Streams that come and go leave nothing behind, neither memory nor queues.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../interposed/growth.hpp"
#include "kernels.hpp"
#include "scheduler.hpp"

int main() {
    Words words(64);
    const int64_t queues = hook_stats().queues;
    check_no_growth(10000, [&] {
        Stream stream;
        OK(launch(kFill, stream, words.data(), words.count(), 1u));
        OK(hipStreamSynchronize(stream));
    });
    CHECK(hook_stats().queues <= queues + 1); // the null stream may have come in between
    return finish();
}
