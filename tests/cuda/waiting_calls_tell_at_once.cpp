/*
 * When a call that waits has returned, whoever was held for what it waited for goes on at once, and not
 * for more than that. The grace period is so long here that nobody else would find it out meanwhile.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

/* A queue of low priority that has work, and so is held while the other one has. */
class Pair {
  public:
    explicit Pair(CUstream high_stream) : high_stream_(high_stream), high_(high_stream) {
        schedule_by_priority();
        low_.priority(1);
        high_.priority(10);
    }
    ~Pair() {
        blocker_.open();
        OK(cuCtxSynchronize());
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
        say("%s", call);
        block();
        open();
        wait();
        CHECK(!holds());
        // Not even if it was itself found idle.
        const int64_t suspends = low_.stats().suspends;
        launch_low();
        CHECK(low_.stats().suspends == suspends);
    }

  private:
    Ledger ledger_;
    Blocker blocker_;
    FreeStream low_stream_;
    Queue low_{low_stream_};
    CUstream high_stream_;
    Queue high_;
};

void of_a_stream() {
    FreeStream stream;
    Event event;
    Pair pair(stream);
    pair.waited_for_by("cuStreamSynchronize", [&] { OK(cuStreamSynchronize(stream)); });
    pair.waited_for_by("cuStreamQuery", [&] { WAIT_FOR(cuStreamQuery(stream) == CUDA_SUCCESS); });
    pair.waited_for_by("cuCtxSynchronize", [&] { OK(cuCtxSynchronize()); });
    pair.waited_for_by("cuEventSynchronize", [&] {
        OK(cuEventRecord(event, stream));
        OK(cuEventSynchronize(event));
    });
    pair.block();
    EXPECT(CUDA_ERROR_NOT_READY, cuStreamQuery(stream));
    CHECK(!scheduled() || pair.holds());
}

/* What the event stood behind before is not waited for, nor what one stood behind that is gone. */
void of_an_event_recorded_again() {
    FreeStream stream;
    FreeStream other;
    const Queue other_queue(other);
    Ledger ledger;
    CUevent event = nullptr;
    OK(cuEventCreate(&event, CU_EVENT_DISABLE_TIMING));
    Pair pair(stream);
    other_queue.priority(10);
    pair.block();
    OK(cuEventRecord(event, stream));
    ledger.append(other);
    OK(cuEventRecord(event, other));
    OK(cuEventSynchronize(event));
    CHECK(ledger.complete());
    CHECK(!scheduled() || pair.holds());

    OK(cuEventRecord(event, stream));
    OK(cuEventDestroy(event));
    CUevent never_recorded[20];
    for (CUevent &each : never_recorded) {
        OK(cuEventCreate(&each, CU_EVENT_DISABLE_TIMING));
        OK(cuEventSynchronize(each));
    }
    CHECK(!scheduled() || pair.holds());
    for (CUevent each : never_recorded) {
        OK(cuEventDestroy(each));
    }
}

void of_the_null_stream() {
    Words from(64);
    Words to(64);
    std::vector<uint32_t> host(from.count());
    Pair pair(nullptr);
    pair.waited_for_by("cuMemcpyHtoD",
                       [&] { OK(cuMemcpyHtoD(from.data(), host.data(), from.bytes())); });
    pair.waited_for_by("cuMemcpyDtoH",
                       [&] { OK(cuMemcpyDtoH(host.data(), from.data(), from.bytes())); });
    // These wait for nothing.
    pair.block();
    OK(cuMemcpyDtoD(to.data(), from.data(), from.bytes()));
    CHECK(!scheduled() || pair.holds());
    OK(cuMemsetD32(to.data(), 0, to.count()));
    CHECK(!scheduled() || pair.holds());
}

/* What another thread launches while this one waits is not waited for. */
void what_comes_meanwhile(CUstream stream, CUresult (*wait)(CUstream)) {
    Blocker later;
    Pair pair(stream);
    pair.block();
    std::atomic<bool> waits{false};
    std::atomic<bool> returned{false};
    std::thread waiting = on_gpu([&] {
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
    std::thread launching = on_gpu([&pair] { pair.launch_low(); });
    WAIT_FOR(!scheduled() || pair.holds());
    later.open();
    OK(cuStreamSynchronize(stream));
    launching.join();
    waiting.join();
}

void of_an_earlier_part() {
    FreeStream stream;
    what_comes_meanwhile(stream, cuStreamSynchronize);
    what_comes_meanwhile(stream, [](CUstream) { return cuCtxSynchronize(); });
}

} // namespace

int main() {
    Gpu::use();
    RUN(of_a_stream);
    RUN(of_an_event_recorded_again);
    RUN(of_the_null_stream);
    RUN(of_an_earlier_part);
    return finish();
}
