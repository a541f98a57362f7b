/*
 * A stream that was created where no hook could see it is adopted at its first use. Here a library
 * creates it that was loaded so that it finds the driver's own functions first. When it destroys one, a
 * new stream at the same address starts with a queue of its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

int main(int count, char **arguments) {
    CHECK(count == 2);
    Gpu::use();
    void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    if (library == nullptr) {
        fail(__FILE__, __LINE__, dlerror());
    }
    const auto create = reinterpret_cast<CUstream (*)()>(dlsym(library, "library_create_stream"));
    const int64_t queues = hook_stats().queues;
    const int64_t calls = hook_stats().calls;
    CUstream stream = create();
    CHECK(hook_stats().calls == calls); // nobody saw it

    {
        Ledger ledger;
        ledger.append(stream);
        OK(cuStreamSynchronize(stream));
        CHECK(ledger.complete());
        CHECK(!scheduled() || hook_stats().queues == queues + 1);
        const Queue queue(stream);
        check_held(stream, queue, ledger);
    }
    OK(cuStreamDestroy(stream));
    CHECK(hook_stats().queues == queues);

    const auto destroy =
        reinterpret_cast<void (*)(CUstream)>(dlsym(library, "library_destroy_stream"));
    for (int i = 0; i < 100; i++) {
        OK(cuStreamCreate(&stream, CU_STREAM_DEFAULT));
        const Queue queue(stream);
        CHECK(queue.stats().suspended == 0);
        queue.suspend();
        destroy(stream);
    }
    return finish();
}
