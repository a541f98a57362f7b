#pragma once

#include <c10/core/Stream.h>

#include <stdexcept>

namespace at {

struct Context {
    int defaultGenerator(c10::Device device) {
        if (!fake::call("initialise") || device.type() != c10::DeviceType::CUDA) {
            throw std::runtime_error("PyTorch cannot start");
        }
        fake::torch_started = true;
        return 0;
    }
};

inline Context &globalContext() {
    static Context context;
    return context;
}

} // namespace at
