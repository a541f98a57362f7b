// The device that runs the models. The build chooses one source file:
//   device_torch.cpp  what LibTorch itself was built for: a GPU, whose kernels a layer launches; or
//                     the CPU, that is libxsched's software device, where a layer is a command
//   device_hip.cpp    a HIP runtime beside a LibTorch for the CPU: a layer is a host function
// Nothing else in this program knows the device.
#pragma once

#include <xsched.h>

#include <functional>
#include <memory>
#include <string>

// Throws if there is no device.
std::string device_name();

// Whether the layers launch kernels, on tensors that the device has, rather than be commands.
bool is_gpu();

struct StreamConfig {
    std::string name;
    Priority priority;
    bool device_priority; // give the device's stream a priority too, not only the queue
    bool with_queue;      // put an XQueue on it, with the rest of this
    int64_t level;
    int64_t threshold; // zero: automatic
    int64_t launch_batch;
};

// An in-order stream of the device, used by one thread.
class DeviceStream {
  public:
    explicit DeviceStream(const StreamConfig &config);
    ~DeviceStream();
    DeviceStream(const DeviceStream &) = delete;
    DeviceStream &operator=(const DeviceStream &) = delete;

    // Puts `work` into the stream and returns.
    void launch(std::function<void()> work);
    // Waits until everything launched has completed. May throw what `work` threw.
    void synchronize();
    // The XQueue, or 0.
    XQueueHandle queue() const;

  private:
    struct Native;
    std::unique_ptr<Native> native_;
};
