/*
 * A queue whose commands are longer than the time budget and take what is predicted soon needs no gates: each
 * command is launched when the one in front is about to be done. It is held all the same, by the application
 * and by a queue of higher priority, and every command still runs once and in order.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

constexpr uint32_t kUs = 15000; /* against which the stand-in's thread is seldom late by much */
constexpr int kStretch = 4;     /* pairs of commands without a gate */
constexpr int kAttempts = 800;  /* stretches until then, on a machine that has other things to do */
constexpr int kRounds = 5;
constexpr uint32_t kMostOnTheWay =
    4; /* pairs; one runs and one is next, if all goes as predicted */

/* A thread that keeps a stream busy until it is told to stop. */
class Load {
  public:
    Load(const Queue &queue, CUstream stream, Ledger &ledger)
        : queue_(queue), stream_(stream), ledger_(ledger), thread_(on_gpu([this] { run(); })) {}
    ~Load() {
        stop_ = true;
        thread_.join();
    }

    /* Until launches have gone on for a while without a gate. */
    void wait_for_launches_without_gates() const {
        for (int attempt = 0; attempt < kAttempts; attempt++) {
            const int64_t gates = queue_.stats().gates;
            const uint32_t count = ledger_.count();
            const uint32_t launched = launched_;
            WAIT_FOR(ledger_.count() >= count + kStretch && launched_ >= launched + kStretch);
            if (queue_.stats().gates == gates) {
                return;
            }
        }
        fail(__FILE__, __LINE__, "every command still has a gate");
    }

  private:
    void run() {
        constexpr uint32_t kAhead = 8; /* what is timed goes behind them */
        while (!stop_) {
            if (ledger_.launched() - ledger_.count() < kAhead) {
                ledger_.work(stream_, kUs);
                launched_++;
            } else {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
        }
    }

    const Queue &queue_;
    CUstream stream_;
    Ledger &ledger_;
    std::atomic<uint32_t> launched_{0};
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

void suspended_by_the_application() {
    LowAndHigh pair;
    {
        const Load load(pair.low, pair.low_stream, pair.low_ledger);
        for (int round = 0; round < kRounds; round++) {
            load.wait_for_launches_without_gates();
            pair.low.suspend_until_quiet();
            if (scheduled()) {
                CHECK_STANDS_STILL(pair.low_ledger.count());
            }
            pair.low.resume();
        }
    }
    pair.end();
    CHECK(!pair.low.on_device() || pair.low.stats().gates > 0); /* at first */
}

void held_for_a_higher_priority() {
    LowAndHigh pair;
    {
        const Load load(pair.low, pair.low_stream, pair.low_ledger);
        for (int round = 0; round < kRounds; round++) {
            load.wait_for_launches_without_gates();
            Blocker blocker;
            blocker.block(pair.high_stream);
            if (scheduled()) {
                WAIT_FOR(pair.holds());
                const uint32_t before = pair.low_ledger.count();
                uint32_t done = 0;
                do { /* what was on its way */
                    done = pair.low_ledger.count();
                    std::this_thread::sleep_for(std::chrono::milliseconds(30));
                } while (pair.low_ledger.count() != done);
                CHECK(done < before + kMostOnTheWay);
            }
            blocker.open();
            OK(cuStreamSynchronize(pair.high_stream));
        }
    }
    pair.end();
    CHECK(!scheduled() || pair.low.stats().suspends > 0);
}

} // namespace

int main() {
    RUN(suspended_by_the_application);
    RUN(held_for_a_higher_priority);
    return finish();
}
