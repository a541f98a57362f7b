/*
 * Streams get the device gate where the start-up probe finds that it works, and the host gate wherever
 * it does not, with one line that says why: this program runs itself with each way in which a driver can
 * treat waits for a value, and a suspended queue holds its stream, and no other one, in all of them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "again.hpp"
#include "scheduler.hpp"

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
    FreeStream stream;
    const Queue queue(stream);
    const char *asked = std::getenv("XSCHED_GATE");
    const bool probed = asked == nullptr || std::strcmp(asked, "auto") == 0;
    CHECK(queue.on_device() == (scheduled() && probed && way.works));
    if (std::strcmp(way.wait_value, "never") == 0) {
        std::fflush(nullptr);
        _exit(0); // a stream of the probe is stuck, and with it a hardware queue
    }
    // The other streams of the probe are gone.
    CHECK(cudasim_calls("cuStreamCreate") == cudasim_calls("cuStreamDestroy_v2") + 1);
    ledger.append(stream);
    OK(cuStreamSynchronize(stream));
    check_held(stream, queue, ledger);

    queue.suspend();
    for (int i = 0; i < 8; i++) { // more than there are hardware queues
        FreeStream other;
        other_ledger.append(other);
        OK(cuStreamSynchronize(other));
    }
    CHECK(other_ledger.complete());
    queue.resume();

    Stream blocking; // it waits for others anyway
    CHECK(!Queue(blocking).on_device());
    CHECK(!Queue(nullptr).on_device());
}

/* How many lines of a child's log say that there is no device gate. */
int lines_about_the_gate(const Way &way) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        alarm(kDeadline.count());
        setenv("CUDASIM_WAIT_VALUE", way.wait_value, 1);
        setenv("XLOG_LEVEL", "INFO", 1);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl("/proc/self/exe", "again", way.wait_value, nullptr);
        _exit(1);
    }
    close(ends[1]);
    FILE *log = fdopen(ends[0], "r");
    int lines = 0;
    for (char line[1024]; std::fgets(line, sizeof line, log) != nullptr;) {
        std::fputs(line, stderr);
        lines += std::strstr(line, "no device gate") != nullptr;
    }
    std::fclose(log);
    CHECK(ended_well(wait_for_child(child)));
    return lines;
}

} // namespace

int main(int count, char **arguments) {
    needs_stand_in();
    for (const Way &way : ways) {
        if (count == 1) {
            say("%s", way.wait_value);
            CHECK(lines_about_the_gate(way) == (scheduled() && !way.works ? 1 : 0));
        } else if (std::strcmp(way.wait_value, arguments[1]) == 0) {
            gate_of(way);
            return cudasim_violations() == 0 ? 0 : 1;
        }
    }
    return 0;
}
