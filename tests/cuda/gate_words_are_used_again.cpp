/*
 * A stream is destroyed while gates of its queue still stand in it. What holds a later queue holds
 * nothing of the old stream, whose last command would be waited for for ever otherwise; and counts that the
 * old stream still writes are not taken for the progress of a later one.
 *
 * A real driver may wait in calls that the stand-in's returns from at once while a kernel runs, so nothing is
 * made meanwhile that can be made before, and the stream is destroyed by a thread of its own.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

constexpr int kLater = 80; // more than words are allocated at a time

/* Opens a blocker when it is told to, or after ten seconds: then the driver waits, and this says so. */
class Opener {
  public:
    explicit Opener(Blocker &blocker)
        : thread_([this, &blocker] {
              for (int i = 0; i < 10'000 && !now_; i++) {
                  std::this_thread::sleep_for(std::chrono::milliseconds(1));
              }
              late_ = !now_;
              blocker.open();
          }) {}

    ~Opener() { open(); }

    /* False if it was open already. */
    bool open() {
        now_ = true;
        if (thread_.joinable()) {
            thread_.join();
        }
        return !late_;
    }

  private:
    std::atomic<bool> now_{false};
    bool late_ = false;
    std::thread thread_;
};

/* So many words are unused from here on, each of which was used. */
void use_words(int count) {
    std::vector<std::unique_ptr<FreeStream>> streams;
    for (int i = 0; i < count; i++) {
        streams.push_back(std::make_unique<FreeStream>());
        CHECK(Queue(*streams.back()).on_device() == wants_device_gate());
    }
}

void destroyed_with_gates_in_it() {
    Ledger ledger;
    Ledger later_ledger;
    Blocker blocker;
    CUstream stream = nullptr;
    CUstream later[kLater];
    use_words(kLater + 1);
    for (CUstream &each : later) {
        OK(cuStreamCreate(&each, CU_STREAM_NON_BLOCKING));
    }
    OK(cuStreamCreate(&stream, CU_STREAM_NON_BLOCKING));
    on_gpu([&] {
        const Queue queue(stream);
        check_held(stream, queue, ledger);
        blocker.block(stream);
        if (queue.on_device()) {
            queue.suspend();
            ledger.append(stream); // behind a gate
            queue.resume();
        }
        ledger.append(stream);
    }).join(); // no thread remembers the stream any more

    Opener opener(blocker);
    const int64_t queues = hook_stats().queues;
    std::atomic<bool> destroyed{false};
    std::thread destroying = on_gpu([&] {
        OK(cuStreamDestroy(stream));
        destroyed = true;
    });
    WAIT_FOR(!scheduled() || hook_stats().queues < queues);
    WAIT_FOR(!on_stand_in() || destroyed);
    for (CUstream each : later) {
        const Queue queue(each);
        queue.suspend();
        if (queue.on_device()) { // it stands there, whatever the old stream writes
            OK(cuLaunchHostFunc(
                each, [](void *) {}, nullptr));
        }
    }
    const bool returned = destroyed;
    const bool beside = opener.open() && returned; // the gates stood beside the old stream
    if (!beside) {                                 // while a call waits, gates are open
        std::fputs("NOT TESTED: this driver waits for the kernel\n", stderr);
    }
    CHECK(!on_stand_in() || beside);
    destroying.join();
    WAIT_FOR(ledger.complete());
    for (CUstream each : later) {
        const Queue queue(each);
        if (beside && queue.on_device()) {
            CHECK(queue.stats().in_flight == 1);
        }
        queue.resume();
        later_ledger.append(each);
        OK(cuStreamSynchronize(each));
        OK(cuStreamDestroy(each));
    }
    CHECK(later_ledger.complete());
}

} // namespace

int main() {
    RUN(destroyed_with_gates_in_it);
    return finish();
}
