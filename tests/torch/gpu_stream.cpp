// TorchStream in front of stand-ins for a GPU's runtime, c10 and libxsched: what it calls, in which
// order it takes apart, and that whatever fails on the way, nothing is left behind.
#include "../programs/check.h"

#include "fake/journal.hpp"

#include <xsched/torch.hpp>

#include <optional>
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
    check_journal(
        {"XQueueDestroy", "HwQueueDestroy", "~StreamGuard", "StreamSynchronize", "StreamDestroy"});
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
                   "StreamSynchronize", "StreamDestroy"});
    check_nothing_is_left();
}

void whatever_fails_nothing_is_left() {
    const Journal driver{"GetDeviceCount", "DeviceGetStreamPriorityRange",
                         "StreamCreateWithPriority"};
    const Journal others{"StreamGuard",   "QueueCreate",           "XQueueCreate",
                         "XHintPriority", "XQueueSetLaunchConfig", "XQueueSetName"};
    for (const Journal &calls : {driver, others}) {
        for (const auto &call : calls) {
            fake::failing = call;
            std::string message;
            try {
                xsched::TorchStream stream(all_options());
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

} // namespace

int main() {
    one_line_does_it_all();
    options_reach_the_calls();
    without_a_queue_the_scheduler_is_not_asked();
    whatever_fails_nothing_is_left();
    a_device_that_is_not_there();
    launching_is_a_call();
    streams_nest();
    return 0;
}
