/*
 * A process is killed while its gates are closed and its streams stand at them. The next one finds a device
 * that works.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "again.hpp"
#include "scheduler.hpp"

#include <csignal>
#include <string>

namespace {

/* Until somebody ends it. */
[[noreturn]] void hold_for_ever() {
    Ledger ledger;
    FreeStream stream;
    const Queue queue(stream);
    check_held(stream, queue, ledger);
    queue.suspend();
    if (queue.on_device()) {
        for (int i = 0; i < 100; i++) {
            ledger.append(stream);
        }
    }
    say("held");
    for (;;) {
        pause();
    }
}

/* This program, which has said that it holds its stream. */
pid_t start_holding() {
    int ends[2];
    char said[5] = {};
    CHECK(pipe(ends) == 0);
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        alarm(kDeadline.count());
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl("/proc/self/exe", "again", "hold", nullptr);
        _exit(1);
    }
    close(ends[1]);
    CHECK(read(ends[0], said, 4) == 4);
    close(ends[0]);
    CHECK(std::string(said) == "held");
    return child;
}

void then_the_next_one_works() {
    for (int i = 0; i < 3; i++) {
        const pid_t child = start_holding();
        CHECK(kill(child, SIGKILL) == 0);
        CHECK(WIFSIGNALED(wait_for_child(child)));
    }
    LowAndHigh pair;
    check_held(pair.low_stream, pair.low, pair.low_ledger);
    pair.high_ledger.append(pair.high_stream);
    pair.end();
}

} // namespace

int main(int count, char **) {
    if (count > 1) {
        hold_for_ever();
    }
    RUN(then_the_next_one_works);
    return finish();
}
