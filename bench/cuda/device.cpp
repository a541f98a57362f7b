#include "device.hpp"

#include <cudasim.h>

#include <sys/resource.h>

#include <cmath>
#include <cstring>

double processor_s() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Device::Device(double clock_factor) : stand_in_(cudasim_commands != nullptr) {
    CU_OK(cuInit(0));
    CU_OK(cuDeviceGet(&device_, 0));
    CU_OK(cuDevicePrimaryCtxRetain(&context_, device_));
    make_current();
    char name[256] = "";
    CU_OK(cuDeviceGetName(name, sizeof name, device_));
    name_ = name;
    CU_OK(cuDriverGetVersion(&driver_));
    CU_OK(cuDeviceGetAttribute(&blocks_, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, device_));
    CU_OK(cuCtxGetStreamPriorityRange(&least_priority_, &greatest_priority_));
    CU_OK(kernels_.load());
    if (clock_factor > 0) {
        clock_factor_ = clock_factor;
    } else if (!stand_in_) { // whose kernels take their time by the host's clock
        warm_up();
        clock_factor_ = calibrate();
    }
}

Device::~Device() {
    CU_OK(kernels_.unload());
    CU_OK(cuDevicePrimaryCtxRelease(device_));
}

uint64_t Device::spin_argument(double us) const {
    return static_cast<uint64_t>(std::llround(us * 1000 * clock_factor_));
}

void Device::launch(CUstream stream, double us) const {
    const auto blocks = static_cast<unsigned>(blocks_);
    CU_OK(us > 0 ? kernels_.spin_ns(stream, spin_argument(us), blocks) : kernels_.empty(stream));
}

void Device::launch_counted(CUstream stream, double us, CUdeviceptr counters,
                            uint32_t index) const {
    CU_OK(kernels_.spin_count(stream, spin_argument(us), counters, index,
                              static_cast<unsigned>(blocks_)));
}

double Device::elapsed_ms(CUstream stream, double us, int count) const {
    CUevent begin = nullptr, end = nullptr;
    CU_OK(cuEventCreate(&begin, CU_EVENT_DEFAULT));
    CU_OK(cuEventCreate(&end, CU_EVENT_DEFAULT));
    launch(stream, 100); // the device is busy until all are launched
    CU_OK(cuEventRecord(begin, stream));
    for (int i = 0; i < count; i++) {
        launch(stream, us);
    }
    CU_OK(cuEventRecord(end, stream));
    CU_OK(cuEventSynchronize(end));
    float ms = 0;
    CU_OK(cuEventElapsedTime(&ms, begin, end));
    CU_OK(cuEventDestroy(begin));
    CU_OK(cuEventDestroy(end));
    return static_cast<double>(ms);
}

double Device::period_us(double us) const {
    constexpr int kCount = 20;
    const Stream stream;
    return elapsed_ms(stream, us, kCount) * 1000 / kCount;
}

/* An idle device has a slow clock. */
void Device::warm_up() const {
    const Stream stream;
    for (const auto begin = Clock::now(); us_since(begin) < 200e3;) {
        for (int i = 0; i < 10; i++) {
            launch(stream, 1000);
        }
        stream.synchronize();
    }
}

/* Two lengths, so that what a launch costs cancels out. */
double Device::calibrate() const {
    const Stream stream;
    const double short_ms = elapsed_ms(stream, 1000, 1);
    const double long_ms = elapsed_ms(stream, 5000, 1);
    const double factor = 4 / (long_ms - short_ms);
    if (!(factor > 0.1 && factor < 10)) {
        fail("calibration", "kernels do not take a time in proportion to what was asked for");
    }
    return factor;
}

Mapped::Mapped(size_t words) {
    const size_t bytes = words * sizeof(uint32_t);
    void *memory = nullptr;
    CU_OK(cuMemHostAlloc(&memory, bytes, CU_MEMHOSTALLOC_PORTABLE | CU_MEMHOSTALLOC_DEVICEMAP));
    std::memset(memory, 0, bytes);
    words_ = static_cast<std::atomic<uint32_t> *>(memory);
    CU_OK(cuMemHostGetDevicePointer(&address_, memory, 0));
}

DeviceWords::DeviceWords(size_t words) {
    CU_OK(cuMemAlloc(&address_, words * sizeof(uint32_t)));
    // Not in the null stream, for which the benchmarks' streams do not wait.
    const Stream stream;
    CU_OK(cuMemsetD32Async(address_, 0, words, stream));
    stream.synchronize();
}
