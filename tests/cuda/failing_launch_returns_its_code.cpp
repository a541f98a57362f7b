/*
 * What the driver refuses comes back with the driver's own code; the process and the stream go on. A real
 * driver refuses what it is asked for wrongly; the stand-in refuses anything on demand, also of the library's
 * own calls.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "scheduler.hpp"

namespace {

/* Lets the named function fail, shows that `call` returns that code, and that it works afterwards. */
template <typename Function>
void fails(const char *name, CUresult code, Function call) {
    cudasim_fault(name, code, 0);
    EXPECT(code, call());
    say("%s returned %d", name, code);
    cudasim_fault(name, 0, 0);
    OK(call());
}

void of_the_driver() {
    Words words(16);
    Stream stream;
    Event event;
    const auto kernel = [&] {
        return Gpu::use().kernels.add_u32(stream, words.data(), 1, words.count());
    };
    fails("cuLaunchKernel", CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES, kernel);
    fails("cuLaunchKernel", CUDA_ERROR_OUT_OF_MEMORY, kernel);
    fails("cuMemsetD8Async", CUDA_ERROR_UNKNOWN,
          [&] { return cuMemsetD8Async(words.data(), 0, words.bytes(), stream); });
    fails("cuStreamWaitEvent", CUDA_ERROR_INVALID_HANDLE,
          [&] { return cuStreamWaitEvent(stream, event, 0); });
    fails("cuEventRecord", CUDA_ERROR_OUT_OF_MEMORY, [&] { return cuEventRecord(event, stream); });
    fails("cuStreamSynchronize", CUDA_ERROR_LAUNCH_TIMEOUT,
          [&] { return cuStreamSynchronize(stream); });
    fails("cuCtxSynchronize", CUDA_ERROR_UNKNOWN, [] { return cuCtxSynchronize(); });
}

/* Refused without a fault. */
void of_the_caller() {
    Stream stream;
    void *no_arguments[1] = {};
    say("no function: %d",
        cuLaunchKernel(nullptr, 1, 1, 1, 64, 1, 1, 0, stream, no_arguments, nullptr));
    say("an empty grid: %d", cuLaunchKernel(Gpu::use().kernels.empty_function, 0, 1, 1, 64, 1, 1, 0,
                                            stream, nullptr, nullptr));
    say("no memory: %d", cuMemsetD8Async(0, 0, 4, stream));
    say("no host function: %d", cuLaunchHostFunc(stream, nullptr, nullptr));
    OK(cuStreamSynchronize(stream));
    OK(cuStreamSynchronize(nullptr));
}

/* A launch that failed is not counted as work: nobody waits for it, the queue can still be suspended. */
void leaves_the_queue_as_it_was() {
    Ledger ledger;
    FreeStream stream;
    const Queue queue(stream);
    for (int i = 0; i < 1000; i++) {
        EXPECT(CUDA_ERROR_INVALID_VALUE, Gpu::use().kernels.empty(stream, 0)); // no blocks
    }
    const XQueueStats stats = queue.stats();
    CHECK(!scheduled() || (stats.commands == 0 && stats.launch_errors == 1000));
    ledger.append(stream);
    OK(cuStreamSynchronize(stream));
    CHECK(ledger.complete());
    check_held(stream, queue, ledger);
    CHECK(queue.stats().failed == 0);
}

/* The scheduler's own calls may fail too; the program's do not fail for that, and nothing is lost. */
void of_the_schedulers_own_calls(const char *function) {
    say("%s", function);
    Ledger ledger;
    FreeStream stream;
    const Queue queue(stream);
    check_held(stream, queue, ledger);
    cudasim_fault(function, CUDA_ERROR_OUT_OF_MEMORY, 0);
    for (int i = 0; i < 1000; i++) {
        ledger.append(stream);
    }
    OK(cuStreamSynchronize(stream));
    CHECK(ledger.complete());
    cudasim_fault(function, 0, 0);
}

void of_the_schedulers_own() {
    for (const char *function :
         {"cuStreamWriteValue32_v2", "cuStreamBatchMemOp_v2", "cuEventCreate",
          "cuThreadExchangeStreamCaptureMode", "cuMemHostRegister_v2", "cuStreamIsCapturing"}) {
        of_the_schedulers_own_calls(function);
    }
}

} // namespace

int main() {
    RUN(of_the_caller);
    RUN(leaves_the_queue_as_it_was);
    if (on_stand_in()) {
        RUN(of_the_driver);
        RUN(of_the_schedulers_own);
    } else {
        say("NOT TESTED: a real driver does not fail on demand");
    }
    return finish();
}
