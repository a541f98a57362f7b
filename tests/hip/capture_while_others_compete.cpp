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
        OK(hipGraphInstantiate(&exec, graph, nullptr, nullptr, 0));
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

} // namespace

int main() {
    RUN(over_two_streams);
    RUN(beside_another_stream);
    return finish();
}
