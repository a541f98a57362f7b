/*
 * A child that was forked before its parent used the device uses it itself. One that was forked later gets
 * what the driver has for it, whatever state its parent's queues were in: that is undefined, so on a real driver
 * the test demands no more than the same as without libxsched. The parent goes on.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "again.hpp"
#include "scheduler.hpp"

#include <sys/mman.h>

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

/* What a child asks of a driver that its parent has used. */
struct Streams {
    FreeStream stream;
    Stream blocking; // held by the host
};
constexpr struct {
    const char *name;
    CUresult (*make)(const Streams &);
} calls[] = {
    {"initialise", [](const Streams &) { return cuInit(0); }},
    {"allocate",
     [](const Streams &) {
         CUdeviceptr memory = 0;
         return cuMemAlloc(&memory, 4096);
     }},
    {"synchronise", [](const Streams &streams) { return cuStreamSynchronize(streams.stream); }},
    {"synchronise the context", [](const Streams &) { return cuCtxSynchronize(); }},
    {"launch",
     [](const Streams &streams) {
         return cuLaunchHostFunc(
             streams.stream, [](void *) {}, nullptr);
     }},
    {"launch into a blocking stream",
     [](const Streams &streams) {
         return cuLaunchHostFunc(
             streams.blocking, [](void *) {}, nullptr);
     }},
};

/* One call in a child of this process, whose queues are suspended meanwhile. */
void after_first_use(CUresult (*make)(const Streams &)) {
    Ledger ledger;
    const Streams streams;
    const Queue queue(streams.stream);
    const Queue blocking_queue(streams.blocking);
    ledger.append(streams.stream);
    OK(cuStreamSynchronize(streams.stream));
    queue.suspend();
    blocking_queue.suspend();
    void *shared =
        mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared != MAP_FAILED);
    const int status = in_child([&] {
        alarm(5); // nothing here has anything to wait for
        *static_cast<int *>(shared) = make(streams);
        _exit(0); // the driver's own exit handlers are the parent's business
    });
    if (WIFSIGNALED(status)) {
        say("ended by signal %d", WTERMSIG(status));
    } else {
        say("returned %d", *static_cast<int *>(shared));
    }
    CHECK(!on_stand_in() || ended_well(status));
    queue.resume();
    blocking_queue.resume();
    ledger.append(streams.stream);
    OK(cuStreamSynchronize(streams.stream));
    CHECK(ledger.complete());
}

/* Each in a process of its own: a driver that takes a child's launch may be broken in the parent, too. */
void in_a_child_afterwards() {
    for (const auto &call : calls) {
        say("%s", call.name);
        const int status = wait_for_child(start_again("CUDA_TEST_CASE", call.name));
        say("its parent goes on: %s", ended_well(status) ? "yes" : "no");
        CHECK(!on_stand_in() || ended_well(status));
    }
}

/*
 * Other threads may be inside the scheduler at the moment of the fork. Inside a real driver, too, whose locks
 * nobody releases in the child: so there it asks the scheduler alone.
 */
[[noreturn]] void ask_and_exit() {
    if (on_stand_in()) {
        _exit(cuCtxSynchronize() != CUDA_SUCCESS ? 0 : 1);
    }
    schedule_by_priority();
    static_cast<void>(hook_stats());
    _exit(0);
}
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
        CHECK(ended_well(in_child(ask_and_exit)));
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

int main(int count, char **arguments) {
    for (const auto &call : calls) {
        if (count > 1 && std::strcmp(arguments[1], call.name) == 0) {
            after_first_use(call.make);
            return 0;
        }
    }
    if (count > 1) {
        use_the_device();
        return finish();
    }
    RUN(before_first_use);
    RUN(in_the_parent);
    RUN(in_a_child_afterwards);
    RUN(while_threads_are_busy);
    RUN(then_exec);
    return finish();
}
