/*
 * Every hooked function is called once, with nothing but zeros: the driver's answer comes back, whatever it
 * is, and the hook has seen the call. Which functions there are is generated (hooks.sh). What they do with
 * real arguments is tested by the other programs that cover something.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "coverage.hpp"

namespace {

/* CUeglFrame, of whose fields nobody here knows anything. */
struct EglFrame {
    uint64_t words[12];
};

template <typename... Parameters>
void pass(const char *symbol) {
    const auto function = find<CUresult (*)(Parameters...)>(symbol);
    if (function == nullptr) {
        say("%s: absent", symbol);
        return;
    }
    static_cast<void>(cuCtxSynchronize()); // so that no answer depends on the time
    const int64_t before = hook_stats().calls;
    say("%s: %d", symbol, function(Parameters{}...));
    if (scheduled() && hook_stats().calls != before + 1) {
        fail(__FILE__, __LINE__, symbol, " is not counted once");
    }
}

struct Hook {
    const char *symbol;
    void (*pass)(const char *);
};

constexpr Hook hooks[] = {
#include "hooks.inc"
};

/* Zeros mean something to these: the first device, or the thread's own stream. */
bool ends_something(const std::string &symbol) {
    return symbol.find("PrimaryCtx") != std::string::npos || symbol == "cuCtxDetach" ||
           symbol.find("BeginCapture") != std::string::npos;
}

} // namespace

int main() {
    needs_stand_in("a real driver crashes over zeros");
    Gpu::use();
    OK(cuStreamSynchronize(nullptr));
    for (bool last : {false, true}) {
        for (const Hook &hook : hooks) {
            if (ends_something(hook.symbol) == last) {
                hook.pass(hook.symbol);
            }
        }
    }
    // Of what the stand-in says to the addresses nothing is new.
    check_scheduled();
    say("done");
    std::fflush(nullptr);
    _exit(0); // of the context nothing is left
}
