// TorchStream in front of stand-ins for a GPU's runtime, c10 and libxsched: what it calls, in which
// order it takes apart, that whatever fails on the way, nothing is left behind, and that the driver's
// streams are used again and never destroyed.
#include "../programs/check.h"

#include "fake/journal.hpp"

#include <xsched/torch.hpp>

#include <set>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

static_assert(xsched::driver_priority(10, 0, -5) == -4);
static_assert(xsched::driver_priority(1, 0, -5) == -1);
static_assert(xsched::driver_priority(PRIORITY_MAX, 0, -5) == -5);
static_assert(xsched::driver_priority(0, 1, -1) == 0);
static_assert(xsched::driver_priority(-1, 1, -1) == 1);
static_assert(xsched::driver_priority(10, 1, -1) == -1);
static_assert(xsched::driver_priority(10, 0, 0) == 0, "a device without priorities");
static_assert(!std::is_copy_constructible_v<xsched::TorchStream>);
static_assert(!std::is_move_constructible_v<xsched::TorchStream>);

// --- libxsched ---------------------------------------------------------------------------------

namespace {

XResult result_of(const std::string &name, const std::string &arguments = "") {
    return fake::call(name, arguments) ? kXSchedSuccess : kXSchedErrorNotSupported;
}

XResult create(const std::string &name, const std::string &what, uint64_t *handle,
               const std::string &arguments = "") {
    const XResult result = result_of(name, arguments);
    if (result == kXSchedSuccess) {
        *handle = 7;
        fake::alive.insert(what);
    }
    return result;
}

} // namespace

extern "C" {

const char *XSchedLastErrorMessage(void) {
    return "libxsched says no";
}
#ifdef XSCHED_TORCH_CUDA
XResult CudaQueueCreate(HwQueueHandle *hwq, CUstream) {
    return create("QueueCreate", "stream of the scheduler", hwq);
}
#else
XResult HipQueueCreate(HwQueueHandle *hwq, hipStream_t) {
    return create("QueueCreate", "stream of the scheduler", hwq);
}
#endif
XResult HwQueueDestroy(HwQueueHandle) {
    fake::alive.erase("stream of the scheduler");
    return result_of("HwQueueDestroy");
}
XResult XQueueCreate(XQueueHandle *queue, HwQueueHandle, int64_t level, int64_t) {
    return create("XQueueCreate", "queue", queue, std::to_string(level));
}
XResult XQueueDestroy(XQueueHandle) {
    fake::alive.erase("queue");
    return result_of("XQueueDestroy");
}
XResult XHintPriority(XQueueHandle, Priority priority) {
    return result_of("XHintPriority", std::to_string(priority));
}
XResult XQueueSetLaunchConfig(XQueueHandle, int64_t threshold, int64_t batch_size) {
    return result_of("XQueueSetLaunchConfig",
                     std::to_string(threshold) + " " + std::to_string(batch_size));
}
XResult XQueueSetName(XQueueHandle, const char *name) {
    return result_of("XQueueSetName", name);
}

} // extern "C"

// --- the tests ---------------------------------------------------------------------------------

namespace {

using Journal = std::vector<std::string>;

Journal take_journal() {
    return std::exchange(fake::journal, {});
}

void check_journal(const Journal &expected) {
    const Journal journal = take_journal();
    for (const auto &line : journal) {
        std::printf("   %s\n", line.c_str());
    }
    CHECK(journal == expected);
}

void check_nothing_is_left() {
    CHECK(fake::alive.empty());
    CHECK(fake::current_stream == nullptr);
    CHECK(fake::current_device == 0);
}

xsched::TorchStreamOptions all_options() {
    xsched::TorchStreamOptions options;
    options.priority = 3;
    options.level = kPreemptLevelDeactivate;
    options.threshold = 8;
    options.batch_size = 4;
    options.device = 1;
    options.name = "high";
    return options;
}

void one_line_does_it_all() {
    {
        xsched::TorchStream stream(10);
        check_journal({"GetDeviceCount", "GetDevice", "DeviceGetStreamPriorityRange",
                       "StreamCreateWithPriority 1 -4 device 0", "StreamGuard", "QueueCreate",
                       "XQueueCreate 1", "XHintPriority 10", "XQueueSetLaunchConfig 0 0"});
        CHECK(fake::current_stream == stream.native());
        CHECK(stream.queue().handle() == 7);
    }
    check_journal({"XQueueDestroy", "HwQueueDestroy", "~StreamGuard", "StreamSynchronize"});
    check_nothing_is_left();
}

void options_reach_the_calls() {
    {
        xsched::TorchStream stream(all_options());
        check_journal({"GetDeviceCount", "DeviceGetStreamPriorityRange",
                       "StreamCreateWithPriority 1 -2 device 1", "StreamGuard", "QueueCreate",
                       "XQueueCreate 2", "XHintPriority 3", "XQueueSetLaunchConfig 8 4",
                       "XQueueSetName high"});
        CHECK(fake::current_device == 1);
    }
    take_journal();
    check_nothing_is_left();
}

void without_a_queue_the_scheduler_is_not_asked() {
    xsched::TorchStreamOptions options;
    options.priority = 10;
    options.hardware_priority = false;
    options.with_queue = false;
    {
        xsched::TorchStream stream(options);
        CHECK(!stream.queue());
    }
    check_journal({"GetDeviceCount", "GetDevice", "DeviceGetStreamPriorityRange",
                   "StreamCreateWithPriority 1 0 device 0", "StreamGuard", "~StreamGuard",
                   "StreamSynchronize"});
    check_nothing_is_left();
}

void whatever_fails_nothing_is_left() {
    const Journal driver{"GetDeviceCount", "DeviceGetStreamPriorityRange",
                         "StreamCreateWithPriority"};
    const Journal others{"StreamGuard",   "QueueCreate",           "XQueueCreate",
                         "XHintPriority", "XQueueSetLaunchConfig", "XQueueSetName"};
    auto options = all_options();
    options.priority = PRIORITY_MAX; // no other test's, so that the driver is asked for a stream
    const auto streams_before = fake::streams.size();
    for (const Journal &calls : {driver, others}) {
        for (const auto &call : calls) {
            fake::failing = call;
            std::string message;
            try {
                xsched::TorchStream stream(options);
            } catch (const std::runtime_error &error) {
                message = error.what();
            }
            fake::failing.clear();
            std::printf("   %s fails: %s\n", call.c_str(), message.c_str());
            const bool cleared = take_journal().back() == "GetLastError";
            if (calls == driver) {
                CHECK(message.find(call + ": it is broken") != std::string::npos);
                CHECK(cleared); // PyTorch must not find the error after its next kernel
            } else if (call != "StreamGuard") {
                CHECK(message == "libxsched says no");
            }
            CHECK(!message.empty());
            check_nothing_is_left();
        }
    }
    CHECK(fake::streams.size() == streams_before + 1); // each failure gave it back for the next
}

void a_device_that_is_not_there() {
    auto options = all_options();
    options.device = 2;
    XResult code = kXSchedSuccess;
    try {
        xsched::TorchStream stream(options);
    } catch (const xsched::Error &error) {
        code = error.code();
        std::printf("   %s\n", error.what());
    }
    CHECK(code == kXSchedErrorInvalidValue);
    take_journal();
    check_nothing_is_left();
}

void launching_is_a_call() {
    {
        xsched::TorchStream stream(10);
        take_journal();
        bool called = false;
        stream.launch([&] { called = true; });
        CHECK(called);
        bool thrown = false;
        try {
            stream.launch([] { throw std::logic_error("of the application"); });
        } catch (const std::logic_error &) {
            thrown = true;
        }
        CHECK(thrown);
        check_journal({});

        stream.synchronize();
        fake::failing = "StreamSynchronize";
        thrown = false;
        try {
            stream.synchronize();
        } catch (const xsched::Error &error) {
            thrown = error.code() == kXSchedErrorHardware;
        }
        fake::failing.clear();
        CHECK(thrown);
        check_journal({"StreamSynchronize", "StreamSynchronize", "GetLastError"});
    }
    take_journal();
}

void streams_nest() {
    {
        xsched::TorchStream outer(1);
        void *const current = fake::current_stream;
        fake::current_stream = reinterpret_cast<void *>(0x6000); // somebody's guard in between
        { xsched::TorchStream inner(10); }
        CHECK(fake::current_stream == reinterpret_cast<void *>(0x6000));
        fake::current_stream = current;
    }
    take_journal();
    check_nothing_is_left();
}

void *used_by(const xsched::TorchStreamOptions &options) {
    const xsched::TorchStream stream(options);
    return stream.native();
}

// PyTorch remembers the streams of pinned memory and of record_stream(), and records an event on each
// when it frees the tensor.
void a_tensor_may_outlive_the_stream() {
    struct Tensor {
        ~Tensor() { CHECK(fake::streams.count(used_on) == 1); }
        void *used_on = nullptr;
    } tensor;
    xsched::TorchStream stream(1);
    tensor.used_on = stream.native();
}

void a_stream_comes_again_with_a_queue_of_its_own() {
    void *const first = used_by(all_options());
    take_journal();
    {
        const xsched::TorchStream stream(all_options());
        CHECK(stream.native() == first);
        CHECK(fake::current_stream == first);
    }
    check_journal({"GetDeviceCount", "DeviceGetStreamPriorityRange", "StreamGuard", "QueueCreate",
                   "XQueueCreate 2", "XHintPriority 3", "XQueueSetLaunchConfig 8 4",
                   "XQueueSetName high", "XQueueDestroy", "HwQueueDestroy", "~StreamGuard",
                   "StreamSynchronize"});
    check_nothing_is_left();
}

void as_many_streams_as_are_used_at_once() {
    auto options = all_options();
    options.priority = 4; // no other test's
    const auto two_at_once = [&options] {
        const xsched::TorchStream one(options), other(options);
        CHECK(one.native() != other.native());
        return std::set<void *>{one.native(), other.native()};
    };
    const auto first = two_at_once();
    CHECK(two_at_once() == first);
    CHECK(first.count(used_by(options)) == 1);
    take_journal();
}

void another_priority_or_device_is_another_stream() {
    auto options = all_options();
    std::set<void *> streams{used_by(options)};
    options.priority = 10;
    streams.insert(used_by(options));
    options.hardware_priority = false;
    streams.insert(used_by(options));
    options = all_options();
    options.device = 0;
    streams.insert(used_by(options));
    CHECK(streams.size() == 4);
    // For the hardware 2 and 3 are the same.
    options.priority = 2;
    CHECK(streams.count(used_by(options)) == 1);
    take_journal();
}

void a_stream_that_cannot_be_waited_for_does_not_come_again() {
    fake::failing = "StreamSynchronize";
    void *const broken = used_by(all_options());
    fake::failing.clear();
    CHECK(used_by(all_options()) != broken);
    take_journal();
    check_nothing_is_left();
}

} // namespace

int main() {
    one_line_does_it_all();
    options_reach_the_calls();
    without_a_queue_the_scheduler_is_not_asked();
    whatever_fails_nothing_is_left();
    a_device_that_is_not_there();
    launching_is_a_call();
    streams_nest();
    a_tensor_may_outlive_the_stream();
    a_stream_comes_again_with_a_queue_of_its_own();
    as_many_streams_as_are_used_at_once();
    another_priority_or_device_is_another_stream();
    a_stream_that_cannot_be_waited_for_does_not_come_again();
    return 0;
}
