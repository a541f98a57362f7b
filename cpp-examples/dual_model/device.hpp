// The device that runs the models. Each has one source file, and the build chooses one of them:
//   device_host.cpp  libxsched's software device, whose commands are C callbacks
//   device_hip.cpp   a HIP runtime, whose commands are host functions of a stream
// A GPU build of LibTorch needs one more, which takes a stream from LibTorch's pool and runs `work`
// under a stream guard on the thread that calls `launch`, for it launches its kernels by itself;
// and `ResNet` needs its tensors on that device. Nothing else in this program knows the device.
#pragma once

#include <xsched.h>

#include <functional>
#include <memory>
#include <string>

std::string device_name();

// An in-order stream of the device. All streams have the same device priority: what differs between
// the modes is the scheduler.
class DeviceStream {
  public:
    DeviceStream();
    ~DeviceStream();
    DeviceStream(const DeviceStream &) = delete;
    DeviceStream &operator=(const DeviceStream &) = delete;

    // Launches `work` as one command and returns. It must not throw.
    void launch(std::function<void()> work);
    // Waits until everything launched has completed.
    void synchronize();
    // The stream as libxsched knows it; what XQueueCreate takes.
    HwQueueHandle handle();

  private:
    struct Native;
    std::unique_ptr<Native> native_;
};
