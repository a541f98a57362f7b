/*
 * Contexts that come and go leave nothing behind, neither memory nor queues; held queues go with them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "repeat.hpp"
#include "contexts.hpp"

int main() {
    Gpu::use();
    const int64_t queues = hook_stats().queues;
    repeat(1000, 20, [] {
        Context context;
        CUstream stream = context.create_stream();
        const Queue queue(stream);
        context.within([&] { OK(context.kernels().empty(stream)); });
        queue.suspend();
    });
    CHECK(hook_stats().queues == queues);
    return finish();
}
