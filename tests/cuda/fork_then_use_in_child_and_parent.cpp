/*
 * A child that was forked before its parent used the device uses it itself; one that was forked later
 * gets the driver's own refusal and ends normally, whatever state its parent's queues were in. The
 * parent notices nothing of either.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "again.hpp"
#include "scheduler.hpp"

namespace {

void use_the_device() {
    Ledger ledger;
    FreeStream stream;
    const Queue queue(stream);
    for (int i = 0; i < 10; i++) {
        ledger.append(stream);
    }
    OK(cuCtxSynchronize());
    CHECK(ledger.complete());
    check_held(stream, queue, ledger);
}

void before_first_use() {
    CHECK(ended_well(in_child(use_the_device)));
}
void in_the_parent() {
    use_the_device();
}

void after_first_use() {
    Ledger ledger;
    FreeStream stream;
    Stream blocking; // held by the host
    const Queue queue(stream);
    const Queue blocking_queue(blocking);
    ledger.append(stream);
    OK(cuStreamSynchronize(stream));
    queue.suspend();
    blocking_queue.suspend();
    CHECK(ended_well(in_child([&] {
        // What the parent's suspended stream and the driver itself answer; none of it may wait.
        CUdeviceptr memory = 0;
        say("initialise in the child: %d", cuInit(0));
        say("launch in the child: %d", cuLaunchHostFunc(
                                           stream, [](void *) {}, nullptr));
        say("another one: %d", cuLaunchHostFunc(
                                   blocking, [](void *) {}, nullptr));
        say("synchronise in the child: %d", cuStreamSynchronize(stream));
        say("allocate in the child: %d", cuMemAlloc(&memory, 4096));
        say("context synchronise in the child: %d", cuCtxSynchronize());
        _exit(0); // the driver's own exit handlers are the parent's business
    })));
    queue.resume();
    blocking_queue.resume();
    ledger.append(stream);
    OK(cuStreamSynchronize(stream));
    CHECK(ledger.complete());
}

/* Other threads may be inside the scheduler at the moment of the fork. */
void while_threads_are_busy() {
    std::atomic<bool> stop{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++) {
        threads.push_back(on_gpu([&stop] {
            Ledger ledger;
            while (!stop && ledger.launched() < 4000) {
                ledger.append(CU_STREAM_PER_THREAD);
            }
            OK(cuStreamSynchronize(CU_STREAM_PER_THREAD));
            CHECK(ledger.complete());
        }));
    }
    for (int i = 0; i < 30; i++) {
        CHECK(ended_well(in_child([] { _exit(cuCtxSynchronize() != CUDA_SUCCESS ? 0 : 1); })));
    }
    stop = true;
    for (std::thread &thread : threads) {
        thread.join();
    }
}

/* A child that becomes another program is not concerned. */
void then_exec() {
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        execl("/proc/self/exe", "again", "again", nullptr);
        _exit(1);
    }
    CHECK(ended_well(wait_for_child(child)));
}

} // namespace

int main(int count, char **) {
    if (count > 1) {
        use_the_device();
        return finish();
    }
    RUN(before_first_use);
    RUN(in_the_parent);
    RUN(after_first_use);
    RUN(while_threads_are_busy);
    RUN(then_exec);
    return finish();
}
