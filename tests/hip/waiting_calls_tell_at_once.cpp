/*
 * When a call that waits has returned, whoever was held for what it waited for goes on at once, and not
 * for more than that. The grace period is so long here that nobody else would find it out meanwhile.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

/* A queue of low priority that has work, and so is held while the other one has. */
class Pair {
  public:
    explicit Pair(hipStream_t high_stream) : high_stream_(high_stream), high_(high_stream) {
        schedule_by_priority();
        low_.priority(1);
        high_.priority(10);
    }
    ~Pair() {
        blocker_.open();
        OK(hipDeviceSynchronize());
        CHECK(ledger_.complete());
    }

    bool holds() const { return low_.stats().suspended == 1; }
    void block() {
        launch_low();
        blocker_.close();
        blocker_.block(high_stream_);
        CHECK(!scheduled() || holds());
    }
    void open() { blocker_.open(); }
    void launch_low() { ledger_.append(low_stream_); }

    template <typename Wait>
    void waited_for_by(const char *call, Wait wait) {
        block();
        open();
        wait();
        CHECK(!holds());
        // Not even if it was itself found idle.
        const int64_t suspends = low_.stats().suspends;
        launch_low();
        CHECK(low_.stats().suspends == suspends);
        say("%s", call);
    }

  private:
    Ledger ledger_;
    Blocker blocker_;
    Stream low_stream_{hipStreamNonBlocking};
    Queue low_{low_stream_};
    hipStream_t high_stream_;
    Queue high_;
};

void of_a_stream() {
    Stream stream(hipStreamNonBlocking);
    hipEvent_t event = nullptr;
    OK(hipEventCreateWithFlags(&event, hipEventDisableTiming));
    Words words(64);
    std::vector<uint32_t> host(words.count());
    {
        Pair pair(stream);
        pair.waited_for_by("hipStreamSynchronize", [&] { OK(hipStreamSynchronize(stream)); });
        pair.waited_for_by("hipStreamQuery",
                           [&] { WAIT_FOR(hipStreamQuery(stream) == hipSuccess); });
        pair.waited_for_by("hipDeviceSynchronize", [&] { OK(hipDeviceSynchronize()); });
        pair.waited_for_by("hipEventSynchronize", [&] {
            OK(hipEventRecord(event, stream));
            OK(hipEventSynchronize(event));
        });
        pair.waited_for_by("hipMemcpyWithStream", [&] {
            OK(hipMemcpyWithStream(host.data(), words.data(), words.bytes(), hipMemcpyDeviceToHost,
                                   stream));
        });
        pair.block();
        EXPECT(hipErrorNotReady, hipStreamQuery(stream));
        CHECK(!scheduled() || pair.holds());
    }
    OK(hipEventDestroy(event));
}

/* What the event stood behind before is not waited for. */
void of_an_event_recorded_again() {
    Stream stream(hipStreamNonBlocking);
    Stream other(hipStreamNonBlocking);
    const Queue other_queue(other);
    Ledger ledger;
    hipEvent_t event = nullptr;
    OK(hipEventCreate(&event));
    {
        Pair pair(stream);
        other_queue.priority(10);
        pair.block();
        OK(hipEventRecord(event, stream));
        Ledger::Page *page = ledger.page();
        uint32_t index = ledger.take_index();
        void *arguments[] = {&page, &index};
        OK(hipExtLaunchKernel(host_function(kAppend), dim3(1), dim3(64), arguments, 0, other,
                              nullptr, event, 0));
        OK(hipEventSynchronize(event));
        CHECK(ledger.complete());
        CHECK(!scheduled() || pair.holds());

        // Nor what an event stood behind that is gone, by a new one at its address.
        OK(hipEventRecord(event, stream));
        OK(hipEventDestroy(event));
        hipEvent_t never_recorded[20];
        for (hipEvent_t &each : never_recorded) {
            OK(hipEventCreate(&each));
            OK(hipEventSynchronize(each));
        }
        CHECK(!scheduled() || pair.holds());
        for (hipEvent_t each : never_recorded) {
            OK(hipEventDestroy(each));
        }
    }
}

void of_the_null_stream() {
    Words from(64);
    Words to(64);
    std::vector<uint32_t> host(from.count());
    Pair pair(nullptr);
    pair.waited_for_by("hipMemcpy to the device", [&] {
        OK(hipMemcpy(from.data(), host.data(), from.bytes(), hipMemcpyHostToDevice));
    });
    pair.waited_for_by("hipMemcpyDtoH",
                       [&] { OK(hipMemcpyDtoH(host.data(), from.data(), from.bytes())); });
    // These two wait for nothing.
    pair.block();
    OK(hipMemcpy(to.data(), from.data(), from.bytes(), hipMemcpyDeviceToDevice));
    CHECK(!scheduled() || pair.holds());
    OK(hipMemset(to.data(), 0, to.bytes()));
    CHECK(!scheduled() || pair.holds());
}

/* What another thread launches while this one waits is not waited for. */
void what_comes_meanwhile(hipStream_t stream, hipError_t (*wait)(hipStream_t)) {
    Blocker later;
    Pair pair(stream);
    pair.block();
    std::atomic<bool> waits{false};
    std::atomic<bool> returned{false};
    std::thread waiting([&] {
        waits = true;
        OK(wait(stream));
        returned = true;
    });
    WAIT_FOR(waits.load());
    std::this_thread::sleep_for(std::chrono::milliseconds(20)); // it most likely waits by now
    later.block(stream);
    pair.open();
    for (int i = 0; i < 100 && !returned; i++) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::thread launching([&pair] { pair.launch_low(); });
    WAIT_FOR(!scheduled() || pair.holds());
    later.open();
    OK(hipStreamSynchronize(stream));
    launching.join();
    waiting.join();
}

void of_an_earlier_part() {
    Stream stream(hipStreamNonBlocking);
    what_comes_meanwhile(stream, hipStreamSynchronize);
    what_comes_meanwhile(stream, [](hipStream_t) { return hipDeviceSynchronize(); });
    what_comes_meanwhile(stream, [](hipStream_t copies_in) {
        uint32_t host = 0;
        Words word(1);
        return hipMemcpyWithStream(&host, word.data(), word.bytes(), hipMemcpyDeviceToHost,
                                   copies_in);
    });
}

} // namespace

int main() {
    RUN(of_a_stream);
    RUN(of_an_event_recorded_again);
    RUN(of_the_null_stream);
    RUN(of_an_earlier_part);
    return finish();
}
