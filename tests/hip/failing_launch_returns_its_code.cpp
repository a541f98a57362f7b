/*
 * What the runtime refuses comes back with the runtime's own code; the process and the stream go on.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

/* Lets the named function fail, shows that `call` returns that code, and that it works afterwards. */
template <typename Function>
void fails(const char *name, hipError_t code, Function call) {
    hipsim_fault(name, code, 0);
    EXPECT(code, call());
    EXPECT(code, hipGetLastError());
    say("%s returned %d", name, code);
    hipsim_fault(name, 0, 0);
    OK(call());
    EXPECT(hipSuccess, hipGetLastError());
}

void of_the_runtime() {
    Words words(16);
    Stream stream;
    hipEvent_t event = nullptr;
    OK(hipEventCreate(&event));
    const auto kernel = [&] { return launch(kFill, stream, words.data(), words.count(), 1u); };
    fails("hipLaunchKernel", hipErrorLaunchFailure, kernel);
    fails("hipLaunchKernel", hipErrorLaunchOutOfResources, kernel);
    fails("hipMemsetAsync", hipErrorUnknown,
          [&] { return hipMemsetAsync(words.data(), 0, words.bytes(), stream); });
    fails("hipStreamWaitEvent", hipErrorInvalidHandle,
          [&] { return hipStreamWaitEvent(stream, event, 0); });
    fails("hipStreamSynchronize", hipErrorIllegalAddress,
          [&] { return hipStreamSynchronize(stream); });
    fails("hipDeviceSynchronize", hipErrorLaunchFailure, [] { return hipDeviceSynchronize(); });
    OK(hipEventDestroy(event));
}

/* Refused without a fault. */
void of_the_caller() {
    static const int no_kernel = 0;
    EXPECT(hipErrorInvalidDeviceFunction,
           hipLaunchKernel(&no_kernel, dim3(1), dim3(64), nullptr, 0, nullptr));
    EXPECT(hipErrorInvalidValue, hipMemcpy(nullptr, nullptr, 4, hipMemcpyHostToDevice));
    OK(hipStreamSynchronize(nullptr));
}

/* A launch that failed is not counted as work: nobody waits for it, the queue can still be suspended. */
void leaves_the_queue_as_it_was() {
    Ledger ledger;
    Stream stream(hipStreamNonBlocking);
    const Queue queue(stream);
    hipsim_fault("hipLaunchKernel", hipErrorLaunchFailure, 0);
    for (int i = 0; i < 1000; i++) {
        EXPECT(hipErrorLaunchFailure, launch(kAppend, stream, ledger.page(), 0u));
    }
    hipsim_fault("hipLaunchKernel", 0, 0);
    const XQueueStats stats = queue.stats();
    CHECK(!scheduled() || (stats.commands == 0 && stats.launch_errors == 1000));
    ledger.append(stream);
    OK(hipStreamSynchronize(stream));
    CHECK(ledger.complete());
    check_held(stream, queue, ledger);
    CHECK(queue.stats().failed == 0);
}

/* The scheduler's own calls may fail too; the program's do not fail for that. */
void of_the_schedulers_own_calls() {
    Ledger ledger;
    Stream stream(hipStreamNonBlocking);
    const Queue queue(stream);
    check_held(stream, queue, ledger);
    hipsim_fault("hipEventRecord", hipErrorOutOfMemory, 0);
    for (int i = 0; i < 1000; i++) {
        ledger.append(stream);
    }
    OK(hipStreamSynchronize(stream));
    CHECK(ledger.complete());
    hipsim_fault("hipEventRecord", 0, 0);
}

} // namespace

int main() {
    RUN(of_the_runtime);
    RUN(of_the_caller);
    RUN(leaves_the_queue_as_it_was);
    RUN(of_the_schedulers_own_calls);
    return finish();
}
