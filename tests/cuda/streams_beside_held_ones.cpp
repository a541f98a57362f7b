/*
 * A driver makes room for streams a few at a time. When there is none it may wait for everything in the context:
 * also for a stream at a closed gate, which only the waiting thread would open, or which is held for the very
 * queue that the stream is made for. The gates give way.
 *
 * A real driver does so when a stream is made, or when it is first used, after some dozens. The stand-in waits
 * whenever one is made.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

constexpr int kStreams = 100;

/* The same thread suspends, makes streams, and resumes. */
void while_one_is_suspended() {
    FreeStream stream;
    const Queue queue(stream);
    Ledger ledger;
    Ledger others_ledger;
    std::vector<std::unique_ptr<FreeStream>> others;
    check_held(stream, queue, ledger);
    queue.suspend();
    for (int i = 0; i < kStreams; i++) {
        if (queue.on_device()) {
            ledger.append(stream); // it stands there, until gates give way
        }
        others.push_back(std::make_unique<FreeStream>());
        others_ledger.append(*others.back());
        OK(cuStreamSynchronize(*others.back()));
    }
    CHECK(others_ledger.complete());
    queue.resume();
    OK(cuStreamSynchronize(stream));
    CHECK(ledger.complete());
    check_held(stream, queue, ledger); // the gate closes again
}

/* Each is suspended before its first command, and the same thread resumes them. */
void while_all_are_suspended() {
    Ledger ledger;
    std::vector<std::unique_ptr<FreeStream>> streams;
    for (int i = 0; i < kStreams; i++) {
        streams.push_back(std::make_unique<FreeStream>());
    }
    for (const auto &stream : streams) {
        const Queue queue(*stream);
        queue.suspend();
        if (queue.on_device()) {
            OK(ledger.kernels().empty(*stream));
        }
    }
    for (const auto &stream : streams) {
        Queue(*stream).resume();
        ledger.append(*stream);
        OK(cuStreamSynchronize(*stream));
    }
    CHECK(ledger.complete());
}

/* A low stream is held for the thread that makes streams. */
void while_one_is_held() {
    LowAndHigh pair;
    std::atomic<bool> ends{false};
    std::thread launching = on_gpu([&] {
        while (!ends && pair.low_ledger.launched() < Ledger::kMost) {
            pair.low_ledger.work(pair.low_stream, 100);
        }
    });
    std::vector<std::unique_ptr<FreeStream>> others;
    for (int i = 0; i < kStreams; i++) {
        pair.high_ledger.append(pair.high_stream);
        others.push_back(std::make_unique<FreeStream>());
        Queue(*others.back()).priority(10);
        pair.high_ledger.append(pair.high_stream);
        OK(cuStreamSynchronize(pair.high_stream));
        CHECK(pair.high_ledger.complete());
        OK(pair.low_ledger.kernels().empty(*others.back()));
        OK(cuStreamSynchronize(*others.back()));
    }
    ends = true;
    launching.join();
    pair.end();
}

} // namespace

int main() {
    RUN(while_one_is_suspended);
    RUN(while_all_are_suspended);
    RUN(while_one_is_held);
    return finish();
}
