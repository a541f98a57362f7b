/*
 * A stream is captured while queues hold one another, and the monitor places markers: none of them comes
 * into a captured stream, and none of the library's own calls breaks a capture in a strict mode.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "graphs.hpp"

namespace {

/* The captured stream is itself one that is held and looked at. */
void of_a_competing_stream() {
    LowAndHigh pair;
    Ledger captured;
    Blocker blocker;
    check_held(pair.low_stream, pair.low, pair.low_ledger);
    for (int i = 0; i < 50; i++) {
        pair.low_ledger.append(pair.low_stream);
        pair.high_ledger.append(pair.high_stream); // has low held
        const Graph low_graph(pair.low_stream, [&] { captured.append(pair.low_stream); });
        const Graph high_graph(
            pair.high_stream, [&] { captured.append(pair.high_stream); },
            CU_STREAM_CAPTURE_MODE_GLOBAL);
        CHECK(low_graph.nodes() == 1 && high_graph.nodes() == 1);
        high_graph.launch(pair.high_stream);
        OK(cuStreamSynchronize(pair.high_stream));
        low_graph.launch(pair.low_stream);
        OK(cuStreamSynchronize(pair.low_stream));
    }
    CHECK(captured.count() == captured.launched());
    pair.end();
}

/* Beside streams that compete; the monitor looks at them all the while. */
void beside_competing_streams(CUstreamCaptureMode mode) {
    LowAndHigh pair;
    Ledger captured;
    FreeStream stream;
    std::atomic<bool> stop{false};
    std::thread low = on_gpu([&] {
        while (!stop && pair.low_ledger.launched() < 3000) {
            pair.low_ledger.work(pair.low_stream, 50);
        }
    });
    std::thread high = on_gpu([&] {
        while (!stop && pair.high_ledger.launched() < 3000) {
            pair.high_ledger.work(pair.high_stream, 50);
            pair.high_ledger.append(pair.high_stream);
            std::this_thread::sleep_for(std::chrono::microseconds(300)); // until it is found idle
        }
    });
    for (int i = 0; i < 50; i++) {
        const Graph graph(
            stream,
            [&] {
                captured.append(stream);
                std::this_thread::sleep_for(std::chrono::microseconds(i * 20));
                captured.append(stream);
            },
            mode);
        CHECK(graph.nodes() == 2);
        graph.launch(stream);
        OK(cuStreamSynchronize(stream));
        CHECK(captured.complete());
    }
    stop = true;
    low.join();
    high.join();
    pair.end();
}

void in_global_mode() {
    beside_competing_streams(CU_STREAM_CAPTURE_MODE_GLOBAL);
}
void in_thread_local_mode() {
    beside_competing_streams(CU_STREAM_CAPTURE_MODE_THREAD_LOCAL);
}
void in_relaxed_mode() {
    beside_competing_streams(CU_STREAM_CAPTURE_MODE_RELAXED);
}

/* A first use, with probe and words and all, while another thread captures in the strictest mode. */
void streams_are_adopted_meanwhile() {
    Ledger captured;
    FreeStream stream;
    const Graph graph(
        stream,
        [&] {
            captured.append(stream);
            on_gpu([] {
                CUstreamCaptureMode mode = CU_STREAM_CAPTURE_MODE_RELAXED;
                OK(cuThreadExchangeStreamCaptureMode(&mode));
                for (int i = 0; i < 40; i++) { // more than words are made at a time
                    FreeStream other;
                    OK(Gpu::use().kernels.empty(other));
                    CHECK(Queue(other).on_device() == wants_device_gate());
                    OK(cuStreamSynchronize(other));
                }
                OK(cuThreadExchangeStreamCaptureMode(&mode));
            }).join();
            captured.append(stream);
        },
        CU_STREAM_CAPTURE_MODE_GLOBAL);
    CHECK(graph.nodes() == 2);
    graph.launch(stream);
    OK(cuStreamSynchronize(stream));
    CHECK(captured.complete());
}

} // namespace

int main() {
    RUN(of_a_competing_stream);
    RUN(in_global_mode);
    RUN(in_thread_local_mode);
    RUN(in_relaxed_mode);
    RUN(streams_are_adopted_meanwhile);
    return finish();
}
