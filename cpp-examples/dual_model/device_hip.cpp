// A HIP runtime, called as any HIP program calls it: whether the executable interposes HIP, or a
// libxsched_hip.so was preloaded, shows nowhere below. LibTorch's layers for the CPU become commands
// of a HIP stream as host functions. hipsim calls those of all streams on one thread, one at a time,
// so that thread is what the streams compete for, as they compete for a GPU with kernels.
#include "device.hpp"

#include <xsched/driver_priority.hpp>
#include <xsched/queue.hpp>

#include <hip/hip_runtime_api.h>

#include <exception>
#include <stdexcept>
#include <utility>

namespace {

using Work = std::function<void()>;

void check(hipError_t result) {
    if (result != hipSuccess) {
        throw std::runtime_error(std::string("HIP: ") + hipGetErrorString(result));
    }
}

// What a host function gets; it owns it.
struct Command {
    Work work;
    std::exception_ptr &failure; // the stream's
};

// An exception must not leave a host function; `synchronize` throws it.
void run(void *data) {
    const std::unique_ptr<Command> command(static_cast<Command *>(data));
    try {
        command->work();
    } catch (...) {
        command->failure = std::current_exception();
    }
}

hipStream_t create_stream(const StreamConfig &config) {
    int least = 0, greatest = 0;
    check(hipDeviceGetStreamPriorityRange(&least, &greatest));
    const Priority priority = config.device_priority ? config.priority : PRIORITY_DEFAULT;
    hipStream_t stream = nullptr;
    check(hipStreamCreateWithPriority(&stream, hipStreamNonBlocking,
                                      xsched::driver_priority(priority, least, greatest)));
    return stream;
}

xsched::Queue create_queue(hipStream_t stream, const StreamConfig &config) {
    HwQueueHandle hwq = 0;
    xsched::check(HipQueueCreate(&hwq, stream)); // known already: always the same
    xsched::Queue queue(hwq, static_cast<XPreemptLevel>(config.level));
    queue.set_name(config.name.c_str());
    queue.set_priority(config.priority);
    queue.set_launch_config(config.threshold, config.launch_batch);
    return queue;
}

} // namespace

std::string device_name() {
    char name[256];
    int runtime = 0;
    check(hipDeviceGetName(name, sizeof name, 0));
    check(hipRuntimeGetVersion(&runtime));
    return std::string(name) + ", host functions, HIP " + std::to_string(runtime);
}

bool is_gpu() {
    return false;
}

struct DeviceStream::Native {
    explicit Native(const StreamConfig &config) : stream(create_stream(config)) {}
    ~Native() {
        // Destroying a stream does not wait for its commands; destroying a queue does, also where it
        // is suspended.
        queue = xsched::Queue(nullptr);
        (void)hipStreamSynchronize(stream);
        (void)hipStreamDestroy(stream);
    }
    Native(const Native &) = delete;
    Native &operator=(const Native &) = delete;

    std::exception_ptr failure; // written by the commands, one after the other
    hipStream_t stream;
    xsched::Queue queue{nullptr};
};

DeviceStream::DeviceStream(const StreamConfig &config) : native_(std::make_unique<Native>(config)) {
    if (config.with_queue) {
        native_->queue = create_queue(native_->stream, config);
    }
}

DeviceStream::~DeviceStream() = default;

void DeviceStream::launch(Work work) {
    auto command = std::unique_ptr<Command>(new Command{std::move(work), native_->failure});
    check(hipLaunchHostFunc(native_->stream, run, command.get()));
    (void)command.release(); // `run` owns it, and may have freed it already
}

void DeviceStream::synchronize() {
    check(hipStreamSynchronize(native_->stream));
    if (native_->failure) {
        std::rethrow_exception(std::exchange(native_->failure, nullptr));
    }
}

XQueueHandle DeviceStream::queue() const {
    return native_->queue.handle();
}
