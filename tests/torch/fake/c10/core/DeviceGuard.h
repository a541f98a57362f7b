#pragma once

#include "Stream.h"

#include <utility>

namespace c10 {

class DeviceGuard {
  public:
    explicit DeviceGuard(Device device)
        : before_(std::exchange(fake::current_device, device.index())) {}
    ~DeviceGuard() { fake::current_device = before_; }

  private:
    int before_;
};

} // namespace c10
