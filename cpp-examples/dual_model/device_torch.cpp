// The device that LibTorch was built for: everything about it is in xsched/torch.hpp.
#include "device.hpp"

#include <xsched/torch.hpp>

#include <fstream>
#include <stdexcept>
#include <utility>

namespace {

#ifndef XSCHED_TORCH_CPU
constexpr bool kIsGpu = true;
#else
constexpr bool kIsGpu = false;
#endif

xsched::TorchStreamOptions options_of(const StreamConfig &config) {
    xsched::TorchStreamOptions options;
    options.priority = config.priority;
    options.hardware_priority = config.device_priority;
    options.with_queue = config.with_queue;
    options.level = static_cast<XPreemptLevel>(config.level);
    options.threshold = config.threshold;
    options.batch_size = config.launch_batch;
    options.name = config.name.c_str();
    return options;
}

} // namespace

#if defined(XSCHED_TORCH_CUDA)

std::string device_name() {
    cudaDeviceProp properties;
    int driver = 0;
    (void)cudaDriverGetVersion(&driver);
    const cudaError_t result = cudaGetDeviceProperties(&properties, 0);
    if (result != cudaSuccess) {
        throw std::runtime_error(std::string("there is no CUDA device: ") +
                                 cudaGetErrorString(result));
    }
    return std::string(properties.name) + ", CUDA " + std::to_string(CUDART_VERSION) +
           ", driver's CUDA " + std::to_string(driver);
}

#elif defined(XSCHED_TORCH_HIP)

std::string device_name() {
    hipDeviceProp_t properties;
    const hipError_t result = hipGetDeviceProperties(&properties, 0);
    if (result != hipSuccess) {
        throw std::runtime_error(std::string("there is no HIP device: ") +
                                 hipGetErrorString(result));
    }
    return properties.name;
}

#else

std::string device_name() {
    std::string line;
    std::ifstream cpus("/proc/cpuinfo");
    while (std::getline(cpus, line)) {
        if (line.rfind("model name", 0) == 0) {
            return "software device (" + line.substr(line.find(": ") + 2) + ")";
        }
    }
    return "software device";
}

#endif

bool is_gpu() {
    return kIsGpu;
}

struct DeviceStream::Native {
    explicit Native(const StreamConfig &config) : stream(options_of(config)) {}

    xsched::TorchStream stream;
};

DeviceStream::DeviceStream(const StreamConfig &config)
    : native_(std::make_unique<Native>(config)) {}

DeviceStream::~DeviceStream() = default;

void DeviceStream::launch(std::function<void()> work) {
    native_->stream.launch(std::move(work));
}

void DeviceStream::synchronize() {
    native_->stream.synchronize();
}

XQueueHandle DeviceStream::queue() const {
    return native_->stream.queue().handle();
}
