/*
 * The runtime calls some of its own functions the way a program does. A hook that is reached so sees
 * that it is inside another one: the program's call stays one command.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "kernels.hpp"
#include "scheduler.hpp"

namespace {

constexpr int kCalls = 10;

/* Calls `call` some times; each time the runtime calls `inner` of its own. */
template <typename Function>
void counted_once(hipStream_t stream, const char *inner, Function call) {
    const Queue queue(stream);
    call(); // the first one may be special
    const XSchedHookStats hooks = hook_stats();
    const int64_t commands = queue.stats().commands;
    const uint64_t inside = hipsim_calls(inner);
    for (int i = 0; i < kCalls; i++) {
        call();
    }
    CHECK(hipsim_calls(inner) == inside + kCalls); // otherwise this tests nothing
    if (scheduled()) {
        CHECK(hook_stats().admitted == hooks.admitted + kCalls);
        CHECK(hook_stats().bypass_nested == hooks.bypass_nested + kCalls);
        CHECK(queue.stats().commands == commands + kCalls);
    }
}

void launches() {
    Ledger ledger;
    Stream stream;
    hipModule_t module = nullptr;
    hipFunction_t append = nullptr;
    OK(hipModuleLoadData(&module, &image));
    OK(hipModuleGetFunction(&append, module, "append"));
    counted_once(stream, "hipModuleLaunchKernel", [&] {
        Ledger::Page *page = ledger.page();
        uint32_t index = ledger.take_index();
        void *arguments[] = {&page, &index};
        OK(hipModuleLaunchCooperativeKernel(append, 1, 1, 1, 64, 1, 1, 0, stream, arguments));
    });
    OK(hipStreamSynchronize(stream));
    CHECK(ledger.complete());
    OK(hipModuleUnload(module));
}

void copies() {
    Words from(64);
    Words to(64);
    OK(launch(kFill, nullptr, from.data(), from.count(), 3u));
    counted_once(nullptr, "hipMemcpyAsync", [&] {
        OK(hipMemcpy(to.data(), from.data(), to.bytes(), hipMemcpyDeviceToDevice));
    });
    CHECK(to.all(3));
}

} // namespace

int main() {
    RUN(launches);
    RUN(copies);
    return finish();
}
