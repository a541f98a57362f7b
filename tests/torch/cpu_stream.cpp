// TorchStream with a LibTorch for the CPU: commands of the software device, real libxsched.
#include <ATen/ATen.h>
#undef CHECK // LibTorch has one, too

#include "../programs/check.h"

#include <xsched/torch.hpp>
#include <xsched.hpp>

#include <stdexcept>
#include <string>
#include <type_traits>

#ifndef XSCHED_TORCH_CPU
#error "this LibTorch was not recognised as one for the CPU"
#endif
static_assert(
    std::is_same_v<decltype(std::declval<xsched::TorchStream>().native()), HwQueueHandle>);

namespace {

void what_is_launched_runs_in_order() {
    xsched::TorchStream stream(10);
    at::Tensor sum;
    stream.launch([&] { sum = at::ones({4}); });
    for (int i = 0; i < 100; ++i) {
        stream.launch([&] { sum = sum * 2 % 1009; });
    }
    stream.synchronize();
    int64_t expected = 1;
    for (int i = 0; i < 100; ++i) {
        expected = expected * 2 % 1009;
    }
    CHECK(sum.sum().item<float>() == static_cast<float>(4 * expected));
    CHECK(stream.queue().stats().commands == 101);
}

void options_reach_the_queue() {
    xsched::TorchStreamOptions options;
    options.priority = 7;
    options.level = kPreemptLevelDeactivate;
    options.threshold = 8;
    options.batch_size = 4;
    options.name = "requests";
    const xsched::TorchStream stream(options);
    const xsched::Stats stats = stream.queue().stats();
    CHECK(stats.priority == 7);
    CHECK(stats.level == kPreemptLevelDeactivate);
    CHECK(stats.threshold == 8);
    CHECK(stats.batch_size == 4);
}

void without_a_queue_it_is_only_a_stream() {
    xsched::TorchStreamOptions options;
    options.with_queue = false;
    xsched::TorchStream stream(options);
    CHECK(!stream.queue());
    bool ran = false;
    stream.launch([&] { ran = true; });
    stream.synchronize();
    CHECK(ran);
    XQueueHandle queue = 0;
    CHECK(XQueueGet(&queue, stream.native()) == kXSchedErrorNotFound);
}

void synchronising_throws_the_first_exception() {
    xsched::TorchStream stream(1);
    stream.launch([] { throw std::logic_error("the first"); });
    stream.launch([] { throw std::logic_error("the second"); });
    std::string message;
    try {
        stream.synchronize();
    } catch (const std::logic_error &error) {
        message = error.what();
    }
    CHECK(message == "the first");
    stream.synchronize(); // it was told
}

void a_failing_constructor_says_why() {
    xsched::TorchStreamOptions options;
    options.level = kPreemptLevelInterrupt; // no device can
    std::string message;
    try {
        const xsched::TorchStream stream(options);
    } catch (const std::runtime_error &error) {
        message = error.what();
    }
    std::printf("   %s\n", message.c_str());
    CHECK(message.find("XQueueCreate") != std::string::npos);
}

void every_priority_has_a_stream() {
    for (const Priority priority : {PRIORITY_NO_EXECUTE, PRIORITY_MIN, PRIORITY_MAX}) {
        const xsched::TorchStream stream(priority);
        CHECK(stream.queue().stats().priority == priority);
    }
}

// A destructor that waited for the stream first would wait for ever.
void a_suspended_queue_is_destroyed_after_its_work() {
    int ran = 0;
    {
        xsched::TorchStreamOptions options;
        options.level = kPreemptLevelDeactivate; // holds the stream, not this thread
        xsched::TorchStream stream(options);
        stream.queue().suspend();
        for (int i = 0; i < 10; ++i) {
            stream.launch([&] { ++ran; });
        }
    }
    CHECK(ran == 10);
}

} // namespace

int main() {
    what_is_launched_runs_in_order();
    options_reach_the_queue();
    without_a_queue_it_is_only_a_stream();
    synchronising_throws_the_first_exception();
    a_failing_constructor_says_why();
    every_priority_has_a_stream();
    a_suspended_queue_is_destroyed_after_its_work();
    return 0;
}
