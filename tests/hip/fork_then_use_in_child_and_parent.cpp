/*
 * A child that was forked before its parent used the device uses it itself; one that was forked later
 * gets the runtime's own refusal and ends normally, whatever state its parent's queues were in. The
 * parent notices nothing of either.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

#include <sys/wait.h>

namespace {

void use_the_device() {
    Ledger ledger;
    Stream stream;
    const Queue queue(stream);
    for (int i = 0; i < 10; i++) {
        ledger.append(stream);
        ledger.append(nullptr);
    }
    OK(hipDeviceSynchronize());
    CHECK(ledger.complete());
    check_held(stream, queue, ledger);
}

/* Runs `body` in a child, which has to end well. */
template <typename Body>
void in_child(Body body) {
    int status = 0;
    const pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        alarm(kDeadline.count()); // ends a child that hangs
        body();
        std::exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

void before_first_use() {
    in_child(use_the_device);
}
void in_the_parent() {
    use_the_device();
}

void after_first_use() {
    Ledger ledger;
    Stream stream(hipStreamNonBlocking);
    const Queue queue(stream);
    ledger.append(stream);
    OK(hipStreamSynchronize(stream));
    queue.suspend();
    in_child([&] {
        // What the parent's suspended stream and the runtime itself answer; none of it may wait.
        say("launch in the child: %d", launch(kAppend, stream, ledger.page(), 1u));
        say("synchronise in the child: %d", hipStreamSynchronize(stream));
        say("event query in the child: %d", hipEventQuery(nullptr));
        void *memory = nullptr;
        say("allocate in the child: %d", hipMalloc(&memory, 4096));
        say("device synchronise in the child: %d", hipDeviceSynchronize());
    });
    queue.resume();
    ledger.append(stream);
    OK(hipStreamSynchronize(stream));
    CHECK(ledger.complete());
}

/* Other threads may be inside the scheduler at the moment of the fork. */
void while_threads_are_busy() {
    std::atomic<bool> stop{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++) {
        threads.emplace_back([&stop] {
            Ledger ledger;
            while (!stop && ledger.launched() < 4000) {
                ledger.append(hipStreamPerThread);
            }
            OK(hipStreamSynchronize(hipStreamPerThread));
            CHECK(ledger.complete());
        });
    }
    for (int i = 0; i < 30; i++) {
        in_child([] { CHECK(hipDeviceSynchronize() != hipSuccess); });
    }
    stop = true;
    for (std::thread &thread : threads) {
        thread.join();
    }
}

} // namespace

int main() {
    RUN(before_first_use);
    RUN(in_the_parent);
    RUN(after_first_use);
    RUN(while_threads_are_busy);
    return finish();
}
