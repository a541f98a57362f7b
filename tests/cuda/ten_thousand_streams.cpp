/*
 * Streams that come and go leave nothing behind, neither memory nor queues.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "repeat.hpp"
#include "scheduler.hpp"

int main() {
    Gpu::use();
    const int64_t queues = hook_stats().queues;
    repeat(10000, 2000, [] {
        FreeStream stream;
        OK(Gpu::use().kernels.empty(stream));
        OK(cuStreamSynchronize(stream));
    });
    CHECK(hook_stats().queues <= queues + 1); // the null stream may have come in between
    return finish();
}
