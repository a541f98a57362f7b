/*
 * Contexts that come and go leave nothing behind, neither memory nor queues; held queues go with them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "../interposed/growth.hpp"
#include "contexts.hpp"

int main() {
    Gpu::use();
    // A real driver takes its time for a context, and 128 bytes are little beside what one is.
    const int rounds = on_stand_in() ? 1000 : 50;
    const int64_t queues = hook_stats().queues;
    const auto round = [] {
        Context context;
        CUstream stream = context.create_stream();
        const Queue queue(stream);
        context.within([&] { OK(context.kernels().empty(stream)); });
        queue.suspend();
    };
    if (on_stand_in()) {
        check_no_growth(rounds, round);
    } else {
        for (int i = 0; i < rounds; i++) {
            round();
        }
    }
    CHECK(hook_stats().queues == queues);
    return finish();
}
