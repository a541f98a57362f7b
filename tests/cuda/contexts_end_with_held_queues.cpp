/*
 * A context ends while queues of its streams are suspended, gates closed, threads held: the call returns,
 * the threads get the driver's own answer, and what comes at its address later has nothing to do with it.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "contexts.hpp"

namespace {

/* Has a queue of each kind in the context, suspended, with work behind closed gates where there are any. */
void leave_held_queues(const Context &context) {
    CUstream stream = context.create_stream();
    CUstream blocking = context.create_stream(CU_STREAM_DEFAULT);
    Ledger ledger(context.kernels());
    const Queue queue(stream);
    CHECK(queue.on_device() == wants_device_gate());
    check_held_in(context, stream, queue, ledger);
    Queue(blocking).suspend();
    queue.suspend();
    context.within([&] {
        Queue(nullptr).suspend();
        Queue(CU_STREAM_PER_THREAD).suspend();
        if (queue.on_device()) {
            OK(cuLaunchHostFunc(
                stream, [](void *) {}, nullptr));
        }
    });
}

void destroyed() {
    const int64_t queues = hook_stats().queues;
    for (int i = 0; i < 20; i++) {
        Context context;
        leave_held_queues(context);
        context.destroy();
        CHECK(hook_stats().queues == queues);
    }
}

/* A thread is held at a gate of the host when its context goes. */
void destroyed_while_a_thread_is_held() {
    Context context;
    CUstream stream = context.create_stream(CU_STREAM_DEFAULT);
    const Queue queue(stream);
    queue.suspend();
    std::atomic<bool> returned{false};
    std::thread launching([&] {
        OK(cuCtxSetCurrent(context));
        static_cast<void>(cuLaunchHostFunc(
            stream, [](void *) {}, nullptr));
        returned = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(30)); // it most likely waits by now
    CHECK(returned != scheduled());
    context.destroy();
    launching.join();
}

/* The other queues of the device go on; one that was held for the context's queue is not any more. */
void releases_whom_it_held() {
    Ledger ledger;
    FreeStream low_stream;
    const Queue low(low_stream);
    schedule_by_priority();
    low.priority(1);
    ledger.append(low_stream);
    OK(cuStreamSynchronize(low_stream));
    Context context;
    CUstream high_stream = context.create_stream();
    const Queue high(high_stream);
    high.priority(10);
    SharedMemory word(4);
    OK(cuCtxPushCurrent(context));
    OK(context.kernels().block_u32(high_stream, word.device()));
    CUcontext popped = nullptr;
    OK(cuCtxPopCurrent(&popped));
    std::thread launching = on_gpu([&] {
        for (int i = 0; i < 10; i++) {
            ledger.append(low_stream);
        }
    });
    WAIT_FOR(!scheduled() || low.stats().suspended == 1);
    word.as<std::atomic<uint32_t>>()->store(1);
    context.destroy(); // nobody synchronised the stream
    launching.join();
    OK(cuStreamSynchronize(low_stream));
    CHECK(ledger.complete());
}

/* The primary context is reset and comes again, at the same address perhaps. */
void primary_context_is_reset() {
    CUdevice device = 0;
    OK(cuDeviceGet(&device, 0));
    for (int i = 0; i < 5; i++) {
        CUcontext context = nullptr;
        CUstream stream = nullptr;
        Kernels kernels;
        OK(cuDevicePrimaryCtxRetain(&context, device));
        OK(cuCtxSetCurrent(context));
        OK(kernels.load());
        OK(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
        {
            Ledger ledger(kernels);
            const Queue queue(stream);
            CHECK(queue.stats().suspended == 0);
            ledger.append(stream);
            ledger.append(stream);
            OK(cuStreamSynchronize(stream));
            CHECK(ledger.complete());
            queue.suspend();
            Queue(nullptr).suspend();
        }
        if (i % 2 == 0) {
            OK(cuDevicePrimaryCtxReset(device));
            OK(cuDevicePrimaryCtxRelease(device));
        } else {
            OK(cuDevicePrimaryCtxRelease(device)); // the last one
        }
        OK(cuCtxSetCurrent(nullptr));
        CHECK(hook_stats().queues == 0);
    }
}

} // namespace

int main() {
    OK(cuInit(0));
    RUN(primary_context_is_reset);
    RUN(destroyed);
    if (on_stand_in()) { // on a device the thread would come to a stream that is gone
        RUN(destroyed_while_a_thread_is_held);
    }
    RUN(releases_whom_it_held);
    return finish();
}
