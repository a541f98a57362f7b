/*
 * When XQueueSuspend with kQueueSuspendFlagSyncHwQueue has returned nothing of the stream runs any more, and
 * nothing starts before the resumption; with every time budget, also 0: a gate before every command.
 * This program runs itself with each.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "again.hpp"
#include "scheduler.hpp"

namespace {

constexpr int kRounds = 20;

/* A thread that launches as fast as it may until it is told to stop. */
class Load {
  public:
    explicit Load(uint32_t us) : us_(us), thread_(on_gpu([this] { run(); })) {}
    ~Load() {
        stop_ = true;
        thread_.join();
        OK(cuStreamSynchronize(stream_));
        CHECK(ledger_.complete());
    }

    const Queue &queue() const { return queue_; }
    uint32_t count() const { return ledger_.count(); }

  private:
    void run() {
        while (!stop_ && ledger_.launched() < Ledger::kMost) {
            ledger_.work(stream_, us_);
        }
    }

    uint32_t us_;
    FreeStream stream_;
    Queue queue_{stream_};
    Ledger ledger_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

void suspended_and_resumed(uint32_t us) {
    Load load(us);
    for (int round = 0; round < kRounds; round++) {
        const uint32_t before = load.count();
        WAIT_FOR(load.count() > before || load.count() == Ledger::kMost);
        load.queue().suspend_until_quiet();
        const uint32_t count = load.count();
        if (scheduled()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            CHECK(load.count() == count);
        }
        load.queue().resume();
    }
    if (scheduled() && load.queue().on_device()) {
        CHECK(load.queue().stats().gates > 0);
    }
}

void of_short_kernels() {
    suspended_and_resumed(5);
}
void of_long_kernels() {
    suspended_and_resumed(1000);
}

/* With the device gate every command has one in front of it, which the device counts. */
void as_many_gates_as_commands() {
    FreeStream stream;
    const Queue queue(stream);
    Ledger ledger;
    check_held(stream, queue, ledger); // prepared for suspension from here on
    const auto counted = [] { return on_stand_in() ? cudasim_calls("cuStreamBatchMemOp_v2") : 0; };
    const XQueueStats before = queue.stats();
    const uint64_t counted_before = counted();
    for (int i = 0; i < 100; i++) {
        ledger.append(stream);
    }
    const XQueueStats after = queue.stats();
    if (queue.on_device()) {
        const int64_t gates = after.gates - before.gates;
        CHECK(gates == after.commands - before.commands);
        CHECK(!on_stand_in() || static_cast<int64_t>(counted() - counted_before) == gates);
    }
    OK(cuStreamSynchronize(stream));
    CHECK(ledger.complete());
}

} // namespace

int main(int count, char **arguments) {
    if (count == 1) {
        again_with("XSCHED_BUDGET_US", "0");
        again_with("XSCHED_BUDGET_US", "100");
        return finish();
    }
    RUN(of_short_kernels);
    RUN(of_long_kernels);
    if (std::strcmp(arguments[1], "0") == 0) {
        RUN(as_many_gates_as_commands);
    }
    return finish();
}
