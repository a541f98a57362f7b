// A HIP runtime, called as any HIP program calls it: whether the executable interposes HIP, or a
// libxsched_hip.so was preloaded, shows nowhere below. LibTorch's layers for the CPU become commands
// of a HIP stream as host functions. hipsim calls those of all streams on one thread, one at a time,
// so that thread is what the streams compete for, as they compete for a GPU with kernels.
#include "device.hpp"

#include "stream.hpp" // check

#include <hip/hip_runtime_api.h>

#include <stdexcept>
#include <utility>

namespace {

using Work = std::function<void()>;

void run(void *work) {
    (*std::unique_ptr<Work>(static_cast<Work *>(work)))();
}

void check(hipError_t result) {
    if (result != hipSuccess) {
        throw std::runtime_error(std::string("HIP: ") + hipGetErrorString(result));
    }
}

} // namespace

std::string device_name() {
    char name[256];
    int runtime = 0;
    check(hipDeviceGetName(name, sizeof name, 0));
    check(hipRuntimeGetVersion(&runtime));
    return std::string(name) + ", host functions, HIP " + std::to_string(runtime);
}

struct DeviceStream::Native {
    hipStream_t stream;
};

DeviceStream::DeviceStream() : native_(std::make_unique<Native>()) {
    check(hipStreamCreateWithFlags(&native_->stream, hipStreamNonBlocking));
}

DeviceStream::~DeviceStream() {
    // Destroying a stream does not wait for its commands.
    (void)hipStreamSynchronize(native_->stream);
    (void)hipStreamDestroy(native_->stream);
}

void DeviceStream::launch(Work work) {
    auto command = std::make_unique<Work>(std::move(work));
    check(hipLaunchHostFunc(native_->stream, run, command.get()));
    (void)command.release(); // `run` owns it, and may have freed it already
}

void DeviceStream::synchronize() {
    check(hipStreamSynchronize(native_->stream));
}

HwQueueHandle DeviceStream::handle() {
    HwQueueHandle handle = 0;
    check(HipQueueCreate(&handle, native_->stream)); // once adopted, always the same
    return handle;
}
