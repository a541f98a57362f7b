#pragma once

#include "DeviceGuard.h"

#include <stdexcept>

namespace c10 {

class StreamGuard {
  public:
    explicit StreamGuard(Stream stream) : device_(stream.device()) {
        if (stream.device().type() != DeviceType::CUDA) {
            throw std::runtime_error("PyTorch has no guard for this type of device");
        }
        if (!fake::call("StreamGuard")) {
            throw std::runtime_error("StreamGuard fails");
        }
        before_ = std::exchange(fake::current_stream, reinterpret_cast<void *>(stream.id()));
    }
    ~StreamGuard() {
        fake::call("~StreamGuard");
        fake::current_stream = before_;
    }

  private:
    DeviceGuard device_;
    void *before_ = nullptr;
};

} // namespace c10
