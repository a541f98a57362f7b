/*
 * Streams get the device gate where the start-up probe finds that it works, and the host gate wherever
 * it does not, with one line that says why: this program runs itself with each way in which a driver can
 * treat waits for a value, and a suspended queue holds its stream, and no other one, in all of them. A real
 * driver has one way, the first if it is to have the device gate.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "again.hpp"
#include "scheduler.hpp"

namespace {

struct Way {
    const char *wait_value;
    bool works;
};

constexpr Way ways[] = {
    {"own", true},          // a stream that waits holds itself
    {"shared", false},      // and others that share its hardware queue
    {"never", false},       // and never goes on
    {"ignored", false},     // and does not wait at all
    {"unsupported", false}, // and the call fails
};

/* A stream is held and no other one; false if it was not held, as gates give way while a thread that
   makes a call gets no processor. */
bool holds_one_only(const FreeStream &stream, const Queue &queue, Ledger &ledger,
                    const std::vector<std::unique_ptr<FreeStream>> &others, Ledger &other_ledger) {
    queue.suspend();
    if (queue.on_device()) {
        ledger.append(stream); // it stands there
    }
    for (const auto &other : others) {
        other_ledger.append(*other);
        OK(cuStreamSynchronize(*other));
    }
    CHECK(other_ledger.complete());
    const bool held = !queue.on_device() || ledger.count() < ledger.launched();
    queue.resume();
    OK(cuStreamSynchronize(stream));
    CHECK(ledger.complete());
    return held;
}

/* In a process of its own. */
void gate_of(const Way &way) {
    Ledger ledger;
    Ledger other_ledger;
    std::vector<std::unique_ptr<FreeStream>>
        others;                    // made before, as that may wait for what is held
    for (int i = 0; i < 40; i++) { // more than there are hardware queues
        others.push_back(std::make_unique<FreeStream>());
        other_ledger.append(*others.back());
        OK(cuStreamSynchronize(*others.back()));
    }
    FreeStream stream;
    const Queue queue(stream);
    const char *asked = std::getenv("XSCHED_GATE");
    const bool probed = asked == nullptr || std::strcmp(asked, "auto") == 0;
    CHECK(queue.on_device() == (scheduled() && probed && way.works));
    if (std::strcmp(way.wait_value, "never") == 0) {
        std::fflush(nullptr);
        _exit(0); // a stream of the probe is stuck, and with it a hardware queue
    }
    // The other streams of the probe are gone.
    CHECK(!on_stand_in() || cudasim_calls("cuStreamCreate") ==
                                cudasim_calls("cuStreamDestroy_v2") + 1 + others.size());
    ledger.append(stream);
    OK(cuStreamSynchronize(stream));
    check_held(stream, queue, ledger);

    constexpr int kAttempts = 20;
    bool held = false;
    for (int attempt = 0; attempt < kAttempts && !held; attempt++) {
        held = holds_one_only(stream, queue, ledger, others, other_ledger);
    }
    CHECK(held);

    Stream blocking; // it waits for others anyway
    CHECK(!Queue(blocking).on_device());
    CHECK(!Queue(nullptr).on_device());
}

/* Asked for where it cannot be: the first gate fails, from then on everything passes, and nothing is lost. */
void forced() {
    FreeStream stream;
    const Queue queue(stream);
    Ledger ledger;
    queue.suspend();
    std::thread launching = on_gpu([&] {
        for (int i = 0; i < 100; i++) {
            ledger.append(stream);
        }
    });
    launching.join(); // would be held for ever otherwise
    OK(cuStreamSynchronize(stream));
    CHECK(ledger.complete());
    CHECK(!scheduled() || queue.stats().failed == 1);
}

} // namespace

int main(int count, char **arguments) {
    for (const Way &way : ways) {
        if (count == 1) {
            say("%s", way.wait_value);
            const int lines = lines_of_log("CUDASIM_WAIT_VALUE", way.wait_value, "no device gate");
            CHECK(lines == (scheduled() && !way.works ? 1 : 0));
            if (!on_stand_in()) {
                say("NOT TESTED: the other ways, which this driver does not have");
                return 0;
            }
        } else if (std::strcmp(way.wait_value, arguments[1]) == 0) {
            gate_of(way);
            check_driver();
            return 0;
        }
    }
    if (count == 1) {
        setenv("CUDASIM_WAIT_VALUE", "unsupported", 1);
        again_with("XSCHED_GATE", "device");
        return 0;
    }
    RUN(forced);
    return finish();
}
