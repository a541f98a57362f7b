/*
 * A stream whose queue is scheduled is captured, with another one that an event takes into the capture.
 * Nothing of the scheduler's own comes into the graph, and the queue works as before.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

struct Capture {
    Ledger ledger;
    Stream first{hipStreamNonBlocking};
    Stream second{hipStreamNonBlocking};
    Queue queue{first};
    Queue other{second};
    hipEvent_t event = nullptr;

    Capture() {
        OK(hipEventCreateWithFlags(&event, hipEventDisableTiming));
        // From the first suspension on their launches are counted, marked and gated.
        check_held(first, queue, ledger);
        check_held(second, other, ledger);
    }
    ~Capture() {
        CHECK(queue.stats().failed == 0 && other.stats().failed == 0);
        check_held(first, queue, ledger);
        OK(hipEventDestroy(event));
    }

    hipGraph_t end() {
        hipGraph_t graph = nullptr;
        OK(hipStreamEndCapture(first, &graph));
        return graph;
    }
    void run(hipGraph_t graph, size_t nodes) {
        size_t count = 0;
        OK(hipGraphGetNodes(graph, nullptr, &count));
        CHECK(count == nodes);
        hipGraphExec_t exec = nullptr;
        hipGraphInstantiateParams params{};
        params.flags = 2; // hipGraphInstantiateFlagUpload
        params.uploadStream = first;
        const int64_t commands = queue.stats().commands;
        OK(hipGraphInstantiateWithParams(&exec, graph, &params));
        CHECK(!scheduled() || queue.stats().commands == commands + 1); // the upload
        OK(hipGraphDestroy(graph));
        OK(hipGraphLaunch(exec, first));
        OK(hipStreamSynchronize(first));
        CHECK(ledger.complete());
        OK(hipGraphExecDestroy(exec));
    }
};

/* Both streams in one capture. */
void over_two_streams() {
    Capture capture;
    for (int round = 0; round < 20; round++) {
        capture.ledger.append(capture.first); // so that the queue is busy
        OK(hipStreamBeginCapture(capture.first, hipStreamCaptureModeGlobal));
        capture.ledger.append(capture.first);
        OK(hipEventRecord(capture.event, capture.first));
        OK(hipStreamWaitEvent(capture.second, capture.event, 0));
        capture.ledger.append(capture.second);
        OK(hipEventRecord(capture.event, capture.second));
        OK(hipStreamWaitEvent(capture.first, capture.event, 0));
        capture.ledger.append(capture.first);
        capture.run(capture.end(), 3);
    }
}

/* The event is older than the capture, and the stream that waits for it takes no part. */
void beside_another_stream() {
    Capture capture;
    Ledger other;
    for (int round = 0; round < 20; round++) {
        capture.ledger.append(capture.first);
        OK(hipEventRecord(capture.event, capture.first));
        OK(hipStreamBeginCapture(capture.first, hipStreamCaptureModeThreadLocal));
        capture.ledger.append(capture.first);
        OK(hipStreamWaitEvent(capture.second, capture.event, 0));
        other.append(capture.second);
        capture.run(capture.end(), 1);
        OK(hipStreamSynchronize(capture.second));
        CHECK(other.complete());
    }
}

/* While another queue is held, a monitor looks at the streams of those that are not. */
void while_the_monitor_looks() {
    Ledger ledger;
    Ledger captured;
    Blocker blocker;
    Stream low_stream(hipStreamNonBlocking);
    Stream stream(hipStreamNonBlocking);
    const Queue low(low_stream);
    const Queue queue(stream);
    schedule_by_priority();
    low.priority(1);
    queue.priority(10);
    blocker.block(low_stream);
    for (int round = 0; round < 1000; round++) {
        ledger.append(stream); // has low held
        std::this_thread::sleep_for(std::chrono::microseconds(round % 200));
        hipGraph_t graph = nullptr;
        OK(hipStreamBeginCapture(stream, hipStreamCaptureModeGlobal));
        captured.append(stream);
        OK(hipStreamEndCapture(stream, &graph));
        OK(hipGraphDestroy(graph));
    }
    OK(hipStreamSynchronize(stream));
    CHECK(ledger.complete());
    CHECK(queue.stats().failed == 0);
    blocker.open();
    OK(hipDeviceSynchronize());
}

} // namespace

int main() {
    RUN(over_two_streams);
    RUN(beside_another_stream);
    RUN(while_the_monitor_looks);
    return finish();
}
