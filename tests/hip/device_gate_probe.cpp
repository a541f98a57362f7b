/*
 * Streams get the device gate where the start-up probe finds that it works, and the host gate wherever
 * it does not: this program runs itself with each way in which a runtime can treat waits for a value,
 * and a suspended queue holds its stream, and no other one, in all of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

#include <string>
#include <sys/wait.h>

namespace {

struct Way {
    const char *wait_value;
    bool works;
};

constexpr Way ways[] = {
    {"own", true},          // a stream that waits holds itself
    {"shared", false},      // and others that share its hardware queue
    {"never", false},       // and never goes on
    {"ignored", false},     // and does not wait at all
    {"unsupported", false}, // and the call fails
};

/* In a process of its own. */
void gate_of(const Way &way) {
    Ledger ledger;
    Ledger other_ledger;
    Stream stream(hipStreamNonBlocking);
    const Queue queue(stream);
    CHECK(queue.on_device() == (scheduled() && way.works));
    if (std::strcmp(way.wait_value, "never") == 0) {
        return _exit(0); // a stream of the probe is stuck, and with it a hardware queue
    }
    // The other streams of the probe are gone.
    CHECK(hipsim_calls("hipStreamCreateWithFlags") == hipsim_calls("hipStreamDestroy") + 1);
    ledger.append(stream);
    OK(hipStreamSynchronize(stream));
    check_held(stream, queue, ledger);

    queue.suspend();
    for (int i = 0; i < 8; i++) { // more than there are hardware queues
        Stream other(hipStreamNonBlocking);
        other_ledger.append(other);
        OK(hipStreamSynchronize(other));
    }
    CHECK(other_ledger.complete());
    queue.resume();

    Stream blocking; // it waits for others anyway
    CHECK(!Queue(blocking).on_device());
    CHECK(!Queue(nullptr).on_device());
}

/* This program again. */
void run_with(const Way &way) {
    const pid_t child = fork();
    if (child == 0) {
        setenv("HIPSIM_WAIT_VALUE", way.wait_value, 1);
        execl("/proc/self/exe", "device_gate_probe", way.wait_value, nullptr);
        fail(__FILE__, __LINE__, "exec");
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

} // namespace

int main(int count, char **arguments) {
    if (count == 1) {
        for (const Way &way : ways) {
            say("%s", way.wait_value);
            run_with(way);
        }
        return finish();
    }
    for (const Way &way : ways) {
        if (std::strcmp(way.wait_value, arguments[1]) == 0) {
            gate_of(way);
            return hipsim_violations() == 0 ? 0 : 1;
        }
    }
    return 1;
}
